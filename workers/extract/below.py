"""Figures behind a colon whose verb stands before it: "air defence shot down: 5 missiles", on one line or below it."""

from __future__ import annotations

from typing import Final

from workers.extract.drafts import Draft
from workers.extract.items import Item, Reading
from workers.extract.quantity import Quantity
from workers.extract.tallies import heading
from workers.extract.ties import Attachment, TieMaker

_ROW: Final = 14
"""Items from a colon to a figure of its row."""
_HEAD: Final = 10
"""Items in front of a colon in which the verb must stand."""
_LISTED: Final = frozenset({"comma", "conj", "semi", "q", "dash"})
_WITH: Final = frozenset({"with", "using"})
_BEHIND: Final = frozenset(
    {"time", "geo", "prep", "det", "w", "adv", "skip", "poss", "noun", "sub", "conj", "dash"}
    | {"comma", "office", "claims"}
)
"""Kinds of items between the verb and its colon: "shot down over Ukraine last night:"."""


def below(maker: TieMaker, reading: Reading, q: Quantity) -> Draft | None:
    """The draft of a figure of what flies, by the verb in front of its colon; None where there is none."""
    if q.noun is None or q.noun.kind not in ("air", "craft"):
        return None
    n = reading.position[id(q)]
    start = n
    while start > max(0, n - _ROW) and reading.items[start - 1].kind in _LISTED:
        start -= 1
    if start and reading.items[start - 1].kind == "colon":
        head, tie = None, _hung(maker, reading, q, reading.items[: start - 1])
    else:
        head = heading(reading) if start == 0 else None
        tie = _hung(maker, head, q, head.items[:-1]) if head is not None else None
    if tie is None:
        return None
    draft = Draft(reading, q, q.object or "", tie.measure, tie.way, tie, q.number.value, q.number.high, source=head)
    draft.additional = q.additional
    return draft


def _hung(maker: TieMaker, reading: Reading, q: Quantity, row: list[Item]) -> Attachment | None:
    """The tie to the last verb in front of the colon, where that has no figure of its own."""
    armed = bool(row) and row[-1].word in _WITH
    for item in reversed(row[-_HEAD:]):
        if item.v is not None:
            tie = maker.make(reading, q, item, "instrument" if armed else _way(item))
            return tie if armed or _is_done_to(item) else None
        if item.kind not in _BEHIND:
            return None
    return None


def _way(item: Item) -> str:
    """How what follows a verb and its colon stands to it."""
    return "object" if item.v is not None and item.v.voice == "active" else "passive"


def _is_done_to(item: Item) -> bool:
    """True for "shot down:"; "attacked Odesa:" is followed by what it was attacked with."""
    assert item.v is not None
    return not any(s.launch or s.agent.get("air") == "launched" for s in item.v.senses)
