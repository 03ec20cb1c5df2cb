"""Every claim that never counts has a named reason, and the resolver keeps it with the article."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from schemas.event import Event, Extraction, Period, Status, Uncounted
from streams.explain.phrases import EXCUSES as WORDS
from workers.resolve.admission import EXCUSES, LONGEST, RUNNING_TOTAL, not_counted
from workers.resolve.claims import read
from workers.resolve.policy import default_policy

Claim = Callable[..., Event]
BEGUN = datetime(2024, 9, 8, tzinfo=UTC)
LONG = {"start": BEGUN, "end": BEGUN + LONGEST + timedelta(seconds=1)}
JUST = {"start": BEGUN, "end": BEGUN + LONGEST}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"value": None}, "no-figure"),
        ({"value": 60, "object": None}, "no-object"),
        ({"value": 60, "measure": None}, "no-measure"),
        ({"value": 60, "status": "planned"}, "planned"),
        ({"value": 60, "status": "hypothetical"}, "hypothetical"),
        ({"value": 60, "recap": True}, "recap"),
        ({"value": 60, "period": "cumulative"}, "cumulative"),
        ({"value": 60, "period": "multi_day"}, "several-days"),
        ({"value": 60, "period": "day", **LONG}, "too-long"),
        ({"value": 60, "measure": "deployed"}, "no-attack"),
        ({"value": 2_000_000}, "beyond-belief"),
        ({"value": 60, "uncounted": "doubtful", "recap": True}, "doubtful"),
    ],
)
def test_a_claim_that_never_counts_says_why(claim: Claim, fields: dict[str, Any], reason: str) -> None:
    event = claim(**fields)
    assert not_counted(event, event, default_policy()) == reason


@pytest.mark.parametrize("fields", [{}, {"status": "denied"}, {"period": "unknown"}, {"period": "24h", **JUST}])
def test_what_may_count_needs_no_excuse(claim: Claim, fields: dict[str, Any]) -> None:
    event = claim(60, **fields)
    assert not_counted(event, event, default_policy()) is None


def test_every_reason_has_its_words() -> None:
    assert set(WORDS) == {name for name, _ in EXCUSES} | set(get_args(Uncounted)) | {RUNNING_TOTAL}


def test_no_status_and_no_period_goes_without_an_answer(claim: Claim) -> None:
    for status in get_args(Status):
        for period in get_args(Period):
            event = claim(60, status=status, period=period)
            counts = status in ("asserted", "denied") and period in ("night", "day", "24h", "unknown")
            assert (not_counted(event, event, default_policy()) is None) == counts


def test_the_reasons_are_kept_beside_the_groups(claim: Claim, article: Callable[..., Extraction]) -> None:
    found = read(article("a", claim(64), claim(5_000, period="cumulative"), claim(30, recap=True)), default_policy())
    assert [len(group.claims) for group in found.groups] == [1]
    assert found.aside == {"a/r1/1": "cumulative", "a/r1/2": "recap"}


def test_a_running_total_is_no_stretch_of_days_that_the_text_names(
    claim: Claim, article: Callable[..., Extraction]
) -> None:
    day = {"period": "day", "night_of": None}
    events = (
        claim(29, **day, start=datetime(2024, 9, 9, 6, tzinfo=UTC)),
        claim(48, **day, start=datetime(2024, 9, 10, 6, tzinfo=UTC), recap=True),
        claim(77),
    )
    assert read(article("a", *events), default_policy()).aside["a/r1/2"] == "running-total"
