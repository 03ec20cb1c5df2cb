"""Groups of names: joined through others, known by one lead whatever the order."""

from __future__ import annotations

from itertools import permutations

from workers.union import Union


def test_names_that_are_joined_through_others_have_one_lead_in_any_order() -> None:
    for order in permutations([("a", "b"), ("c", "d"), ("b", "c"), ("e",)]):
        union = Union[str]()
        for names in order:
            union.join(names)
        assert [union.lead(name) for name in "abcde"] == ["a", "a", "a", "a", "e"]
        assert union.groups() == 2


def test_a_name_that_was_never_joined_stands_for_itself() -> None:
    union = Union[str]()
    assert union.lead("x") == "x"
    assert union.groups() == 1
