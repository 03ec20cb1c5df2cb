"""One thing told without a number: whether "a drone" or "the missile" of a sentence is a count of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from workers.extract.civil import of_peace
from workers.extract.drafts import Draft
from workers.extract.headlines import joined_to_a_count
from workers.extract.items import Reading
from workers.extract.quantity import Quantity
from workers.extract.ties import Attachment

_HARM: Final = frozenset({"killed", "injured"})
_BEFORE: Final = frozenset({"launched", "entered"})
_AFTER: Final = frozenset({"intercepted", "lost", "hit"})
_SIDE_CLAUSES: Final = frozenset({"when", "after", "as", "if", "where", "before", "how", "whether"})
_CLAUSE_REACH: Final = 6
"""Items in front of "a drone" in which its clause may begin."""


def is_doubtful(reading: Reading, q: Quantity, found: Sequence[Attachment], last: Draft | None) -> bool:
    """ "a drone" in a side clause, in a look back, or as something that is being done: no claim of one.

    Nor is "the missile", unless `last`, the claim told last, is the one that was fired.
    """
    if q.number.kind != "article" or q.number.value != 1:
        return False
    if reading.tok.word(q.number.i) == "the" and not _is_the_last(reading, q, found, last):
        return True
    n = reading.position[id(q)]
    if (n + 1 < len(reading.items) and reading.items[n + 1].kind == "claims") or of_peace(reading, q):
        return True
    if joined_to_a_count(reading, n):
        return False
    aside = _in_a_side_clause(reading, q, n, found)
    return _is_weak(reading, q, found) if aside is None else aside


def _in_a_side_clause(reading: Reading, q: Quantity, n: int, found: Sequence[Attachment]) -> bool | None:
    """Whether the clause is one in which "a drone" counts nothing; None where it is a main clause."""
    for item in reversed(reading.items[max(0, n - _CLAUSE_REACH) : n]):
        if reading.tok.words[item.i : item.i + 3] == ["as", "a", "result"]:
            return False
        if item.kind == "sub" and item.word in _SIDE_CLAUSES:
            told = (item.word == "as" and _fired_from(reading, q, found)) or (
                item.word == "where" and any(map(_done, found))
            )
            return not told
        if item.kind in ("v", "comma", "claims", "rel"):
            break
    return None


def _is_weak(reading: Reading, q: Quantity, found: Sequence[Attachment]) -> bool:
    """True where what ties "a drone" to its measure tells of no one drone that something became of."""
    lost = any(a.measure == "lost" for a in found) and (q.noun is None or q.noun.kind == "air")
    if lost or any(a.way in ("instrument", "nominal") and a.measure != "killed" for a in found):
        return True
    if found and all(a.way in ("relative", "described") for a in found):
        return True
    weak = any(a.item.nominal is not None and a.item.nominal.weak for a in found)
    return weak or any(_unfinished(reading, a) for a in found)


def _unfinished(reading: Reading, a: Attachment) -> bool:
    v = a.item.v
    if v is not None and v.gerund and a.measure in _HARM and reading.tok.word(v.i - 1) == ",":
        return False  # "a drone hit a house, killing a man"
    words = reading.tok.words[v.i : v.j] if v is not None else []
    said = any(item.kind == "claims" for item in reading.items if item.i < a.item.i)
    if said and "had" in words:
        return False
    return bool(words) and (words[0] == "being" or "had" in words or (v is not None and v.gerund))


def _done(a: Attachment) -> bool:
    """True for what a clause with "where" tells as done to people."""
    v = a.item.v
    return v is not None and v.modal is None and not v.perfect and a.measure in _HARM and a.way == "passive"


def _fired_from(reading: Reading, q: Quantity, found: Sequence[Attachment]) -> bool:
    """True for "sirens sounded as a missile was fired from Yemen": what set them off is told with its origin."""
    words, geo = reading.tok.words, reading.marks.geo
    fired = any(a.way == "passive" and a.measure == "launched" for a in found)
    return fired and any(words[k - 1] == "from" and k in geo for k in range(q.j, len(words)))


def _is_the_last(reading: Reading, q: Quantity, found: Sequence[Attachment], last: Draft | None) -> bool:
    """True for "The missile was intercepted" right after a sentence that told of one that was fired."""
    if last is None or (last.value, last.object) != (1, q.object) or last.measure not in _BEFORE:
        return False
    near = last.reading.index + 1 == reading.index and last.reading.field == reading.field
    return near and any(a.way == "passive" and a.measure in _AFTER for a in found)
