"""The notice as a JSON line: the contract's keys in their order, one line, the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable

from schemas.alert import Notice
from workers.deliver.line import json_line, notice_line

Make = Callable[..., Notice]
CONTRACT = ["alert", "rule", "group", "window", "notice", "severity", "value", "threshold", "was", "at", "evidence"]


def test_the_contract_comes_first(make_notice: Make) -> None:
    data = json.loads(notice_line(make_notice(was=40)))
    assert list(data)[: len(CONTRACT)] == CONTRACT
    assert {name: data[name] for name in CONTRACT if name != "evidence"} == {
        "alert": "a1",
        "rule": "drones-night",
        "group": {"attacker": "UA", "target_country": "RU"},
        "window": "night/2026-09-04",
        "notice": "open",
        "severity": "high",
        "value": 64,
        "threshold": 50,
        "was": 40,
        "at": "2026-09-04T04:05:00Z",
    }
    (piece,) = data["evidence"]
    assert list(piece)[:5] == ["article", "source", "url", "quote", "span"]
    assert piece["quote"][piece["span"][0] : piece["span"][1]] == piece["quote"]


def test_the_same_notice_gives_the_same_bytes(make_notice: Make) -> None:
    again = Notice.model_validate_json(make_notice().model_dump_json())
    assert notice_line(again) == notice_line(make_notice())


def test_nothing_breaks_the_line() -> None:
    line = json_line({"text": "a\nb\u2028c\x85d\x1b\u2029Київ"})
    assert len(line.splitlines()) == 1
    assert "Київ" in line
    assert json.loads(line) == {"text": "a\nb\u2028c\x85d\x1b\u2029Київ"}


def test_what_is_added_comes_last(make_notice: Make) -> None:
    assert list(json.loads(notice_line(make_notice(), receiver="ops")))[-1] == "receiver"
