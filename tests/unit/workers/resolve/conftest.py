"""Hand-built extractions: an article of claims in one line each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from schemas.event import ArticleRef, Event, Extraction, Place

NIGHT = date(2024, 9, 10)


def _place(name: str | None, country: str | None) -> Place | None:
    return Place(name=name, country=country, region=name) if name else None


def _claim(
    value: float | None,
    measure: str = "intercepted",
    sides: str = "UA>RU",
    by: str | None = None,
    place: str | None = None,
    **fields: Any,
) -> Event:
    """One claim; `sides` reads attacker>target, `?` for unknown."""
    attacker, target = (None if side == "?" else side for side in sides.split(">"))
    defaults = {
        "id": "",
        "type": "attack",
        "object": "drone",
        "attacker": attacker,
        "target_country": target,
        "measure": measure,
        "value": value,
        "claimed_by": by,
        "place": _place(place, target),
        "period": "night",
        "night_of": NIGHT,
        "confidence": 0.8,
        "quote": "q",
        "span": (0, 1),
    }
    if fields.get("period", "night") not in ("night",) and "night_of" not in fields:
        defaults["night_of"] = None
    return Event(**{**defaults, **fields})


def _article(
    name: str, *events: Event, at: str = "2024-09-10T08:00", revision: str = "r1", **fields: Any
) -> Extraction:
    when = datetime.fromisoformat(at).replace(tzinfo=UTC)
    ref = {"id": name, "revision": revision, "source": name, "published": when, "fetched": when, **fields}
    placed = (
        event.model_copy(update={"id": f"{name}/{revision}/{i}", "span": (10 * i, 10 * i + 1)})
        for i, event in enumerate(events)
    )
    return Extraction(article=ArticleRef(**ref), events=tuple(placed))


@pytest.fixture
def claim() -> Callable[..., Event]:
    """Makes one claim."""
    return _claim


@pytest.fixture
def article() -> Callable[..., Extraction]:
    """Makes one article of claims, in the order of its text."""
    return _article
