"""Remembers what was made of the last few objects: a room is asked about a record again, and about claims often."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

SIZE: Final = 256
"""A little more than a driver's batch."""


class Recall(Generic[K, V]):
    """A pure function with a short memory, by identity of its argument."""

    def __init__(self, make: Callable[[K], V], size: int = SIZE) -> None:
        self._make, self._size = make, size
        self._known: dict[int, tuple[K, V]] = {}

    def __call__(self, given: K) -> V:
        """What the function makes of it."""
        known = self._known.get(id(given))
        if known is not None and known[0] is given:
            return known[1]
        if len(self._known) >= self._size:
            del self._known[next(iter(self._known))]  # the oldest
        made = self._make(given)
        self._known[id(given)] = (given, made)
        return made

    def each(self, given: Iterable[K]) -> list[V]:
        """What the function makes of each of many, most of them known."""
        known = self._known
        return [found[1] if (found := known.get(id(one))) and found[0] is one else self(one) for one in given]


class RecallMany(Generic[K, V]):
    """A pure function of many objects with a short memory, by identity of all of them in their order."""

    def __init__(self, make: Callable[[Sequence[K]], V], size: int = SIZE) -> None:
        self._make, self._size = make, size
        self._known: dict[tuple[int, ...], tuple[Sequence[K], V]] = {}

    def __call__(self, given: Sequence[K]) -> V:
        """What the function makes of them."""
        key = tuple(map(id, given))
        known = self._known.get(key)
        if known is not None:
            return known[1]  # what is remembered is held, so that no other object can have come by its identity
        if len(self._known) >= self._size:
            del self._known[next(iter(self._known))]  # the oldest
        made = self._make(given)
        self._known[key] = (tuple(given), made)
        return made
