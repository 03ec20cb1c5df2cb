"""What was made of objects is remembered by which objects they are, for a while."""

from __future__ import annotations

from collections.abc import Sequence

from workers.recall import Recall, RecallMany


class Counted:
    """Makes a number of a list, and remembers how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def one(self, given: list[int]) -> int:
        self.asked += 1
        return sum(given)

    def many(self, given: Sequence[list[int]]) -> int:
        self.asked += 1
        return sum(map(sum, given))


def test_many_are_looked_up_one_by_one() -> None:
    made = Counted()
    recall = Recall(made.one)
    first, second = [1], [2]
    assert recall(first) == 1
    assert recall.each([second, first, second]) == [2, 1, 2]
    assert made.asked == 2


def test_the_same_objects_in_the_same_order_are_known() -> None:
    made = Counted()
    recall = RecallMany(made.many)
    first, second = [1], [2]
    assert [recall([first, second]), recall((first, second)), made.asked] == [3, 3, 1]
    assert [recall([second, first]), recall([first]), recall([[1], [2]]), made.asked] == [3, 1, 3, 4]


def test_the_oldest_is_forgotten_first() -> None:
    made = Counted()
    recall = RecallMany(made.many, size=2)
    lists = [[1], [2], [3]]
    for one in lists:
        recall([one])
    recall([lists[2]])
    assert made.asked == 3
    recall([lists[0]])
    assert made.asked == 4


def test_an_object_that_takes_the_place_of_another_is_not_taken_for_it() -> None:
    recall = RecallMany(Counted().many, size=1)
    assert [recall([[number]]) for number in range(100)] == list(range(100))
