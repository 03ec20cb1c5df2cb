"""Silences: what a matcher covers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from schemas.alert import Notice, Window
from schemas.silence import Silence

NOW = datetime(2026, 9, 4, tzinfo=UTC)


def notice(place: str) -> Notice:
    return Notice(
        id="n", alert="a", revision=1, rule="drones-night", title="t", group={"place.name": place},
        window=Window(key="night/2026-09-04"), notice="open", severity="high", peak="high", first_seen=NOW, at=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "place", "covered"),
    [
        ("Odesa", "Odesa", True),
        ("Od*", "Odesa", True),
        ("Odes?", "Odesa", True),
        ("odesa", "Odesa", False),
        ("[port] Odesa", "[port] Odesa", True),
        ("[O]desa", "Odesa", False),
    ],
)
def test_only_a_star_and_a_question_mark_stand_for_other_text(pattern: str, place: str, covered: bool) -> None:
    silence = Silence(id="s", match={"place.name": pattern}, begins=NOW, ends=NOW, author="a", reason="r")
    assert silence.covers(notice(place)) == covered
