"""Conditions on items: every operator, and the words in which a failing clause is named."""

from __future__ import annotations

import time
from typing import Any

import pytest
from pydantic import TypeAdapter

from schemas.rule_where import Where
from workers.judge.taxonomy import Taxonomy, default_taxonomy
from workers.judge.where import Test, compile_where

ADAPTER: TypeAdapter[Any] = TypeAdapter(Where)


def compiled(where: Any) -> Test:
    return compile_where(ADAPTER.validate_python(where), default_taxonomy())


@pytest.mark.parametrize(
    ("where", "passing", "failing"),
    [
        ({"n": 3}, [3, 3.0], [4, None, "3"]),
        ({"n": True}, [True], [1, False, None]),
        ({"n": 1}, [1], [True]),
        ({"n": ["a", "b"]}, ["a", "b"], ["c", None]),
        ({"n": {"eq": "a"}}, ["a"], ["b"]),
        ({"n": {"ne": "a"}}, ["b", None], ["a"]),
        ({"n": {"in": [1, 2]}}, [1, 2], [3, True]),
        ({"n": {"nin": [1, 2]}}, [3, None], [1, 2]),
        ({"n": {"gt": 5}}, [6, 5.1], [5, None, "6", True]),
        ({"n": {"gte": 5}}, [5], [4]),
        ({"n": {"lt": 5}}, [4], [5, None]),
        ({"n": {"lte": 5}}, [5], [6]),
        ({"n": {"gt": 1, "lt": 3}}, [2], [1, 3]),
        ({"n": {"contains": "Kyiv"}}, ["in KYIV today", ("kyiv", "x")], ["Lviv", ("kyiv oblast",), None, 5]),
        ({"n": {"matches": "^a+$"}}, ["aaa"], ["aab", None, 3]),
        ({"n": {"exists": True}}, [0, "", False], [None]),
        ({"n": {"exists": False}}, [None], [0]),
        ({"not": {"n": 1}}, [2, None], [1]),
        ({"not": [{"n": 1}, {"n": 2}]}, [3], [1, 2]),
        ([{"n": 1}, {"n": 2}], [1, 2], [3]),
        ([], [1, None], []),
    ],
)
def test_operators(where: Any, passing: list[Any], failing: list[Any]) -> None:
    test = compiled(where) if where else compile_where((), default_taxonomy())
    assert [value for value in passing if test.failing({"n": value}) is not None] == []
    assert [value for value in failing if test.failing({"n": value}) is None] == []


@pytest.mark.parametrize("name", ["drone", "shahed", "cruise_missile", "glide_bomb", "naval_drone", "aerial_target"])
def test_under_follows_the_taxonomy(name: str) -> None:
    assert compiled({"object": {"under": "weapon"}}).failing({"object": name}) is None


def test_two_names_of_one_thing_are_one() -> None:
    assert compiled({"object": {"under": "uav"}}).failing({"object": "drone"}) is None
    assert compiled({"object": "drone"}).failing({"object": "uav"}) is None
    assert compiled({"measure": ["downed"]}).failing({"measure": "intercepted"}) is None
    assert compiled({"claimed_by": "downed"}).failing({"claimed_by": "intercepted"}) is not None


def test_a_failing_clause_is_named_with_what_was_found() -> None:
    test = compiled([{"object": "drone", "value": {"gte": 10}}, {"object": "missile"}])
    assert test.failing({"object": "drone", "value": 3}) == (
        "value gte 10, but it is 3 / object eq missile, but it is drone"
    )
    assert compiled({"place.name": "Kyiv"}).failing({}) == "place.name eq Kyiv, but it is not given"
    assert compiled({"a": 1, "not": {"b": 2}}).failing({"a": 1, "b": 2}) == "excluded by not"


def test_a_hostile_pattern_takes_no_time() -> None:
    began = time.process_time()
    assert compiled({"n": {"matches": "(a+)+b"}}).failing({"n": "a" * 5000}) is not None
    assert time.process_time() - began < 1.0


def test_patterns_look_at_the_first_thousand_characters() -> None:
    test = compiled({"n": {"matches": "b"}})
    assert test.failing({"n": "a" * 999 + "b"}) is None
    assert test.failing({"n": "a" * 1000 + "b"}) is not None


def test_the_index_learns_which_values_can_pass() -> None:
    assert compiled({"measure": "hit"}).values("measure") == {"hit"}
    assert compiled({"measure": ["hit", "downed"]}).values("measure") == {"hit", "intercepted"}
    assert compiled([{"measure": "hit"}, {"measure": "lost"}]).values("measure") == {"hit", "lost"}
    assert compiled([{"measure": "hit"}, {"object": "drone"}]).values("measure") is None
    assert compiled({"measure": {"ne": "hit"}}).values("measure") is None
    assert compiled({"not": {"measure": "hit"}}).values("measure") is None
    drones = compiled({"object": {"under": "drone"}}).values("object")
    assert drones is not None
    assert {"drone", "shahed"} <= drones


def test_a_circle_in_the_taxonomy_ends() -> None:
    circle = Taxonomy({"a": "b", "b": "a"})
    assert circle.lineage("a") == ("a", "b")
    assert circle.below("b") == {"a", "b"}
