"""Which language an article is read in, and that one without a pack is put aside by name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from schemas.article import Article
from workers.extract.extractor import NOT_READ, Extractor, unread
from workers.extract.language import language_of

NOW = datetime(2025, 9, 10, 9, tzinfo=UTC)
ENGLISH = "Russia launched 12 drones at Ukraine overnight, and the air force said that nine of them were shot down."
UKRAINIAN = "Сили протиповітряної оборони збили вночі дев'ять безпілотників, їхні уламки впали в полі."
RUSSIAN = "Средства противовоздушной обороны ночью сбили девять беспилотников, обломки были найдены в поле."
POLISH = (
    "W nocy z wtorku na środę wojsko zestrzeliło nad wschodnimi województwami cztery drony, które wleciały w polską"
    " przestrzeń powietrzną. Premier zwołał naradę w kancelarii, a prezydent rozmawiał z sojusznikami. Lotniska w"
    " Warszawie, Lublinie i Rzeszowie były przez kilka godzin zamknięte, pasażerowie czekali na wznowienie ruchu."
)
GREEK = "Ο στρατός ανακοίνωσε ότι κατέρριψε πέντε μη επανδρωμένα αεροσκάφη."


def article(text: str, lang: str | None = None) -> Article:
    return Article(id="a", revision="r", title="", text=text, lang=lang, published=NOW, fetched=NOW)


@pytest.mark.parametrize(
    ("text", "told", "language"),
    [
        (ENGLISH, None, "en"),
        (ENGLISH, "en-US", "en"),
        (ENGLISH, "uk", "en"),
        (ENGLISH, "de", "en"),
        ("Drones hit Tuapse", None, "en"),
        ("Drohnen über Tuapse", "de", "de"),
        ("12", None, "en"),
        ("", None, "en"),
        (UKRAINIAN, None, "uk"),
        (UKRAINIAN, "en", "uk"),
        (UKRAINIAN, "ru", "uk"),
        (RUSSIAN, None, "ru"),
        (RUSSIAN, "uk_UA", "ru"),
        ("Кабинет", "ru", "ru"),
        ("Кабинет", "en", "und"),
        ("Над городом уничтожено несколько беспилотников противника, пострадавших нет", None, "ru"),
        ("Прещипани дронове", "bg", "bg"),
        (POLISH, None, "und"),
        (POLISH, "pl", "pl"),
        (POLISH, "en", "und"),
        (GREEK, "el", "el"),
        (GREEK, "en", "und"),
    ],
)
def test_script_and_words_go_before_what_the_feed_says(text: str, told: str | None, language: str) -> None:
    assert language_of(article(text, told)) == language


@pytest.mark.parametrize("text", [POLISH, GREEK])
def test_what_no_pack_reads_is_put_aside_by_name(text: str) -> None:
    extractor = Extractor()
    told = extractor.extract(article(text))
    assert not told.events
    assert [aside.reason for aside in told.abstained] == [NOT_READ]
    assert told.abstained[0].quote == text[: len(told.abstained[0].quote)]
    assert unread(told)
    assert not extractor.silent(article(text))


def test_english_is_read_whatever_the_feed_calls_it() -> None:
    told = Extractor().extract(article(ENGLISH, "uk"))
    assert {event.value for event in told.events} == {12, 9}
    assert not unread(told)
