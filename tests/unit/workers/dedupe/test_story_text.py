"""A text without the page around it: dateline, byline, boilerplate, and marks of a newer version."""

from __future__ import annotations

import pytest

from workers.dedupe.agencies import origin_of
from workers.dedupe.story_text import read_story
from workers.dedupe.tokens import LONGEST

STORY = "Crews put out the fire at the depot."
WORDS = ["crews", "put", "out", "the", "fire", "at", "the", "depot"]


@pytest.mark.parametrize(
    "start",
    [
        "", "(Reuters) - ", "KYIV: ", "NEW YORK: ",
        "KYIV, March 4 (Reuters) - ", "KYIV (AP) — ", "KHARKIV, Ukraine — ", "Kyiv, March 4 – ",
        "By Anna Field KYIV (AP) - ", "КИЇВ, 4 березня. /Укрінформ/ - ", "МОСКВА, 4 марта - РИА Новости - ",
    ],
)  # fmt: skip
def test_a_dateline_is_taken_off(start: str) -> None:
    assert read_story("T", start + STORY).body_forms[-len(WORDS) :] == WORDS
    assert len(read_story("T", start + STORY).body_forms) <= len(WORDS) + 2


def test_the_dateline_keeps_its_facts() -> None:
    line = read_story("T", f"KYIV, March 4 (Reuters) - {STORY}").dateline
    assert [token.form for token in line] == ["kyiv", "march", "4", "reuters"]


@pytest.mark.parametrize(
    "text", ["Twelve drones - a record - crossed the border.", "The port - closed since May - is open."]
)
def test_a_dash_in_a_sentence_is_no_dateline(text: str) -> None:
    assert read_story("T", text).dateline.forms == []


@pytest.mark.parametrize(
    "line",
    [
        "(Reporting by Anna Field; editing by Tom Rivers)",
        "Read also: what is known about the attack",
        "Follow us on Telegram for more.",
        "Copyright 2026 Harbour Gazette.",
        "Photo: press service",
        "In this March 2 photo, smoke rises over the port.",
        "By Anna Field and Tom Rivers",
        "Updated 14 March 2026 10:05",
        "Читайте також: хроніка доби",
        "Подписывайтесь на наш канал",
        "Усі права захищено.",
        "https://example.com/story",
    ],
)
def test_sentences_of_the_page_are_left_out(line: str) -> None:
    assert read_story("T", f"{STORY} {line}").body_forms == WORDS
    assert read_story("T", f"{line}\n{STORY}").body_forms == WORDS


def test_a_long_sentence_is_never_left_out() -> None:
    long = "Read also " + "that 40 drones were shot down over the region by crews " * 4
    assert "40" in read_story("T", f"{STORY}\n{long}").body_forms


@pytest.mark.parametrize("title", ["UPDATE 2-Fire at depot", "CORRECTED: Fire", "Updated: fire", "Уточнено: пожежа"])
def test_a_newer_version_says_so(title: str) -> None:
    assert read_story(title, STORY).replaces
    assert not read_story("Fire at depot, updates follow", STORY).replaces


def test_a_headline_alone_stands_for_its_text() -> None:
    assert read_story("Explosions in Odesa", "").body_forms == ["explosions", "in", "odesa"]


def test_what_is_too_long_is_cut_and_says_so() -> None:
    story = read_story("T", "word " * LONGEST)
    assert story.cut
    assert len(story.body) <= LONGEST / 5


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("KYIV (Reuters) - The fire is out.", "Reuters"),
        ("The fire is out, TASS reported on Monday.", "TASS"),
        ("Пожежу загасили, повідомляє Укрінформ.", "Ukrinform"),
        ("Об этом сообщает РИА Новости.", "RIA Novosti"),
        ("The fire is out, the Associated Press said.", "Associated Press"),
        ("The fire is out.", None),
        ("He reads Reuters at breakfast. Nothing was reported.", None),
        ("The map shows APRIL and app names.", None),
    ],
)
def test_the_agency_behind_a_text(text: str, origin: str | None) -> None:
    assert origin_of(text) == origin


def test_lines_that_a_page_has_broken_are_one_sentence() -> None:
    wrapped = (
        "The mayor of the town on the river said on Monday that the\nBelgorod road was closed and\nbuses stood still."
    )
    story = read_story("T", f"By Anna Field\n{wrapped}\nNobody was hurt")
    assert [token.written for token in story.body if token.first] == ["The", "Nobody"]
