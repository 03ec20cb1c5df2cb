"""Figures without a noun that somebody tells of what was counted last, and figures that stand beside their noun."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from workers.extract.corrections import taken_back
from workers.extract.drafts import Draft
from workers.extract.items import Item, Reading
from workers.extract.quantity import Quantity
from workers.extract.ties import Attachment, TieMaker

_SPOKE: Final = frozenset({"spoke", "speaks", "speak", "wrote", "writes", "told", "tells", "talked", "talks", "spoken"})
_GAVE: Final = frozenset({"given", "gave", "gives", "cites", "cited", "counted", "counts", "names", "named"})
_THEN: Final = frozenset({"then", "now", "later", "soon", "meanwhile"})
_COMES_TO: Final = frozenset({("it", "was"), ("it", "is"), ("there", "were"), ("there", "are")})
_CLOSED: Final = frozenset({"comma", "prep", "stop", "close", "sub", "v"})
"""What stands behind a figure that was set beside its noun."""
_WITHIN: Final = frozenset({"det", "w", "adv", "skip", "noun", "geo", "poss", "prep", "subset", "conj", "additional"})
_SETS_OFF: Final = frozenset({",", "(", "["})
_REACH: Final = 8
"""Items from a verb to the figure beside its noun."""
_RECENT: Final = 4
"""How many claims back the one may be that is told again."""


def retold(
    reading: Reading, q: Quantity, found: Sequence[Attachment], new: Sequence[Draft], told: Sequence[Draft]
) -> Draft | None:
    """ "The governor spoke of eleven", "then it was 21": counts what the claim told last counts."""
    said = q.elided and not any(a.modifies for a in found)  # "spoke of three killed" says itself what it counts
    back = said and taken_back(reading, q)
    if not said or not (back or _says(reading, q) or _goes_on(q, new)):
        return None
    row = [*told[-_RECENT:], *(d for d in new if d.way != "retold")]
    if not row:
        return None
    last = _kind_of(reading, q, row, new)
    while back and last.head is not None:
        last = last.head  # "an earlier version gave the number as 84": the number of all
    draft = Draft(reading, q, last.object, last.measure, "retold", None, q.number.value, q.number.high)
    draft.attachment, draft.source, draft.additional = last.attachment, last.attachment_reading, q.additional
    return draft


def _says(reading: Reading, q: Quantity) -> bool:
    """True behind "spoke of", "had given" and "then it was"."""
    words = reading.tok.words
    one, two = (words[q.i - k] if q.i >= k else "" for k in (1, 2))
    if one == "of":
        return two in _SPOKE
    return one in _GAVE or ((two, one) in _COMES_TO and _at_another_time(reading, q, two))


def _at_another_time(reading: Reading, q: Quantity, subject: str) -> bool:
    """True for "Then it was 21" and "By dawn there were 21", and where "it" opens the sentence."""
    front = [item for item in reading.items[: max(0, reading.position[id(q)] - 2)] if item.kind != "comma"]
    if not front:
        return subject == "it"
    return front[-1].kind == "time" or front[-1].word in _THEN


def _goes_on(q: Quantity, new: Sequence[Draft]) -> bool:
    """True for the second of "wrote of five more, at 2.40 of another three" and of "given 128 and six"."""
    if not new or new[-1].way != "retold":
        return False
    words = new[-1].reading.tok.words
    return words[q.i - 1] == "of" or words[new[-1].q.j : q.i] == ["and"]


def _kind_of(reading: Reading, q: Quantity, row: Sequence[Draft], new: Sequence[Draft]) -> Draft:
    """The claim that is told again; of two kinds told together the first figure is the first kind's."""
    n = reading.position[id(q)]
    ahead = reading.items[n + 1 : n + 3]
    pair = [item.kind for item in ahead] == ["conj", "q"] and ahead[1].q is not None and ahead[1].q.elided
    beside = len(row) > 1 and row[-2].reading is row[-1].reading and row[-2].measure == row[-1].measure
    return row[-2] if pair and beside and not _goes_on(q, new) else row[-1]


def beside_noun(maker: TieMaker, reading: Reading, q: Quantity) -> Attachment | None:
    """ "shot down most of the drones, 41, over the south": the tie of the noun in front; gives the figure that noun."""
    if not q.elided or reading.tok.word(q.i - 1) not in _SETS_OFF:
        return None
    n = reading.position[id(q)]
    items = reading.items
    if n < 2 or items[n - 1].kind not in ("comma", "open") or items[n - 2].kind != "noun":
        return None
    after = items[n + 1] if n + 1 < len(items) else None
    noun = reading.marks.nouns[items[n - 2].i][1]
    if noun.kind not in ("air", "craft", "person") or not noun.plural or (after and after.kind not in _CLOSED):
        return None
    q.noun = noun
    tie = _behind(maker, reading, q, items, n) or _in_front(maker, reading, q, items, n - 3)
    q.noun = noun if tie is not None else None
    return tie


def _behind(maker: TieMaker, reading: Reading, q: Quantity, items: list[Item], n: int) -> Attachment | None:
    """The tie to the verb behind: "most of the drones, 41, were shot down"."""
    verb = items[n + 2] if n + 2 < len(items) and items[n + 1].kind in ("comma", "close") else None
    if verb is None or verb.v is None:
        return None
    return maker.make(reading, q, verb, "passive" if verb.v.voice == "passive" else "subject")


def _in_front(maker: TieMaker, reading: Reading, q: Quantity, items: list[Item], n: int) -> Attachment | None:
    """The tie to the verb in front of the noun."""
    way = "object"
    for item in reversed(items[max(0, n - _REACH) : n + 1]):
        if item.v is not None:
            return maker.make(reading, q, item, way) if item.v.voice == "active" else None
        if item.kind not in _WITHIN:
            return None
        way = "instrument" if item.word == "with" else way
    return None
