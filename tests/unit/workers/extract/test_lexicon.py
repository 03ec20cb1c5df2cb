from __future__ import annotations

import pytest

from workers.extract.lexicon import Lexicon, LexiconError, NounSense
from workers.extract.lexicon.inflect import conjugate, plural


@pytest.mark.parametrize(
    ("noun", "many"), [("drone", "drones"), ("city", "cities"), ("blast", "blasts"), ("sea drone", "sea drones")]
)
def test_plurals(noun: str, many: str) -> None:
    assert plural(noun) == many


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        ("jam", {"jam", "jams", "jamming", "jammed"}),
        ("destroy", {"destroy", "destroys", "destroying", "destroyed"}),
        ("fire off", {"fire off", "fires off", "firing off", "fired off"}),
        ("die", {"die", "dies", "dying", "died"}),
    ],
)
def test_regular_verbs(lemma: str, forms: set[str]) -> None:
    assert set(conjugate(lemma, {})) == forms


def test_irregular_verbs() -> None:
    forms = conjugate("shoot down", {"shoot": ("shot", "shot")})
    assert forms["shot down"] == {"past", "part"}


def test_a_user_adds_words_without_code() -> None:
    lexicon = Lexicon.parse('[objects.drone]\nnouns = ["whirlybird"]')
    (entry,) = [e for e in lexicon.entries["whirlybirds"] if e.kind == "noun"]
    assert isinstance(entry.sense, NounSense)
    assert entry.sense.object == "drone"
    assert "drones" in lexicon.entries
    assert "whirlybirds" not in Lexicon.default().entries


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("objects = 3", "objects"),
        ("[[verbs]]\nlemmas = ['nudge']\npatient = { air = 'nudged' }", "add [measures.nudged]"),
        ("[[verbs]]\nlemmas = ['nudge']\npatient = { comet = 'hit' }", "add [objects.comet]"),
        ("[objects.x]\nnoun = ['x']", "noun"),
        ("[hints]\nhomes = ['militia']", "hints.homes"),
        ("this is no toml", "no TOML"),
    ],
)
def test_errors_say_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(LexiconError) as caught:
        Lexicon.parse(text)
    assert message in str(caught.value)
