"""What may be put into a copy: lines of the page and background; and what may not: news, however short."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from workers.dedupe.assess import assess
from workers.dedupe.story_text import read_story

HERE = Path(__file__).parent
TEXTS = tomllib.loads((HERE / "articles.toml").read_text(encoding="utf-8"))
ADDITIONS = tomllib.loads((HERE / "additions.toml").read_text(encoding="utf-8"))
SENTENCE = re.compile(r"(?<=[.!?])\s+")
WORDS = 50
"""An article of so many words has a middle."""


def cases(kind: str, *places: str) -> Iterator[tuple[str, str, str]]:
    for language, kinds in ADDITIONS.items():
        long = [name for name in TEXTS if name.startswith(language) and len(TEXTS[name]["text"].split()) >= WORDS]
        for number, line in enumerate(kinds.get(kind, [])):
            for place in places:
                for step in range(3):
                    yield long[(3 * number + step) % len(long)], line, place


def with_line(text: str, line: str, place: str) -> str:
    sentences = SENTENCE.split(text)
    start, end = " ".join(sentences[:2]), " ".join(sentences[2:])
    parts = {"top": [line, text], "middle": [start, line, end], "end": [text, line]}
    return "\n\n".join(parts[place])


def verdict(name: str, line: str, place: str) -> str:
    title, text = TEXTS[name]["title"], TEXTS[name]["text"]
    known = read_story(title, "\n\n".join([" ".join(SENTENCE.split(text)[:2]), " ".join(SENTENCE.split(text)[2:])]))
    return assess(known, read_story(title, with_line(text, line, place))).verdict


@pytest.mark.parametrize(
    ("kind", "places"), [("page", ("top", "middle", "end")), ("page_at_the_end", ("end",)), ("background", ("end",))]
)
def test_a_line_of_the_page_or_background_leaves_a_copy_a_copy(kind: str, places: tuple[str, ...]) -> None:
    wrong = [case for case in cases(kind, *places) if verdict(*case) != "duplicate"]
    assert wrong == []


def test_news_in_a_copy_are_never_lost() -> None:
    lost = [case for case in cases("news", "middle", "end") if verdict(*case) == "duplicate"]
    assert lost == []


def test_news_among_lines_of_the_page_are_never_lost() -> None:
    lost = []
    for (name, line, place), page in zip(cases("news", "end"), cases("page", "end"), strict=False):
        if verdict(name, f"{page[1]}\n\n{line}\n\n{page[1]}", place) == "duplicate":
            lost.append((name, line, page[1]))
    assert lost == []
