"""A sentence is read only as far as a claim asks for it: what is left undone is what makes the reading fast."""

from __future__ import annotations

import pytest

from workers.extract.items import Reading
from workers.extract.lexicon import Lexicon
from workers.extract.marks import Marks
from workers.extract.measures import Discourse, MeasureReader
from workers.extract.prefilter import Prefilter
from workers.extract.readings import ReadingMaker
from workers.extract.ties import TieMaker
from workers.extract.tokens import Tokens
from workers.extract.world import Gazetteer, PlaceMention

LEXICON = Lexicon.default()
READINGS = ReadingMaker(LEXICON, Prefilter(LEXICON), Gazetteer.default())


def readings_of(text: str) -> list[Reading]:
    """The sentences of a text behind one about drones, so that all with a figure are worth reading."""
    return READINGS.make({"text": f"Drones flew over 12 villages. {text}"})[1:]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The census will cost 400 million.", "no-noun"),
        ("Some 90 people came to see the new bridge.", "no-predicate"),
    ],
)
def test_no_items_are_made_for_a_figure_that_no_word_has_a_measure_for(text: str, reason: str) -> None:
    (reading,) = readings_of(text)
    told = Discourse()
    assert MeasureReader(LEXICON).read(reading, told) == []
    assert [why for *_, why in told.refused] == [reason]
    assert "items" not in vars(reading)


@pytest.mark.parametrize(
    ("text", "hangs"),
    [
        ("The census will cost 400 million.", False),
        ("Some 90 people came to see the new bridge.", False),
        ("Some 90 people were killed there.", True),
        ("There were 90 drones in the sky.", True),
        ("The raid left 90 wounded.", True),
        ("Of these 90 were shot down.", True),
    ],
)
def test_what_may_hang_on_a_word_of_its_sentence(text: str, hangs: bool) -> None:
    (reading,) = readings_of(text)
    (quantity,) = reading.quantities
    assert TieMaker(LEXICON).may_hang(reading.marks, quantity) is hangs


def test_the_gazetteer_is_asked_only_of_a_word_that_may_begin_a_name() -> None:
    asked: list[str] = []
    text = "Two drones fell near al-Hasakah and Kyiv."
    tok = Tokens(text, 0, len(text))

    def find() -> list[PlaceMention]:
        asked.append(text)
        return Gazetteer.default().find(text)

    marks = Marks(tok, LEXICON, find)
    assert [marks.place_at(i) for i in (-1, 1, 2, 3, len(tok))] == [None] * 5
    assert not asked
    assert {i for i in range(len(tok)) if marks.place_at(i) is not None} == set(marks.geo) == {4, 8}
    assert len(asked) == 1
