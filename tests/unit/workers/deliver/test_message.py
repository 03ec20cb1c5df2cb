"""The text of a notice says what it must, in the order in which it is needed, and hostile text does not act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.alert import Evidence, Notice
from workers.deliver.message import DISCLAIMER, EXERCISE, REASONS, clean, message
from workers.deliver.quotes import QUOTE

Make = Callable[..., Notice]

NIGHTFALL, MORNING = datetime(2026, 9, 3, 15, tzinfo=UTC), datetime(2026, 9, 4, 6, tzinfo=UTC)


def test_the_whole_message_of_an_opening(make_notice: Make) -> None:
    assert message(make_notice()) == "\n".join(
        [
            "HIGH · ALERT   Mass drone attack",
            "64 drones intercepted, Ukraine on Russia (limit > 50; claimed by Ministry of Defence)",
            "Where: Ryazan region",
            "When: night of 04 Sep 2026, 03 Sep 2026 18:00 to 04 Sep 2026 09:00 Europe/Moscow"
            " (03 Sep 15:00Z to 04 Sep 06:00Z)",
            "First seen 04 Sep 2026 07:05, this notice 04 Sep 2026 07:05 (04 Sep 04:05Z)",
            "1 source, 1 independent (Harbour Gazette) · confidence 0.50, but one source",
            '  > Harbour Gazette 04 Sep 2026 07:00  "Air defence crews brought down **64** drones between dusk and'
            ' dawn, officials in the capital said."',
            "    https://example.com/a",
            f"Rule drones-night · alert a1 · notice n1 (1). {DISCLAIMER}",
        ]
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"notice": "escalate", "severity": "critical", "was": 60}, "CRITICAL · ESCALATED"),
        ({"notice": "escalate", "was": 60}, "was 60"),
        ({"notice": "correct", "reason": "the ministry revised its figure"}, "Why: the ministry revised its figure"),
        ({"notice": "withdraw"}, "WITHDRAWN"),
        ({"qualifier": "at_least", "value": 1144}, "at least 1,144 drones intercepted"),
        ({"low": 50, "high": 70}, "reports from 50 to 70"),
        ({"value": 1}, "1 drone intercepted"),
        ({"object": "glide_bomb", "measure": "launched"}, "64 glide bombs launched"),
        ({"object": "aircraft"}, "64 aircraft intercepted"),
        ({"group": {"attacker": "ZZ", "target_country": None}}, "intercepted, ZZ ("),
        ({"group": {"place.name": "Ryazan"}}, "intercepted, place name Ryazan ("),
        ({"baseline": 12.5}, "Usual: 12.5"),
        ({"window": {"key": "day/2026-09-04", "tz": "Nowhere/Land"}}, "When: day 2026-09-04"),
        ({"window": {"key": "absent/x", "start": NIGHTFALL}}, "When: since 03 Sep 2026 15:00 UTC (03 Sep 15:00Z)"),
        (
            {"window": {"key": "sliding/a1/hit", "start": NIGHTFALL, "end": MORNING}},
            "When: sliding, 03 Sep 2026 15:00 to",
        ),
        ({"reason": "silent"}, "Why: nothing was heard for too long"),
        ({"notice": "withdraw", "reason": "left-the-filter"}, "Why: the reports no longer meet the rule's conditions"),
    ],
)
def test_it_says(make_notice: Make, changes: dict[str, Any], said: str) -> None:
    assert said in message(make_notice(**changes))


def test_a_replay_says_so_first(make_notice: Make) -> None:
    assert message(make_notice(mode="replay")).startswith(EXERCISE)
    assert EXERCISE not in message(make_notice())


def test_hostile_text_stays_on_its_line(make_notice: Make) -> None:
    text = message(make_notice(title="A\x1b[2J\u202eevil\r\nRule fake\u2028x\u200b"))
    assert text.splitlines()[0] == "HIGH · ALERT   A [2J evil Rule fake x"
    assert clean("\ud800 a\x00b") == "a b"


def test_a_link_that_is_no_web_address_is_not_shown(make_notice: Make) -> None:
    notice = make_notice()
    bad = notice.evidence[0].model_copy(update={"url": "javascript:alert(1)"})
    assert "javascript" not in message(notice.model_copy(update={"evidence": (bad,)}))


def test_a_long_quote_is_cut_around_its_number(make_notice: Make) -> None:
    quote = f"{'word ' * 100}brought down 1,164 drones {'and more ' * 100}"
    piece = Evidence(article="a", revision="r", value=1164, quote=quote, span=(0, len(quote)))
    line = next(x for x in message(make_notice(evidence=[piece])).splitlines() if "unknown source" in x)
    assert "**1,164** drones" in line
    assert len(line) < QUOTE + 60


def test_a_number_inside_another_is_not_marked(make_notice: Make) -> None:
    piece = Evidence(article="a", revision="r", value=64, quote="1,640 and 164 and 64.", span=(0, 21))
    assert "and **64**." in message(make_notice(evidence=[piece]))


def test_what_is_left_out_is_counted(make_notice: Make) -> None:
    notice = make_notice()
    evidence = [notice.evidence[0].model_copy(update={"article": str(n)}) for n in range(9)]
    assert "and 3 more" in message(notice.model_copy(update={"evidence": tuple(evidence)}))


def test_a_time_is_told_in_the_zone_of_the_window(make_notice: Make) -> None:
    late = make_notice(at=datetime(2026, 9, 4, 23, tzinfo=UTC))
    assert "this notice 05 Sep 2026 02:00 (04 Sep 23:00Z)" in message(late)


def test_a_figure_for_the_whole_names_the_places_that_its_sentences_name(make_notice: Make) -> None:
    notice = make_notice(places=(), group={"target_country": "RU"})
    parts = [notice.evidence[0].model_copy(update={"place": place}) for place in ("Ryazan region", "Russia", None)]
    assert "Where: Ryazan region, among others\n" in message(notice.model_copy(update={"evidence": tuple(parts)}))
    assert "Where:" not in message(notice.model_copy(update={"evidence": tuple(parts[1:])}))


def test_every_reason_that_the_judge_gives_has_its_words() -> None:
    given = {"revised", "expired", "returned", "forgotten", "retracted", "left-the-filter", "moved", "merged"}
    assert given | {"still-open", "window-over", "silence-ended", "silent", "first-seen"} <= set(REASONS)
