"""The closer look: copies that words in a row do not show, and texts that are not worth it."""

from __future__ import annotations

from workers.dedupe.assess import assess
from workers.dedupe.spelling import adopted
from workers.dedupe.story_text import read_story

TITLE = "Grain terminal on fire near Reni"
SENTENCES = [
    "A grain terminal near Reni caught fire on Friday after debris fell on 2 warehouses, governor Oleh Kiper said.",
    "Crews from 3 towns put the blaze out by 14:30 and no one was hurt.",
    "The terminal is 12 km from the border and is owned by a family company.",
    "Ferries to Romania were stopped for the afternoon.",
]
MOVED = [SENTENCES[3], SENTENCES[0].replace("2 warehouses", "two warehouses"), SENTENCES[2], SENTENCES[1]]


def test_moved_sentences_in_another_spelling_make_a_copy() -> None:
    text = " ".join(MOVED).replace("12 km", "12 kilometres").replace("14:30", "2:30 p.m.").replace("Oleh", "Oleg")
    assert assess(read_story(TITLE, " ".join(SENTENCES)), read_story(TITLE, text)).verdict == "duplicate"


def test_a_moved_sentence_with_another_figure_makes_none() -> None:
    text = " ".join(MOVED).replace("3 towns", "5 towns")
    assert assess(read_story(TITLE, " ".join(SENTENCES)), read_story(TITLE, text)).verdict == "update"


def test_texts_that_share_little_are_not_laid_out() -> None:
    old = read_story(TITLE, " ".join(SENTENCES))
    new = read_story(
        "Lime trees", f"The council will plant lime trees along the road. {SENTENCES[3]} The fees pay for it."
    )
    assert assess(old, new).verdict != "duplicate"
    assert "sheet" not in vars(old) | vars(new)


def test_what_stands_in_both_texts_stands_for_itself() -> None:
    assert adopted(frozenset({"colour", "killed"}), frozenset({"color", "killed", "dead"})) == {"colour": "color"}
