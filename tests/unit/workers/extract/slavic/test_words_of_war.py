from __future__ import annotations

import pytest

from workers.extract.lexicon import Lexicon
from workers.extract.slavic.grounds import places_of
from workers.extract.slavic.predicates import predicates_of, verb_of
from workers.extract.slavic.tokens import tokens
from workers.extract.slavic.voices import Voice, named, side_of, speaker
from workers.extract.slavic.words import kind_of, table
from workers.extract.world import Gazetteer


@pytest.mark.parametrize(
    ("word", "thing", "measure"),
    [
        ("збито", "drone", "intercepted"),
        ("уничтожены", "missile", "intercepted"),
        ("уничтожены", "aircraft", "destroyed"),
        ("сбил", "helicopter", "intercepted"),
        ("перехвачен", "drone", "intercepted"),
        ("атакували", "drone", "launched"),
        ("випустила", "missile", "launched"),
        ("влучання", "drone", "hit"),
        ("втрачено", "drone", "lost"),
        ("загинула", "person", "killed"),
        ("поранено", "person", "injured"),
        ("поранено", "drone", None),
        ("збито", "person", None),
        ("передали", "drone", None),
    ],
)
def test_what_a_verb_says_of_a_thing(word: str, thing: str, measure: str | None) -> None:
    verb = verb_of(word)
    assert verb is not None
    assert verb.measure(thing) == measure


@pytest.mark.parametrize("word", ["ударних", "збитків", "перехоплювач", "номер", "погода"])
def test_no_verb(word: str) -> None:
    assert verb_of(word) is None


@pytest.mark.parametrize(
    ("text", "status", "denied"),
    [
        ("ворог може запустити дрони", "hypothetical", False),
        ("планує застосувати дрони", "planned", False),
        ("якщо ворог запустив дрони", "hypothetical", False),
        ("вдалося збити дрони", "asserted", False),
        ("не вдалося збити дрони", "asserted", True),
        ("не сбили ракету", "asserted", True),
        ("дрони не досягли цілі", "asserted", False),
    ],
)
def test_how_it_is_told(text: str, status: str, denied: bool) -> None:
    [predicate] = predicates_of(tokens(text, 0, len(text))).values()
    assert (predicate.status, predicate.denied) == (status, denied)


def test_every_measure_and_object_of_the_tables_is_one_of_the_lexicon() -> None:
    lexicon = Lexicon.default()
    for row in table("verbs")["verb"]:
        told = {key: value for key, value in row.items() if key not in ("name", "stems")}
        assert set(told.values()) <= lexicon.measures.keys()
        assert told.keys() <= {*lexicon.kinds, *lexicon.kinds.values()}
    assert {*table("words")["objects"]} - {"boat"} <= lexicon.kinds.keys()


def test_models_are_spelled_as_in_english() -> None:
    known = {model for spec in Lexicon.default().spec.objects.values() for model in spec.models}
    assert {*table("words")["models"]} <= known


@pytest.mark.parametrize(
    ("word", "thing"), [("бпла", "drone"), ("шахедів", "drone"), ("х-101", "missile"), ("авіабомб", "glide_bomb")]
)
def test_things(word: str, thing: str) -> None:
    assert kind_of("objects", word) == thing


def voice_of(low: str) -> Voice | None:
    return speaker(low, named(low))


def test_voices_and_sides() -> None:
    voice = voice_of("сообщило минобороны рф")
    assert voice is not None
    assert (voice.name, voice.side) == ("Russian Ministry of Defense", "RU")
    assert voice_of("минобороны рф переехало") is None
    assert side_of("окупанти") == "RU"
    assert side_of("погода") is None


def test_regions_by_their_adjective_alone() -> None:
    text = "над Курской, Воронежской и Одеською"
    assert [m.place.region for m in places_of(Gazetteer.default(), text)] == [
        "Kursk region",
        "Voronezh region",
        "Odesa region",
    ]
