"""Reports of backtests: what would have fired, when, and what two versions of the rules differ in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from schemas.rule import Rule
from streams.backtest.chart import BOTTOM, HEIGHT, TOP, draw
from streams.backtest.page import page
from streams.backtest.report import Bar, Chart, Limit, report_json, report_of
from streams.backtest.text import lead, text_lines
from streams.backtest.trial import Trial


async def test_each_alert_has_its_value_and_its_lead_time(trial: Trial) -> None:
    report = report_of(trial)
    assert [(fired.window[-2:], fired.value, fired.severity) for fired in report.fired] == [
        ("02", 110, "high"),
        ("04", 130, "high"),
        ("05", 90, "warning"),
        ("07", 55, "warning"),
    ]
    grown = report.fired[0]
    assert grown.notices == ("open 70", "escalate 110")
    assert grown.lead_seconds == 0
    assert {part.source for part in grown.evidence} == {"Harbour Gazette", "Coast Radio"}
    assert (report.articles, report.rules) == (8, ("drones-night",))


async def test_an_alert_that_needs_a_second_report_says_how_long_that_took(
    run_trial: Any, make_rule: Callable[..., Rule]
) -> None:
    trial = await run_trial((make_rule(80),))
    fired = report_of(trial).fired[0]
    assert (fired.notices, fired.lead_seconds) == (("open 110",), 7200)
    assert lead(fired.lead_seconds) == "2 h 00 min"


async def test_every_window_that_held_anything_is_a_bar(trial: Trial) -> None:
    (chart,) = report_of(trial).charts
    assert [(bar.window[-2:], bar.value, bar.fired) for bar in chart.bars] == [
        ("01", 40, False),
        ("02", 110, True),
        ("03", 20, False),
        ("04", 130, True),
        ("05", 90, True),
        ("06", 48, False),
        ("07", 55, True),
    ]
    assert chart.bars[5].why == "48 of 50 (limit '> 50')"
    assert [limit.threshold for limit in chart.limits] == [50, 100]


async def test_the_difference_is_what_one_version_fires_alone_or_otherwise(trial: Trial) -> None:
    found = [
        (each.change, (each.new or each.old).window[-2:], each.old and each.old.notices)  # type: ignore[union-attr]
        for each in report_of(trial).differences
    ]
    assert found == [("different", "02", ("open 110",)), ("only-new", "07", None)]


async def test_the_same_rules_differ_in_nothing(run_trial: Any, make_rule: Callable[..., Rule]) -> None:
    trial = await run_trial((make_rule(50),), (make_rule(50),))
    assert report_of(trial).compared
    assert report_of(trial).differences == ()
    assert trial.old is not None
    assert trial.old.notices == trial.new.notices, "the older version sees what the newer sees, at the same times"


async def test_a_rule_that_only_the_old_version_has(run_trial: Any, make_rule: Callable[..., Rule]) -> None:
    trial = await run_trial((), (make_rule(99),))
    assert [each.change for each in report_of(trial).differences] == ["only-old", "only-old"]
    assert "nothing would have fired" in "\n".join(text_lines(report_of(trial)))


async def test_rules_on_claims_and_on_moving_windows_are_tried_too(
    run_trial: Any, make_rule: Callable[..., Rule]
) -> None:
    claims = make_rule(99, id="claims", **{"from": "events"}, where={"measure": "launched"}, by=["claimed_by"])
    moving = make_rule(99, id="moving", window={"sliding": "24h"}, by=[])
    report = report_of(await run_trial((claims, moving)))
    assert {fired.rule for fired in report.fired} == {"claims", "moving"}
    assert {chart.rule for chart in report.charts} == {"claims"}, "windows that move have no bars"


async def test_text_names_the_nearest_misses_and_the_differences(trial: Trial) -> None:
    text = "\n".join(text_lines(report_of(trial)))
    for needed in (
        "night/2026-09-02  RU on UA  high",
        "night/2026-09-06, RU on UA: below-limit, 48 of 50",
        "differences from the old rules: 2",
        "old: 110 (> 100), high",
        'Coast Radio: "Russia launched 110 drones',
    ):
        assert needed in text, needed


async def test_json_holds_the_report_and_all_notices(trial: Trial) -> None:
    data = json.loads(json.dumps(report_json(report_of(trial), trial.new.notices)))
    assert (data["schema"], len(data["fired"]), len(data["notices"])) == (1, 4, 5)
    assert data["notices"][0]["threshold"] == 50


class Reader(HTMLParser):
    """Collects the tags of a page and checks that they are closed in order."""

    VOID = frozenset({"meta", "br", "line"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


async def test_the_page_is_whole_and_needs_nothing_from_elsewhere(trial: Trial) -> None:
    html = page(report_of(trial), trial.new.notices)
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    names = [tag for tag, _ in reader.tags]
    assert not {"script", "link", "img", "iframe"} & set(names)
    assert not any({"src", "href", "onclick"} & set(attributes) for _, attributes in reader.tags)
    assert "url(" not in html
    assert names.count("rect") == 7
    assert all(word in html for word in ("2026-09-06", "&gt; 50 warning", "48 of 50", "only the new rules"))


async def test_what_comes_from_outside_is_escaped(run_trial: Any, make_rule: Callable[..., Rule]) -> None:
    trial = await run_trial((make_rule(50, id="bad", title="<script>alert(1)</script>"),))
    for notice in trial.new.notices:
        assert notice.title
    hostile = report_of(trial).model_copy(update={"rules": ("<script>alert(1)</script>",)})
    assert "<script" not in page(hostile, trial.new.notices)


def test_bars_and_limits_share_one_scale() -> None:
    bars = tuple(Bar(window=f"night/{n}", value=v, outcome="", why="", fired=False) for n, v in enumerate((0, 50, 100)))
    limits = (
        Limit(severity="warning", text="> 50", threshold=50),
        Limit(severity="high", text=">= 3x", threshold=None),
    )
    drawing = draw(
        Chart(rule="r", title="t", group={}, limits=limits, bars=(*bars, bars[0].model_copy(update={"value": None})))
    )
    assert [rect.y + rect.height for rect in drawing.bars] == [TOP + HEIGHT] * 3
    assert [line.y for line in drawing.lines] == [drawing.bars[1].y], "a limit that is not known has no line"
    assert drawing.bars[2].height == 2 * drawing.bars[1].height
    assert drawing.height == TOP + HEIGHT + BOTTOM


def test_an_empty_archive_has_an_empty_report() -> None:
    report = report_of(Trial((), ()))
    assert list(text_lines(report))[-1] == "nothing would have fired"
    assert re.search("Nothing would have fired", page(report, []))
