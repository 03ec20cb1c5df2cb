"""Joins names into groups: those that are joined, directly or through others, have one lead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, Protocol, TypeVar


class Sortable(Protocol):
    """What has an order, so that the lead of a group never depends on when its names were joined."""

    def __lt__(self, other: Any, /) -> bool:
        """Whether it comes first."""
        ...


N = TypeVar("N", bound=Sortable)


class Union(Generic[N]):
    """Groups of names, each known by its lead."""

    def __init__(self) -> None:
        self._above: dict[N, N] = {}

    def lead(self, name: N) -> N:
        """The name that stands for the group; a name that was never joined stands for itself."""
        above = self._above.setdefault(name, name)
        while above != name:
            self._above[name] = self._above[above]
            name, above = above, self._above[above]
        return name

    def join(self, names: Iterable[N]) -> None:
        """Make one group of all that have these names."""
        leads = set(map(self.lead, names))
        if len(leads) > 1:
            self._above.update(dict.fromkeys(leads, min(leads)))

    def groups(self) -> int:
        """How many groups there are."""
        return sum(name == above for name, above in self._above.items())
