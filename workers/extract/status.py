"""Whether a claim is asserted, planned, only possible, or denied; and whether it is said not to have happened."""

from __future__ import annotations

from typing import Final

from schemas.event import Status
from workers.extract.drafts import Draft
from workers.extract.items import Item

_PLANNED: Final = frozenset({"will", "shall"})
_POSSIBLE: Final = frozenset({"could", "may", "might", "would", "can", "should", "must"})
_REACH: Final = 8
_VERBAL: Final = frozenset({"aux", "v", "claims", "rel", "sub", "semi", "q"})
_COMING: Final = frozenset({"expected", "anticipated", "foreseen", "due"})
_CONCEIVABLE: Final = frozenset({"possible", "likely", "conceivable", "feasible", "realistic", "unlikely"})
_THANKS: Final = frozenset({"only", "because", "thanks", "due", "as", "since"})
"""Behind "was possible" these tell why it came about."""
_BEING: Final = frozenset({"is", "are", "was", "were"})
_TOLD: Final = frozenset({"claims", "claim", "reports", "report", "statement", "saying"})
"""Nouns of saying, over which a denial reaches: "rejected reports that 12 missiles were fired"."""


def status_of(draft: Draft) -> Status:
    """The status by the predicate's auxiliaries and the words that govern it."""
    item = draft.attachment.item if draft.attachment is not None else None
    v = item.v if item is not None else None
    if v is not None and v.modal in _PLANNED:
        return "planned"
    if v is not None and v.modal in _POSSIBLE:
        return "hypothetical"
    reading = draft.attachment_reading
    if item is not None and v is None and (ahead := reading.tok.word(item.j)) in _POSSIBLE | _PLANNED:
        return "planned" if ahead in _PLANNED else "hypothetical"  # "a 500-drone attack could follow"
    if item is not None and v is None and (told := _told_of_attack(draft)) is not None:
        return told
    n = reading.items.index(item) if item is not None else draft.reading.position[id(draft.q)]
    left = reading.items[max(0, n - _REACH) : n]
    infinitive = v is not None and (v.infinitive or v.gerund)
    return _governed(draft, left, infinitive) or _conditional(draft) or "asserted"


def _told_of_attack(draft: Draft) -> Status | None:
    """What is said of the attack: "a raid with 300 drones is planned", "packages of 900 drones were possible"."""
    reading = draft.attachment_reading
    if reading is not draft.reading:
        return None
    items, n = reading.items, reading.position[id(draft.q)] + 1
    aux = next((k for k in range(n, min(n + _REACH, len(items))) if items[k].kind in _VERBAL), None)
    if aux is None or items[aux].word not in _BEING or aux + 1 >= len(items):
        return None
    ahead = items[aux].i + 1
    if reading.tok.word(ahead) in _CONCEIVABLE and reading.tok.word(ahead + 1) not in _THANKS:
        return "hypothetical"
    coming = reading.tok.word(ahead) in _COMING or "planned" in reading.marks.cues.get(ahead, {})
    return "planned" if coming else None


def _governed(draft: Draft, left: list[Item], infinitive: bool) -> Status | None:
    """ "plans to launch", "capable of launching", "a goal of"."""
    cues = draft.attachment_reading.marks.cues
    for item in reversed(left):
        here = cues.get(item.i, {})
        if "denied" in here:
            return "denied"
        if item.q is draft.q:
            continue
        if item.kind in ("q", "semi", "stop") or (item.kind == "claims" and item.word not in _TOLD):
            return None
        if "hypothetical" in here and (
            infinitive or item.word in ("capable", "able", "possible", "potential", "if", "could", "can")
        ):
            return "hypothetical"
        if "planned" in here and (infinitive or item.word in ("goal", "plan", "plans", "target", "will", "assignment")):
            return "planned"
    return None


def _conditional(draft: Draft) -> Status | None:
    tok = draft.reading.tok
    for k in range(draft.q.i - 1, max(-1, draft.q.i - 12), -1):
        if tok.words[k] in ("if", "unless"):
            return "hypothetical"
        if tok.words[k] in (",", ";"):
            return None
    return None


def negated(draft: Draft) -> bool:
    """True for "did not shoot down 12" and "failed to intercept three"."""
    item = draft.attachment.item if draft.attachment is not None else None
    return item is not None and item.v is not None and item.v.negated
