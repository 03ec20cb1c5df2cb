"""Every file beside this one is a case with its own expectation; see README.md."""

from __future__ import annotations

import itertools
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from schemas.event import ArticleRef, Event, Extraction, Place
from schemas.incident import Incident
from workers.ports import Cell, NotLoaded, View
from workers.resolve.book import resolve_articles
from workers.resolve.stage import Resolve

CASES = sorted(Path(__file__).parent.glob("*.toml"))
ORDERS = 6
HALF_A_DAY = timedelta(hours=12)  # from midnight anywhere to the same date in UTC
QUALIFIERS = {"exact": "", "over": ">", "at_least": ">=", "about": "~", "up_to": "<="}
TYPED = {"n": "value", "of": "object", "m": "measure", "by": "claimed_by", "q": "qualifier", "more": "additional"}


def event(name: str, index: int, fields: dict[str, Any]) -> Event:
    row = dict(fields)
    attacker, target = (None if side == "?" else side for side in row.pop("sides", "UA>RU").split(">"))
    place, night = row.pop("place", None), row.pop("night", None)
    known: dict[str, Any] = {TYPED.get(key, key): value for key, value in row.items() if key != "part"}
    known["scope"] = "part" if "part" in row or "part_of" in row else "total"
    known.setdefault("object", "drone")
    known.setdefault("measure", "intercepted")
    known.setdefault("period", "night")
    return Event(
        id=f"{name}.{index}",
        type="attack",
        attacker=attacker,
        target_country=target,
        place=Place(name=place, country=target, region=place) if place else None,
        night_of=date.fromisoformat(night) if night else None,
        confidence=0.8,
        quote="q",
        span=(index, index + 1),
        **known,
    )


def extraction(article: dict[str, Any], defaults: dict[str, Any]) -> Extraction:
    name, at = article["id"], datetime.fromisoformat(article["at"]).replace(tzinfo=UTC)
    ref = ArticleRef(
        id=article.get("of", name),
        revision=name,
        source=article.get("source", name),
        owner=article.get("owner"),
        story=article.get("story"),
        published=at,
        fetched=at,
    )
    events = tuple(event(name, i, {**defaults, **claim}) for i, claim in enumerate(article.get("claims", [])))
    return Extraction(article=ref, events=events)


def line(incident: Incident, flags: set[str]) -> set[str]:
    """The incident as the parts of an expected line."""
    sides = f"{incident.attacker or '?'}>{incident.target_country or '?'}"
    when = incident.night_of or (incident.start + HALF_A_DAY).date()
    parts = [f"{incident.object} {sides} {incident.period} {when}"]
    for name, figure in incident.figures.items():
        parts.append(f"{name} {QUALIFIERS[figure.qualifier]}{figure.value}")
        parts += [f"{name} conflict"] if figure.conflict else []
    for part in incident.parts:
        parts += [f"{part.place.name}: {m} {QUALIFIERS[f.qualifier]}{f.value}" for m, f in part.figures.items()]
    parts += [f"voices {incident.independent}", *(["denied"] if incident.status == "denied" else [])]
    return {part for part in parts if not (":" in part or part.startswith("voices")) or part in flags}


def by_room(rows: list[Extraction]) -> list[Incident]:
    cells: dict[Cell, Any] = {}
    room, last = Resolve(), {}
    for row in rows:
        while True:
            try:
                outcome = room.decide(row, View(cells, {}), row.article.fetched)
                break
            except NotLoaded as missing:
                cells.update(dict.fromkeys(missing.cells))
        cells.update(outcome.writes)
        last.update({emit.key: emit.model for emit in outcome.emits})
    return [incident for incident in last.values() if incident.status != "retracted"]


def compare(incidents: list[Incident], expected: list[str]) -> None:
    wanted = [{part.strip() for part in row.split("|")} for row in expected]
    flags = set().union(*wanted)
    told = [line(incident, flags) for incident in incidents]
    assert sorted(map(sorted, told)) == sorted(map(sorted, wanted))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    rows = [extraction(article, case.get("claims", {})) for article in case["article"]]
    compare(resolve_articles(rows), case["expect"])
    for order in itertools.islice(itertools.permutations(rows), 0, None, max(1, len(rows) ** 2 // ORDERS)):
        compare(by_room(list(order)), case["expect"])


def test_there_are_cases() -> None:
    assert len(CASES) >= 10
