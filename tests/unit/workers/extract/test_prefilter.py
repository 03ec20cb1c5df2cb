from __future__ import annotations

import sys
import unicodedata

import pytest

from workers.extract.lexicon import Lexicon
from workers.extract.prefilter import Prefilter, Worth
from workers.extract.tokens import flat, plain

PREFILTER = Prefilter(Lexicon.default())


@pytest.mark.parametrize(
    ("text", "going", "worth"),
    [
        ("The library opens at nine on 12 May.", False, Worth.SKIP),
        ("Russia shot down 12 drones.", False, Worth.READ),
        ("A man was wounded.", False, Worth.READ),
        ("The drones are made of wood.", False, Worth.CONTEXT),
        ("Another 12 came later.", False, Worth.SKIP),
        ("Another 12 came later.", True, Worth.READ),
        ("Some 4,000 people were evacuated.", False, Worth.READ),
        ("People were evacuated.", False, Worth.SKIP),
    ],
)
def test_what_a_sentence_is_worth(text: str, going: bool, worth: Worth) -> None:
    assert PREFILTER.sentence(flat(text), going) is worth


def test_an_article_without_a_subject_word_is_passed_over() -> None:
    assert not PREFILTER.article(flat("The council praised the gardeners for 12 new trees."))
    assert PREFILTER.article(flat("Two UAVs."))


def test_the_words_of_a_user_count_too() -> None:
    lexicon = Lexicon.parse('[objects.levee]\nclass = "thing"\nnouns = ["levee"]')
    assert Prefilter(lexicon).sentence(flat("Seven levees leaked."), False) is Worth.READ


def test_an_article_is_parted_into_words_as_its_sentences_are() -> None:
    signs = [sign for sign in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(sign)[0] in "ZPSC"]
    apart = {sign for sign in signs if "drones" in flat(plain(f"a{sign}drones{sign}b")).split()}
    assert {" ", "\u2019", "\u2028", "\u2014"} < apart
    everyday = [sign for sign in signs if unicodedata.category(sign) not in ("Cn", "Co", "Cs")]
    assert {sign for sign in everyday if PREFILTER.article(f"a{sign}drones{sign}b")} == apart


@pytest.mark.parametrize("text", ["DRONES", "Drones", "A \u201cdrone\u201d", "\ud800 (drones)"])
def test_a_subject_word_is_known_in_whatever_case_and_between_whatever_signs(text: str) -> None:
    assert PREFILTER.article(text)


@pytest.mark.parametrize("text", ["", "Androneskar", "dronesque", "drones\u0301"])
def test_a_part_of_a_word_is_no_subject_word(text: str) -> None:
    assert not PREFILTER.article(text)


EVERYDAY = """
    add agree allow announce answer appeal apply approve argue arrive ask become begin believe call carry change choose
    close come consider continue create cut decide describe develop discuss draw end expect explain fall feel find
    follow get give grow happen hear help hold include keep know lead learn leave let like look lose make mean
    meet move need offer open pass pay plan play praise promise provide publish put raise reach read receive remember
    review run say seem sell send set show sit slip speak spend stand start stay stop support take talk tell think try
    turn understand use visit vote wait walk want warn watch win work write average big early final first full general
    good great high large late local long main multiple national new next old only open other overall public several
    small social top total whole annual budget city company council country day director event family game group
    house library market meeting member minister month number office park part people place plan price problem
    program project question report result road room school season service state street student system team theatre
    time town university vote week woman work world year
"""


@pytest.mark.parametrize("word", sorted(set(EVERYDAY.split())))
def test_no_everyday_word_alone_makes_an_article_worth_reading(word: str) -> None:
    forms = {word, f"{word}s", f"{word.removesuffix('e')}ed", f"{word.removesuffix('e')}ing"}
    assert not forms & PREFILTER.strong
