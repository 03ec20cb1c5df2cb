"""Whose losses a tally tells: "the enemy also lost 97 UAVs" counts what its owner has no more, not an attack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from workers.extract.doers import code_of
from workers.extract.drafts import Draft
from workers.extract.frames import Frames
from workers.extract.items import Reading

_LOST: Final = frozenset({"lose", "be lost"})
_TRACK: Final = frozenset({"radar", "radars", "track", "sight", "contact", "course", "control"})
"""Words that make a drone that was lost one that was jammed or out of sight."""
_TALLY: Final = "losses"
_REACH: Final = 10
"""Tokens around "lost" or "losses" in which their owner stands."""
_ROW: Final = 2
"""Figures of one verb from which they are a tally."""
_OWNED: Final = frozenset({"destroyed", "lost", "killed", "casualties"})


def settle(draft: Draft, drafts: Sequence[Draft], frames: Frames) -> None:
    """Give a loss of equipment its owner as the target and the owner's enemy as the attacker."""
    at = _place_of_loss(draft)
    if at is None:
        _announced(draft, drafts, frames)
        return
    loser = _owner(draft, at, drafts, frames)
    if loser is None:
        return
    draft.target, draft.attacker = loser, frames.enemy(loser)
    draft.notes.add("doer")
    if draft.measure == "lost" and (draft.object == "drone" or draft.q.changed):
        draft.measure = "destroyed"


def _announced(draft: Draft, drafts: Sequence[Draft], frames: Frames) -> None:
    """Who announces a row of equipment that "has been destroyed" has destroyed it."""
    tie, side = draft.attachment, draft.claimant
    if tie is None or tie.item.v is None or tie.item.v.voice != "passive" or draft.measure != "destroyed":
        return
    row = sum(d.attachment is not None and d.attachment.item is tie.item for d in drafts)
    if row < _ROW or draft.attacker or draft.target or side is None or (enemy := frames.enemy(side)) is None:
        return
    draft.attacker, draft.target = side, enemy
    draft.notes.add("doer")


def _place_of_loss(draft: Draft) -> int | None:
    """The token of "lost" with an owner as its subject, or of the "losses" that a list of figures belongs to."""
    if draft.measure not in _OWNED:
        return None
    tie, reading = draft.attachment, draft.attachment_reading
    if tie is None and draft.object == "person" and draft.source is None:
        return None
    if tie is None:
        words = reading.tok.words[: draft.q.i] if reading is draft.reading else reading.tok.words
        return words.index(_TALLY) if _TALLY in words else None
    v = tie.item.v
    if v is None or v.voice != "active" or tie.way != "object" or not any(s.lemma in _LOST for s in v.senses):
        return None
    return tie.item.i if _TRACK.isdisjoint(reading.tok.words) else None


def _owner(draft: Draft, at: int, drafts: Sequence[Draft], frames: Frames) -> str | None:
    """The side named right in front of the loss, or behind "losses of"; "the enemy" is that of the one who speaks."""
    reading = draft.attachment_reading
    for i in _around(reading, at):
        geo = reading.marks.geo.get(i)
        if geo is not None and (code := code_of(geo)) is not None:
            return code
        if "enemy" in reading.marks.cues.get(i, ()):
            return _enemy(draft, drafts, frames) or _enemy_of_the_first(reading, frames)
    return None


def _around(reading: Reading, at: int) -> list[int]:
    """The tokens from a loss to the left, and those behind "losses of" first."""
    behind = range(at + 2, at + 5) if reading.tok.word(at + 1) == "of" else range(0)
    return [*behind, *range(at - 1, max(-1, at - _REACH), -1)]


def _enemy_of_the_first(reading: Reading, frames: Frames) -> str | None:
    """The enemy of the side named first: "Ukraine's General Staff has updated the enemy's losses"."""
    named = (code_of(geo) for _, geo in sorted(reading.marks.geo.items()))
    return next((enemy for code in named if code and (enemy := frames.enemy(code)) is not None), None)


def _enemy(draft: Draft, drafts: Sequence[Draft], frames: Frames) -> str | None:
    """The enemy of the side that speaks, or who attacks in the claims told before."""
    if draft.claimant is not None and (enemy := frames.enemy(draft.claimant)) is not None:
        return enemy
    before = drafts[: drafts.index(draft)]
    told = (o for o in reversed(before) if o.attacker and o.object != "person" and o.measure != "destroyed")
    return next((other.attacker for other in told), None)
