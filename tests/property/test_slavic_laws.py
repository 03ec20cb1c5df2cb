"""Laws of the Ukrainian and Russian pack: exact spans, digits change values only, idle sentences, linear time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import Article
from schemas.event import Event
from workers.extract.extractor import Extractor
from workers.extract.slavic.tokens import sentences, tokens
from workers.extract.slavic.words import table

EXTRACTOR = Extractor()
WHEN = datetime(2025, 9, 10, 9, tzinfo=UTC)
TEMPLATES = (
    "У ніч на 9 вересня ворог атакував Україну {n} ударними БпЛА.",
    "Над Сумщиною вночі збито {n} російських дронів.",
    "Цієї ночі зафіксовано влучання {n} дронів у Києві.",
    "Унаслідок атаки на Харків уночі загинули {n} людей.",
    "Ночью над Брянской областью уничтожены {n} украинских беспилотников.",
    "Минувшей ночью Россия выпустила по Украине {n} ракет.",
    "При атаке дронов ВСУ на Белгород пострадали {n} человек.",
)
REPORTS = (
    "У ніч на 9 вересня ворог запустив 77 дронів, з них 59 збито: 40 – над Одещиною, 19 – над Сумщиною.",
    "Ночью сбито 38 украинских БПЛА: 21 — над Курской областью, по одному — над Тверской и Тульской.",
    "При ударе по Белгороду погибли трое, ранены девять человек, среди них двое детей.",
)
IDLE = (
    "Погода була хмарною.",
    "Школи працюють у звичному режимі.",
    "Движение поездов восстановлено.",
    "Подробности уточняются.",
)
_STEMS = [
    stem.rstrip("=")
    for section in table("words").values()
    for stems in section.values()
    for stem in stems
    if stem.rstrip("=").isalpha()
]
_FORMS = [form for rows in table("numbers").values() for forms in rows.values() for form in forms.split("|")]
_SIGNS = [
    ",",
    ".",
    ":",
    ";",
    "—",
    "–",
    "-",
    "(",
    ")",
    "«",
    "»",
    "\n",
    "12",
    "1 240",
    "5-7",
    "20:00",
    "8 вересня",
    "з них",
]
_ENDINGS = ["", "а", "ами", "ів", "ов", "их", "ено", "или"]
_PLACES = ["Курской", "Одещиною", "Крыму", "Киеву", "над", "из", "в ночь на", "України", "з них"]
WORDS = st.one_of(
    st.builds(str.__add__, st.sampled_from(_STEMS), st.sampled_from(_ENDINGS)),
    st.sampled_from([*_FORMS, *_SIGNS, *_PLACES]),
)
NUMERALS = {
    "uk": ("сто двадцять три", "сорок вісім", "дві тисячі триста", "дев'яносто", "шістсот одинадцять"),
    "ru": ("сто двадцать три", "сорок восемь", "две тысячи триста", "девяносто", "шестьсот одиннадцать"),
}
VALUES = (123, 48, 2300, 90, 611)


def article(text: str) -> Article:
    return Article(id="a", revision="r", text=text, published=WHEN, fetched=WHEN)


def claims(text: str) -> tuple[Event, ...]:
    return EXTRACTOR.extract(article(text)).events


def bare(event: Event) -> dict[str, object]:
    """An event without what depends on where it stands."""
    return event.model_dump(exclude={"id", "span", "quote", "sentence"})


@given(st.lists(WORDS, max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_order_of_the_tables_words_gives_exact_spans_and_links(words: list[str]) -> None:
    source = article("Україна " + " ".join(words))
    told = EXTRACTOR.extract(source)
    for item in (*told.events, *told.abstained):
        assert item.span is not None
        start, end = item.span
        assert source.text[start:end] == item.quote
    for n, event in enumerate(told.events):
        for link in (event.part_of, event.same_as, event.revises):
            assert link is None or (0 <= link < len(told.events) and link != n)


@given(st.text(max_size=200), st.integers(0, 40))
def test_tokens_are_slices_in_order(text: str, start: int) -> None:
    found = tokens(text, start, len(text))
    assert all(token.start < token.end for token in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.text(alphabet="аБ .\n:;!?-12", max_size=120))
def test_sentences_cover_all_words_once(text: str) -> None:
    spans = list(sentences(text))
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())


@given(st.sampled_from(TEMPLATES), st.integers(2, 1800), st.integers(2, 1800))
@settings(max_examples=100, deadline=None)
def test_other_digits_change_values_only(template: str, one: int, other: int) -> None:
    first, second = claims(template.format(n=one)), claims(template.format(n=other))
    assert [e.value for e in first] == [one]
    assert [e.value for e in second] == [other]
    assert [{**bare(e), "value": 0} for e in first] == [{**bare(e), "value": 0} for e in second]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("n", range(len(VALUES)))
def test_words_and_digits_are_the_same_figure(template: str, n: int) -> None:
    words = NUMERALS["uk" if any(letter in template for letter in "іїє") else "ru"][n]
    assert [bare(e) for e in claims(template.format(n=words))] == [
        bare(e) for e in claims(template.format(n=VALUES[n]))
    ]


@given(st.sampled_from(REPORTS), st.sampled_from(IDLE), st.booleans())
@settings(deadline=None)
def test_an_idle_sentence_changes_no_event(report: str, idle: str, first: bool) -> None:
    joined = f"{idle} {report}" if first else f"{report} {idle}"
    assert [bare(e) for e in claims(joined)] == [bare(e) for e in claims(report)]


HOSTILE = {
    "dates": "з 8 на 9 вересня ",
    "clocks": "з 20:00 до 23:00 ",
    "dashes": "– 12 – ",
    "regions": "12 — над Курской, ",
    "each": "по одному над Тверской и ",
    "singles": "загинула жінка ",
    "of them": "з них 12 ",
    "rows": "12 дронів, 3 ракети та ",
    "voices": "Генштаб повідомив ",
    "colons": "збито: \n",
    "ordinals": "десятый за 8 мая ",
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_takes_linear_time(unit: str, takes_linear_time: Callable[..., bool]) -> None:
    assert takes_linear_time(lambda text: EXTRACTOR.extract(article("Україна збито 5 дронів " + text)), unit, 16_000)
