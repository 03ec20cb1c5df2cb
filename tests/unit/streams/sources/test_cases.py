"""Every file in `cases/` is a feed document that carries, in a comment, what must come out of it."""

import json
import re
from pathlib import Path

import pytest

from streams.sources.charset import to_utf8
from streams.sources.parse import parse_feed

CASES = sorted((Path(__file__).parent / "cases").iterdir())
BASE = "https://feed.example/news/feed.xml"


def expectation(body: bytes) -> list[dict[str, object]]:
    text = to_utf8(body)[0].decode()
    if text.lstrip().startswith("{"):
        return json.loads(text)["_expect"]
    return json.loads(re.search(r"<!-- expect (\[.*\]) -->", text)[1])


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_case(case: Path) -> None:
    body = case.read_bytes()
    feed = parse_feed(body, url=BASE)
    wanted = expectation(body)
    assert len(feed.entries) == len(wanted)
    for entry, want in zip(feed.entries, wanted, strict=True):
        got = entry.model_dump(mode="json", include=set(want))
        assert got == want


def test_there_are_cases() -> None:
    assert len(CASES) > 30


def test_ids_differ_within_every_case() -> None:
    for case in CASES:
        ids = [entry.id for entry in parse_feed(case.read_bytes(), url=BASE).entries]
        assert len(set(ids)) == len(ids), case.name
