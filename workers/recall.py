"""Remembers what was made of the last few objects: a room is asked about a record again, and about claims often."""

from __future__ import annotations

from collections.abc import Callable
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
