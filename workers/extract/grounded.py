"""Weapons destroyed before they flew: "destroyed four missiles that were prepared to launch" shot nothing down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from workers.extract.drafts import Draft
from workers.extract.items import Reading

GROUNDED: Final = "grounded"
"""The note of a weapon that was destroyed where it stood: whose it was is its target."""
_WRECKED: Final = frozenset({"destroyed", "hit"})
"""What a verb does to things that stand: one that can only bring down what flies has neither."""
_READY: Final = frozenset({"prepared", "preparing", "prepped", "readied", "ready", "readying", "poised", "loaded"})
_TO_FIRE: Final = frozenset({"launch", "fire", "firing", "launching", "launched", "fired", "takeoff", "use"})
_READY_REACH: Final = 5
"""Words from "ready" to the launch that it is for."""
_HOLDING: Final = frozenset({"held", "controlled"})
_GROUNDS: Final = frozenset({"area", "areas", "part", "parts", "territory", "region", "regions"})
_HELD_REACH: Final = 4
"""Words back from "held" to the "in" that says where they stood."""
_STANDING: Final = frozenset({("the", "ground"), ("launch", "site"), ("launch", "sites"), ("launching", "position")})
_STANDS_AT: Final = frozenset({"on", "at", "in"})
_MOBILE: Final = "mobile"


def count_as_grounded(new: Sequence[Draft]) -> None:
    """Turn the interceptions of a sentence that were none into losses of who owned the weapons."""
    for draft in new:
        tie = draft.attachment
        if tie is None or draft.measure != "intercepted" or tie.item.v is None:
            continue
        wrecks = all(
            not _WRECKED.isdisjoint((s.patient.get("thing"), s.patient.get("craft"))) for s in tie.item.v.senses
        )
        if wrecks and _stood(draft.attachment_reading, draft):
            draft.measure = "destroyed"
            draft.attachment = replace(tie, measure="destroyed")
            draft.notes.add(GROUNDED)


def _stood(reading: Reading, draft: Draft) -> bool:
    """Whether the sentence says of its weapons that they stood somewhere, or waited to be fired."""
    words = reading.tok.words
    own = draft.reading.tok.words[draft.q.i : draft.q.j]
    return _MOBILE in own or _were_ready(words) or _on_held_ground(reading) or _on_the_ground(words)


def _were_ready(words: Sequence[str]) -> bool:
    """True for "being readied for launch" and "prepared to fire"."""
    ready = (n for n, word in enumerate(words) if word in _READY)
    return any(not _TO_FIRE.isdisjoint(words[n + 1 : n + _READY_REACH]) for n in ready)


def _on_held_ground(reading: Reading) -> bool:
    """True for "in a Houthi-controlled area", "in rebel-held Yemen", and not for what came down over one."""
    words, marks = reading.tok.words, reading.marks
    held = (n for n, word in enumerate(words) if word in _HOLDING and "in" in words[max(0, n - _HELD_REACH) : n])
    return any(words[n + 1 : n + 2] and (words[n + 1] in _GROUNDS or marks.place_at(n + 1)) for n in held)


def _on_the_ground(words: Sequence[str]) -> bool:
    """True for "on the ground" and "at a launch site"."""
    found = (n for n, pair in enumerate(pairwise(words)) if pair in _STANDING)
    return any(not _STANDS_AT.isdisjoint(words[max(0, n - 2) : n]) for n in found)
