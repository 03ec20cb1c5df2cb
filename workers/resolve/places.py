"""Places as the resolver compares them: the same place, a place within another, a whole country."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from schemas.event import Place
from workers.extract.places_data import rows


class PlaceKey(NamedTuple):
    """A place, compared without regard to case."""

    name: str
    region: str
    country: str


def place_key(place: Place) -> PlaceKey:
    """The key of a place."""
    return PlaceKey(place.name.casefold(), (place.region or "").casefold(), place.country or "")


def is_country(place: Place) -> bool:
    """Whether a place is a whole country."""
    return (place.country, place.name.casefold()) in _countries()


@cache
def _countries() -> frozenset[tuple[str | None, str]]:
    return frozenset((code, name.casefold()) for code, name, *_ in rows("countries.txt"))


def overlap(a: PlaceKey, b: PlaceKey) -> bool:
    """Whether two places may share ground: the same place, a region and a place in it, a city and "its region"."""
    if a.name == b.name or a.name.startswith(f"{b.name} ") or b.name.startswith(f"{a.name} "):
        return a.country == b.country or not (a.country and b.country)
    if not a.region or a.region != b.region:
        return a.name == b.region or b.name == a.region
    return a.region in (a.name, b.name)
