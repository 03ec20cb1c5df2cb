"""Laws of the extractor: spans are slices, digits change values only, idle sentences change nothing, nothing raises."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import Article
from schemas.event import Event
from workers.extract.extractor import Extractor
from workers.extract.items import Reading
from workers.extract.readings import ReadingMaker

EXTRACTOR = Extractor()
WHEN = datetime(2025, 9, 10, 9, tzinfo=UTC)
TEMPLATES = (
    "Ukraine's air force shot down {n} Russian drones overnight.",
    "Overnight, {n} Ukrainian drones were intercepted over the Kursk region, the defence ministry in Moscow said.",
    "Russia attacked Odesa with {n} missiles on Monday night.",
    "A flood in Peru killed {n} people.",
    "Hezbollah fired more than {n} rockets at Haifa.",
    "The death toll from the quake in Nepal rose to {n}.",
)
REPORTS = (
    "Ukraine shot down 41 of 60 Russian drones overnight, including 30 over the Sumy region.",
    "Russian air defences destroyed 48 Ukrainian drones: 21 over the Belgorod region and 27 over the Kursk region.",
    "Nine people were killed and 31 injured in a landslide in Colombia.",
)
IDLE = (
    "The weather in the valley was mild.",
    "She thanked the readers for their letters.",
    "Further details were not available at the time of writing.",
    "The newspaper appears in the morning.",
)
BETWEEN = (
    "They were heading for Pokrovsk and Donetsk.\n\nHe said so.",
    "Another 12 were jammed, the air force said.",
    "The Houthis said they had fired on Israel, and the U.S. answered.",
    "Troops retook the village of Klishchiivka.",
    "A drone fell in Moscow last night.",
    "Attacks by Iran on Israel went on.",
)
"""Sentences that take what they leave out from those around them."""
VOCABULARY = (
    "drones missiles 12 64 shot down were over Kursk the , . ( ) \" ' - of which including each all but one",
    "Russia Ukraine's said overnight and with another remaining two dozen hundreds to 300 killed people \u2013 : ;",
)
SLAVIC_WORDS = (
    "збито 12 дронів ракет из них 9 над Брянской областью та і , . : — ( « » у ніч на 14 мая уничтожено",
    "двадцать два БпЛА Росія запустила понад 1 240 20:00 не сбили п’ять з 17 Крымом",
)
SLAVIC = st.sampled_from([word for line in SLAVIC_WORDS for word in line.split()] + ["\n"])
WORDS = st.sampled_from([word for line in VOCABULARY for word in line.split()] + ["\n"])


def article(text: str, title: str = "") -> Article:
    return Article(id="a", revision="r", title=title, text=text, published=WHEN, fetched=WHEN)


def claims(text: str) -> tuple[Event, ...]:
    return EXTRACTOR.extract(article(text)).events


def bare(event: Event) -> dict[str, object]:
    """An event without what depends on where it stands."""
    return event.model_dump(exclude={"id", "span", "quote", "sentence"})


def check_spans(source: Article) -> None:
    told = EXTRACTOR.extract(source)
    for item in (*told.events, *told.abstained):
        if item.span is not None:
            start, end = item.span
            assert getattr(source, item.field)[start:end] == item.quote
    for event in told.events:
        links = (event.part_of, event.same_as, event.revises)
        assert all(link is None or 0 <= link < len(told.events) for link in links)


@given(st.text(max_size=400), st.text(max_size=60))
@settings(max_examples=150)
def test_any_text_gives_exact_spans(text: str, title: str) -> None:
    check_spans(article(text, title))


@given(st.lists(WORDS, max_size=80))
@settings(max_examples=250)
def test_any_order_of_our_words_gives_exact_spans(words: list[str]) -> None:
    check_spans(article(" ".join(words)))


@given(st.lists(SLAVIC, max_size=60))
@settings(max_examples=150)
def test_any_order_of_slavic_words_gives_exact_spans(words: list[str]) -> None:
    check_spans(article("Украина Україна " + " ".join(words)))


@given(st.sampled_from(TEMPLATES), st.integers(2, 1800), st.integers(2, 1800))
@settings(max_examples=150)
def test_other_digits_change_values_only(template: str, one: int, other: int) -> None:
    first, second = claims(template.format(n=one)), claims(template.format(n=other))
    assert [e.value for e in first] == [one]
    assert [e.value for e in second] == [other]
    assert [{**bare(e), "value": 0} for e in first] == [{**bare(e), "value": 0} for e in second]


@given(st.sampled_from(REPORTS), st.sampled_from(IDLE), st.booleans())
def test_an_idle_sentence_changes_no_event(report: str, idle: str, first: bool) -> None:
    joined = f"{idle} {report}" if first else f"{report} {idle}"
    assert [bare(e) for e in claims(joined)] == [bare(e) for e in claims(report)]


@given(st.sampled_from(REPORTS))
def test_the_same_article_gives_the_same_ids(report: str) -> None:
    assert [e.id for e in claims(report)] == [e.id for e in claims(report)]


def read_at_once(maker: ReadingMaker, text: dict[str, str]) -> list[Reading]:
    """The sentences of an article, each read to the end before any claim asks for it, the last one first."""
    readings = make(maker, text)
    for reading in reversed(readings):
        assert reading.marks.cues is not None
        assert len(reading.position) == len(reading.quantities)
        assert all(geo.i < geo.j for geo in reading.marks.geo.values())
    return readings


make = ReadingMaker.make


@given(st.lists(st.sampled_from((*REPORTS, *IDLE, *BETWEEN)), max_size=9), st.lists(WORDS, max_size=40))
@settings(max_examples=150)
def test_a_sentence_says_the_same_whenever_it_is_read(told: list[str], words: list[str]) -> None:
    text = " ".join((*told, *words))
    with patch.object(ReadingMaker, "make", read_at_once):
        at_once = EXTRACTOR.extract(article(text))
    assert EXTRACTOR.extract(article(text)) == at_once


FRAGMENTS = ("Accounted for 51.", "Missiles fly at least nine", "Ukraine said it downed 385 out of 472 Russia")


@pytest.mark.parametrize("text", FRAGMENTS)
def test_odd_fragments_raise_nothing(text: str) -> None:
    check_spans(article(text))


HOSTILE = {
    "digits": "1",
    "commas": "1,",
    "numbers": "12 ",
    "words": "drones ",
    "counts": "12 drones ",
    "no spaces": "drone12",
    "quotes": '"((',
    "hyphens": "one-",
    "stops": "a.",
    "conjunctions": "12 drones and ",
    "verbs": "were shot down by Russia ",
    "sentences": "Russia shot down 12 drones over Kursk. ",
    "lines": "Kursk\n",
    "apostrophes": "'s",
    "slavic counts": "12 дронів ",
    "slavic claims": "збито 12 дронів і 3 ракети над Одещиною, ",
    "slavic numbers": "двадцять ",
}


PROSE = "The report of the ministry and what it said of the raid on the city in the east. " * 6
"""A title that makes every text behind it English, so that it is read to its end."""


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_takes_linear_time(unit: str, takes_linear_time: Callable[..., bool]) -> None:
    title = PROSE if unit.isascii() else ""
    assert takes_linear_time(lambda text: EXTRACTOR.extract(article(text, title)), unit, 16_000)


@pytest.mark.parametrize("unit", ["12 drones and ", "12 drones, ", "12 drones over Kursk, "])
def test_one_hostile_sentence_takes_linear_time(unit: str, takes_linear_time: Callable[..., bool]) -> None:
    assert takes_linear_time(lambda text: EXTRACTOR.extract(article(text, PROSE)), unit, 550)
