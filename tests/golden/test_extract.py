"""Golden cases of the extractor: every file of `extract/` carries its texts and what must come out of them."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from schemas.article import Article
from schemas.event import Event
from workers.extract.extractor import Extractor
from workers.extract.lexicon import Lexicon

CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted((Path(__file__).parent / "extract").glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]
PERIODS = {"night", "day", "24h", "multi_day", "cumulative", "unknown"}
STATUSES = {"planned", "hypothetical", "denied"}
LINKS = {"of": "part_of", "same": "same_as", "revises": "revises"}
DEFAULT = Extractor()


def expected(line: str) -> dict[str, Any]:
    """The fields that a line of the golden files asks for."""
    line, _, place = line.partition(" @")
    words = line.split()
    want: dict[str, Any] = {"place": place} if place else {}
    if words[0] == "type":
        want["type"], words = words[1], words[2:]
    else:
        want["object"], want["measure"], figure = words[:3]
        want |= figure_of(figure)
        want["status"], words = "asserted", words[3:]
    for word in words:
        want |= flag(word)
    return want


def figure_of(text: str) -> dict[str, Any]:
    qualifier, _, number = text.rpartition(":")
    low, _, high = number.partition("-")
    figure: dict[str, Any] = {"value": int(low)}
    return figure | ({"high": int(high)} if high else {}) | ({"qualifier": qualifier} if qualifier else {})


def flag(word: str) -> dict[str, Any]:
    if found := re.fullmatch(r"(\w+|[?-])>(\w+|[?-])", word):
        sides = zip(("attacker", "target_country"), found.groups(), strict=True)
        return {key: None if side == "-" else side for key, side in sides if side != "?"}
    if found := re.fullmatch(r"(of|same|revises):(\d+)", word):
        return {LINKS[found[1]]: int(found[2])}
    if word.startswith("on:"):
        return {"night_of": date.fromisoformat(word[3:])}
    if word.startswith("aside"):
        return {"uncounted": word.partition(":")[2] or None}
    if word in PERIODS:
        return {"period": word}
    if word in STATUSES:
        return {"status": word}
    return {"part": {"scope": "part"}, "more": {"additional": True}, "recap": {"recap": True}}.get(
        word, {"object": word}
    )


def fits(event: Event, want: dict[str, Any]) -> bool:
    place = want.get("place")
    if place and (event.place is None or place.lower() not in f"{event.place.name} {event.place.region}".lower()):
        return False
    if "type" in want and event.value is not None:
        return False
    apart = {"place", *LINKS.values()}
    told_again = (event.same_as is not None) == ("same_as" in want)
    return told_again and all(getattr(event, key) == value for key, value in want.items() if key not in apart)


def check_links(lines: list[str], events: list[Event], found: list[Event]) -> None:
    """Every link that a line asks for must lead to the event that the numbered line found."""
    for line, event in zip(lines, found, strict=True):
        want = expected(line)
        for link in LINKS.values():
            if link in want:
                to = getattr(event, link)
                assert to is not None, f"{line!r} has no link"
                assert events[to] is found[want[link] - 1], f"{line!r} is linked otherwise"


@pytest.mark.parametrize("case", CASES)
def test_golden(case: dict[str, Any]) -> None:
    fetched = datetime.fromisoformat("2025-09-10T09:00:00+00:00")
    stated = case.get("published", fetched.isoformat())
    published = None if stated == "none" else datetime.fromisoformat(stated).astimezone(UTC)
    extractor = Extractor(Lexicon.parse(case["lexicon"])) if "lexicon" in case else DEFAULT
    article = Article(
        id="a",
        revision="r",
        title=case.get("title", ""),
        text=case["text"],
        published=published,
        fetched=published or fetched,
    )
    events = list(extractor.extract(article).events)
    left, found = list(events), list[Event]()
    for line in case["events"]:
        match = next((event for event in left if fits(event, expected(line))), None)
        assert match is not None, f"missing {line!r} among\n" + "\n".join(map(told, left))
        left.remove(match)
        found.append(match)
    check_links(case["events"], events, found)
    if not case.get("more"):
        extra = [event for event in left if event.value is not None and event.same_as is None]
        assert not extra, "not asked for:\n" + "\n".join(map(told, extra))


SEEDS = Path(__file__).parents[2] / "seeds" / "corpus"
EXPECTED = tomllib.loads((Path(__file__).parent / "extract_seeds.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "row", tomllib.loads((SEEDS / "manifest.toml").read_text())["article"], ids=lambda r: r["file"][:3]
)
def test_seed(row: dict[str, str]) -> None:
    published = datetime.fromisoformat(row["published"])
    text = (SEEDS / row["file"]).read_text(encoding="utf-8")
    article = Article(
        id=row["file"], revision="r", title=row["title"], text=text, published=published, fetched=published
    )
    events = DEFAULT.extract(article).events
    want = EXPECTED[row["file"][:3]]
    left = [event for event in events if event.value is not None and event.same_as is None]
    for line in want["events"]:
        match = next((event for event in left if fits(event, expected(line))), None)
        assert match is not None, f"missing {line!r} among\n" + "\n".join(map(told, left))
        left.remove(match)
    assert not left, "not asked for:\n" + "\n".join(map(told, left))
    for line in want["untold"]:
        assert any(fits(event, expected(line)) for event in events), f"missing {line!r}"


def test_the_part_of_seed_004_belongs_to_its_total() -> None:
    row = next(
        r for r in tomllib.loads((SEEDS / "manifest.toml").read_text())["article"] if r["file"].startswith("004")
    )
    published = datetime.fromisoformat(row["published"])
    text = (SEEDS / row["file"]).read_text(encoding="utf-8")
    events = DEFAULT.extract(
        Article(id="s", revision="r", title=row["title"], text=text, published=published, fetched=published)
    ).events
    total = next(n for n, event in enumerate(events) if event.value == 64)
    assert [event.part_of for event in events if event.value == 25] == [total]
    assert events[total].claimed_by == "Russian Ministry of Defense"


@pytest.mark.parametrize(
    ("text", "claimant"),
    [
        (
            "Meanwhile, Poland has raised concerns over the presence of 14 Russian Iskander missiles near its border.",
            "Poland",
        ),
        ("India expressed alarm at the presence of 30 Pakistani drones in the region.", "India"),
        ("Kyiv raised the alarm over the presence of eight Russian Kalibr missiles in the Black Sea.", "Kyiv"),
    ],
)
def test_who_raises_concerns_says_it(text: str, claimant: str) -> None:
    now = datetime(2025, 9, 10, 9, tzinfo=UTC)
    events = DEFAULT.extract(Article(id="a", revision="r", title="", text=text, published=now, fetched=now)).events
    assert {event.claimed_by for event in events if event.value is not None} == {claimant}


def told(e: Event) -> str:
    place = e.place.name if e.place else None
    return (
        f"  {e.type} {e.object} {e.measure} {e.qualifier}:{e.value}-{e.high} {e.attacker}>{e.target_country} {e.scope}"
        f" more={e.additional} {e.period} {e.status} recap={e.recap} @{place} same={e.same_as} {e.quote!r}"
    )
