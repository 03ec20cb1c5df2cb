from __future__ import annotations

import pytest

from workers.extract.lexicon import Lexicon
from workers.extract.prefilter import Prefilter, Worth
from workers.extract.tokens import flat

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
