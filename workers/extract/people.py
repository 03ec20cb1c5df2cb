"""People told one by one, and people whom the lexicon does not know by their work but a verb of harm tells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from workers.extract.lexicon import NominalSense, NounSense
from workers.extract.marks import Marks
from workers.extract.numerals import Number
from workers.extract.quantity import Quantity
from workers.extract.tokens import NUMBER, WORD, Tokens

KIN: Final = frozenset({"his", "her", "their"})
"""Before a relative these make one person more: "a boy and his grandfather were killed"."""
PEOPLE: Final = NounSense("person", "person")
"""What "no one" counts, and "three electricians were wounded"."""
OPENS_AN_ASIDE: Final = frozenset({",", "-", "\u2013", "("})
"""Behind a count of people these open what says who they are: "two people (a man and his son)"."""
_AGES_OF: Final = ("of", "aged")
_TENS_OF: Final = ("his", "her", "their", "the")
_AGED_ASIDE: Final = (",", "(")
_HARMED: Final = frozenset(
    {"killed", "wounded", "injured", "died", "hurt", "perished", "drowned", "hospitalised", "hospitalized", "treated"}
)
_HARMING: Final = frozenset({"killed", "killing", "kills", "wounded", "wounding", "injured", "injuring"})
_BEFORE: Final = frozenset(
    {"was", "were", "is", "are", "has", "have", "had", "been", "being", "also", "both", "reportedly", "each", "all"}
)
_IDLE: Final = frozenset({"compound", "everyday", "numbered", "office"})
"""Cues of words that may stand in the name of a trade: "crane operator", "fleet mechanic"."""
_BODIES: Final = frozenset({"body", "bodies", "corpse", "remains"})
_HANDED: Final = frozenset(
    {"handed", "handing", "hand", "repatriated", "repatriation", "exchanged", "exchange", "exchanges", "swap"}
    | {"swapped", "transferred", "transfer", "returned", "return"}
)
_CAME: Final = frozenset({"occurred", "happened", "came", "followed"})
"""Verbs of deaths."""
_FALLEN: Final = frozenset({"fallen", "soldiers", "servicemen", "defenders", "troops", "fighters", "personnel"})
_PHRASE: Final = 3
"""Words of the longest name of a trade: "power line fitters"."""
_REACH: Final = 9
"""Words from the first of them to the verb of harm."""


def harmed(marks: Marks, start: int) -> int:
    """The end of the words at `start` that a verb of harm follows: "three electricians were wounded"; 0 for none."""
    tok = marks.tok
    if _HARMED.isdisjoint(tok.words[start : start + _REACH]):
        return 0  # most sentences: so that no place is looked up for them
    for k in range(start, min(start + _PHRASE + 1, len(tok))):
        word = tok.words[k]
        if word in _BEFORE or word in _HARMED:
            return k if k > start and _follows(marks, k) and tok.words[k - 1] not in marks.hints.animals else 0
        if not _plain(marks, k):
            return 0
    return 0


def harmed_by(marks: Marks, before: int, start: int) -> int:
    """The end of the words at `start` behind a verb of harm: "killed two fitters"; 0 where none stands there."""
    tok = marks.tok
    if tok.word(before - 1) not in _HARMING:
        return 0
    end = start
    while end < min(start + _PHRASE, len(tok)) and _plain(marks, end):
        end += 1
        if tok.words[end - 1].endswith("s"):
            break
    last = tok.words[end - 1]
    return end if end > start and last.endswith("s") and last not in marks.hints.animals else 0


def past_age(tok: Tokens, k: int) -> int:
    """The token behind an article and an age: "a boy", "a 12-year-old boy"; `k` itself where no article stands."""
    if tok.word(k) not in ("a", "an"):
        return k
    return k + 6 if tok.word(k + 5) == "old" and tok.word(k + 3) == "year" else k + 1


def handed_over(nominal: NominalSense, words: Sequence[str]) -> bool:
    """True for "received the bodies of 900 soldiers": the dead of another day, whom nobody counts as killed in this."""
    if nominal.word not in _BODIES:
        return False
    return not _HANDED.isdisjoint(words) or ("received" in words and not _FALLEN.isdisjoint(words))


def _plain(marks: Marks, k: int) -> bool:
    """True for a word that means nothing to the lexicon."""
    known = k in marks.nouns or k in marks.verbs or k in marks.nominals
    if known or marks.tok.kinds[k] != WORD or marks.place_at(k) is not None:
        return False
    return marks.cues.get(k, {}).keys() <= _IDLE


def _follows(marks: Marks, k: int) -> bool:
    """True where a verb of harm comes after auxiliaries and adverbs only."""
    words = marks.tok.words
    while k < len(words) and (words[k] in _BEFORE or words[k].endswith("ly")):
        k += 1
    return k < len(words) and words[k] in _HARMED


def of_a_name(marks: Marks, k: int) -> bool:
    """True behind the comma of "Amir Sohail, 22, a resident of Multan", who is counted before."""
    if marks.tok.word(k) != "," or k < 3 or marks.tok.kinds[k - 1] != NUMBER:
        return False
    return marks.tok.word(k - 2) == "," and marks.tok.capital(k - 3)


def summed(marks: Marks, found: list[Quantity]) -> list[Quantity]:
    """ "a woman and a child" are two, "a man, a woman and a boy" three: one claim of people told one by one."""
    _take_the_dead(found)
    _count_couples(marks.tok, found)
    rows: list[list[Quantity]] = []
    for q in found:
        last = rows[-1] if rows else []
        if last and _one_person(last[-1]) and _one_person(q) and _joined(marks.tok, last[-1].j, q.i):
            last.append(q)
        else:
            rows.append([q])
    told: list[Quantity] = []
    for row in rows:
        told.extend(_together(marks, row, told[-1] if told else None))
    return [q for q in told if marks.tok.word(q.number.i) not in KIN]


def _take_the_dead(found: list[Quantity]) -> None:
    """Give "nine" its noun in "Of the 14 deaths, nine occurred in hospital and five at home"."""
    whole = found[0]
    if whole.share and whole.count is not None and whole.count.count == "killed":
        for q in found[1:]:
            if (q.elided or q.unknown in _CAME) and q.number.value < whole.number.value:
                q.count, q.pointing, q.unknown = whole.count, True, None


def _count_couples(tok: Tokens, found: list[Quantity]) -> None:
    """Make "an elderly couple" two."""
    for q in found:
        if _one_person(q) and tok.word(q.j - 1) == "couple":
            q.number = Number(q.number.i, q.number.j, 2, kind="article")


def _joined(tok: Tokens, end: int, start: int) -> bool:
    """True where a comma or "and" joins two people, behind the age of the first."""
    return tok.words[_behind_age(tok, end) : start] in (["and"], [","], [",", "and"])


def _behind_age(tok: Tokens, k: int) -> int:
    """The token behind an age at `k`: ", 44", "(44)", "of 44", "aged 44", "in his 40s"; `k` itself for none."""
    word = tok.word
    if word(k) in _AGED_ASIDE:
        n = k + 1 + (word(k + 1) == "aged")
        return n + 1 + (word(k) == "(") if word(n).isdecimal() and word(n + 1) in (",", ")") else k
    if word(k) in _AGES_OF and word(k + 1).isalnum():
        return k + 2
    if word(k) == "in" and word(k + 1) in _TENS_OF:
        n = k + 2 + 2 * (word(k + 3) == "-") + (word(k + 2) in ("early", "mid", "late") and word(k + 3) != "-")
        return n + 1 + (word(n + 1) == "s")
    return k


def _one_person(q: Quantity) -> bool:
    """True for "a woman", "a 12-year-old boy"."""
    return q.number.kind == "article" and q.number.value == 1 and q.noun is not None and q.noun.kind == "person"


def _together(marks: Marks, row: list[Quantity], before: Quantity | None) -> list[Quantity]:
    """The sum of people joined by "and"; what is only set beside each other by commas stays apart.

    None of them counts where all are those of the figure in front: "two people, a man and a woman".
    """
    first, last = row[0], row[-1]
    if first.apposed:
        if before is not None and before.j == first.i - 1 and before.number.value == sum(q.number.value for q in row):
            return []
        if marks.tok.word(first.i - 1) == ",":
            return _together(marks, row[1:], before) if len(row) > 1 else []
    if len(row) == 1 or marks.tok.word(last.i - 1) != "and":
        return row
    first.number = Number(first.number.i, first.number.j, len(row), kind="article")
    first.noun, first.model, first.j = PEOPLE, None, last.j
    return [first]
