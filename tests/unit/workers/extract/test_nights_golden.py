"""Every case of tests/golden/nights: one expression of time and what it means for one article."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from workers.extract.nights import find_times, resolve

GOLDEN = Path(__file__).resolve().parents[3] / "golden" / "nights"


def cases() -> list[tuple[str, ...]]:
    lines = [line for path in sorted(GOLDEN.glob("*.txt")) for line in path.read_text(encoding="utf-8").splitlines()]
    return [tuple(part.strip() for part in line.split("|")) for line in lines if line and not line.startswith("#")]


def moment(text: str) -> datetime | None:
    return None if text == "none" else datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_there_are_cases() -> None:
    assert len(cases()) > 90


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case[0]} @ {case[1]}")
def test_case(case: tuple[str, ...]) -> None:
    text, published, country, kind, period, night_of, recap = case
    mentions = find_times(text)
    assert mentions, "no time found"
    span = resolve(mentions[0], moment(published), country)
    night = str(span.night_of) if span.night_of else "none"
    assert (mentions[0].kind, span.period, night, "yes" if span.recap else "no") == (kind, period, night_of, recap)
