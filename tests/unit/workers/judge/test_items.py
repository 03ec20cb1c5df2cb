"""What rules see of an incident: an item per figure, and nothing of one that was taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from schemas.incident import Figure, Incident
from workers.judge.items import report_of

NOW = datetime(2026, 9, 4, 2, tzinfo=UTC)


def incident(**changes: Any) -> Incident:
    base: dict[str, Any] = {
        "id": "i", "revision": 2, "object": "drone", "attacker": "RU", "target_country": "UA", "period": "night",
        "night_of": date(2026, 9, 4), "figures": {"launched": Figure(value=60, low=60, high=60)},
        "status": "asserted", "first_seen": NOW, "updated": NOW,
    }  # fmt: skip
    return Incident(**base | changes)


def test_every_figure_is_an_item() -> None:
    (item,) = report_of(incident()).items
    assert (item.id, item.fields["value"], item.fields["is_total"]) == ("i/launched", 60, True)


@pytest.mark.parametrize(("reason", "merged"), [("retracted", False), ("merged-into:j", True)])
def test_what_was_taken_back_has_no_items_whatever_a_rule_asks_of_the_status(reason: str, merged: bool) -> None:
    report = report_of(incident(status="retracted", reason=reason))
    assert (report.items, report.retracted, report.merged, report.revision) == ((), True, merged, 2)


def test_a_figure_that_no_rule_can_count_is_no_item() -> None:
    assert report_of(incident(), lambda _object, measure: measure == "lost").items == ()
