"""Rows of a tally of losses: "10,726 (+4) tanks", "UAVs - 38,658 (+108)", on one line or on many below their head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from workers.extract.lexicon import Lexicon
from workers.extract.marks import Marks
from workers.extract.quantity import Quantity
from workers.extract.tokens import SIGN, Tokens

if TYPE_CHECKING:
    from workers.extract.drafts import Draft
    from workers.extract.items import Reading

_CHANGE: Final = 9
"""Tokens of the longest change in brackets: "(+8 over the past day)"."""
_SIGNED: Final = frozenset({"+", "-", "\u2013"})
_DASHES: Final = frozenset({"-", "\u2013", ":"})
_NAME: Final = 7
"""Tokens of the longest name of a kind in front of its dash: "UAVs of the operational-tactical level"."""
_LOSSES: Final = "losses"
_HEADING: Final = frozenset({_LOSSES, "+"})
"""Words in front of a row that make it one: the losses of a head, the change of a row before."""
_EVER: Final = frozenset({"total", "overall", "cumulative", "since", "between", "from", "start", "beginning", "as"})
"""Words of a head that says that the whole war is counted: "total losses as of 3 June"."""
_SO_FAR: Final = frozenset({"since", "total", "altogether"})
_CAMPAIGN: Final = "operation"
_LINES: Final = 24
"""Lines below the head of a tally that may be its rows."""


def take_the_change(tok: Tokens, q: Quantity) -> None:
    """Take the change in brackets behind a figure or its noun: "304 (+0) aircraft", "61,205 UAVs (+212)"."""
    k = q.j
    if tok.word(k) != "(" or tok.word(k + 1) not in _SIGNED or not tok.word(k + 2)[:1].isdigit():
        return
    end = next((n for n in range(k + 3, min(k + _CHANGE, len(tok))) if tok.word(n) == ")"), None)
    if end is not None:
        q.changed, q.j = True, end + 1


def takes_the_noun_in_front(marks: Marks, q: Quantity) -> bool:
    """Give a figure behind a dash the noun in front of it: "aircraft - 304 (+0)", "losses: tanks - 14, UAVs - 3"."""
    tok, dash = marks.tok, q.i - 1
    if dash < 1 or tok.word(dash) not in _DASHES or not (q.changed or _HEADING.intersection(tok.words[:dash])):
        return False
    for k in range(dash - 1, max(-1, dash - 1 - _NAME), -1):
        if k in marks.nouns and marks.nouns[k][0] <= dash:
            opens = k == 0 or tok.kinds[k - 1] == SIGN
            if marks.nouns[k][1].plural and (opens or tok.word(dash) != ":"):
                q.noun, q.model = marks.nouns[k][1], marks.nouns[k][1].model
            return q.noun is not None
        if tok.kinds[k] == SIGN and tok.word(k) != "-":
            break
    return False


def head_of(reading: Reading, q: Quantity) -> Reading | None:
    """The sentence with a colon that says whose losses the rows below it are, this one or one before."""
    words = reading.tok.words[: q.i]
    if ":" in words:
        return reading if _LOSSES in words[: words.index(":")] else None
    head = heading(reading)
    return head if head is not None and _LOSSES in head.tok.words else None


def heading(reading: Reading) -> Reading | None:
    """The line with a colon at its end of which a line is a row; None where it is none."""
    line = reading
    for _ in range(_LINES):
        above = line.previous
        if above is None or not line.opens:
            return None
        if above.tok.words[-1:] == [":"]:
            return above
        line = above
    return None


def of_a_war(reading: Reading) -> bool:
    """True for "since the conflict began": a sentence that counts all of a war so far."""
    words = reading.tok.words
    if _SO_FAR.isdisjoint(words):
        return False
    return _CAMPAIGN in words or any("war" in cues for cues in reading.marks.cues.values())


def counts_the_war(head: Reading, q: Quantity) -> bool:
    """True where the row counts all losses so far: by its change in brackets, or by the words of its head."""
    return q.changed or not _EVER.isdisjoint(head.tok.words)


def count_as_losses(new: Sequence[Draft], lexicon: Lexicon) -> None:
    """In "destroyed 627 aircraft, 900 drones and 40 tanks" the drones are losses too, and were not shot down.

    Beside aircraft alone they are losses where all of a war is counted.
    """
    lost = {"thing"} | ({"craft"} if new and of_a_war(new[0].reading) else set())
    wrecked = {id(d.attachment.item) for d in new if d.attachment and lexicon.kinds[d.object] in lost}
    if not wrecked:
        return
    for draft in new:
        tie = draft.attachment
        if tie is None or id(tie.item) not in wrecked or draft.measure != "intercepted" or tie.item.v is None:
            continue
        if all("destroyed" in (s.patient.get("thing"), s.patient.get("craft")) for s in tie.item.v.senses):
            draft.measure = "destroyed"
            draft.attachment = replace(tie, measure="destroyed")
