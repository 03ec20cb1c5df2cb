"""The main job from end to end: the seed corpus, fetched over HTTP, raises its three alerts on the console."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from schemas.base import Model

pytestmark = pytest.mark.usefixtures("valkey_binary")


class Expected(Model):
    attacker: str
    target: str
    value: int
    qualifier: str
    night: str
    sentence: str


EXPECTED = [
    Expected(
        attacker="UA",
        target="RU",
        value=144,
        qualifier="at_least",
        night="2024-09-10",
        sentence="at least 20 Ukrainian drones",
    ),
    Expected(attacker="RU", target="UA", value=363, qualifier="over", night="2025-06-27", sentence="over 363 Shahed"),
    Expected(
        attacker="UA", target="RU", value=64, qualifier="exact", night="2025-11-15", sentence="64 Ukrainian drones"
    ),
]


def replay(nightwire: Any, data_dir: Path, *more: str) -> Any:
    return nightwire("replay", "--speed", "max", "--json", "--data-dir", data_dir, *more)


def test_three_alerts_with_their_sentences(nightwire: Any, tmp_path: Path) -> None:
    ran = replay(nightwire, tmp_path / "state")
    assert ran.status == 0, ran.err
    assert len(ran.lines) == 3
    for line, want in zip(ran.lines, EXPECTED, strict=True):
        assert line["notice"] == "open"
        assert (line["value"], line["qualifier"]) == (want.value, want.qualifier)
        assert line["group"] == {"attacker": want.attacker, "target_country": want.target}
        assert line["window"] == f"night/{want.night}"
        assert line["mode"] == "replay"
        quotes = " ".join(e["quote"] for e in line["evidence"])
        assert want.sentence in quotes
    accounting_holds(ran.err)


def accounting_holds(err: str) -> None:
    assert "!!" not in err
    rows = re.findall(r"^(\w[\w.]*) +(\d+) +(\d+)  (.*)$", err, re.MULTILINE)
    assert {"fetch", "dedupe", "extract", "resolve", "judge", "deliver"} <= {row[0] for row in rows}
    for room, taken, out, ended in rows:
        assert int(taken) == int(out) + sum(map(int, re.findall(r"(\d+) [a-z]", ended))), (room, ended)


def test_the_quote_is_the_slice_of_the_article(nightwire: Any, tmp_path: Path, corpus_texts: dict[str, str]) -> None:
    for line in replay(nightwire, tmp_path / "state").lines:
        for evidence in line["evidence"]:
            start, end = evidence["span"]
            assert any(text[start:end] == evidence["quote"] for text in corpus_texts.values())


def test_a_second_run_tells_nothing_again(nightwire: Any, tmp_path: Path) -> None:
    replay(nightwire, tmp_path / "state")
    again = replay(nightwire, tmp_path / "state")
    assert (again.status, again.out) == (0, "")
    assert re.search(r"^fetch +\d+ +0  \d+ already-seen$", again.err, re.MULTILINE), again.err


def test_the_same_bytes_on_a_fresh_directory_and_on_every_runtime(nightwire: Any, tmp_path: Path) -> None:
    first = replay(nightwire, tmp_path / "one").out
    assert first == replay(nightwire, tmp_path / "two").out
    assert first == replay(nightwire, tmp_path / "three", "--runtime", "memory").out
    assert first.count("\n") == 3


def test_from_and_to_bound_the_corpus(nightwire: Any, tmp_path: Path) -> None:
    ran = replay(nightwire, tmp_path / "state", "--from", "2025-01-01", "--to", "2025-10-01", "--runtime", "memory")
    assert [line["value"] for line in ran.lines] == [363]


def test_text_for_people_says_what_an_officer_needs(nightwire: Any, tmp_path: Path) -> None:
    ran = nightwire("replay", "--speed", "max", "--data-dir", tmp_path / "state", "--runtime", "memory")
    for needed in ("EXERCISE", "144", "at least", "limit > 50", "2024-09-10", "363", "64", "Ryazan", "Kyiv", "15:00Z"):
        assert needed in ran.out, needed
