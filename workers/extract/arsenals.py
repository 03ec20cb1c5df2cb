"""Who attacks where no word says so: the side that has the weapon, or the one that haunts the waters."""

from __future__ import annotations

from workers.extract.drafts import FLOWN, Draft
from workers.extract.frames import Frames
from workers.extract.lexicon import Lexicon


def owner_of(draft: Draft, frames: Frames, lexicon: Lexicon) -> str | None:
    """The side that fires a weapon which only one side of the article has: Kalibrs, Storm Shadows."""
    owners = lexicon.spec.arsenals.get(draft.q.model or "", ())
    if not owners or draft.measure not in FLOWN:
        return None
    fitting = [side for side in owners if side != draft.target]
    fighting = [side for side in fitting if draft.target in lexicon.conflicts.get(side, ())]
    if len(fighting) == 1:
        return fighting[0]
    if len(owners) > 1:
        fitting = [side for side in fighting or fitting if frames.voices[side]]
    return fitting[0] if len(fitting) == 1 else None


def user_of(draft: Draft, lexicon: Lexicon) -> str | None:
    """The side that fires at its enemy what the nation named with the weapon only sells: "American ATACMS"."""
    maker, target = draft.attacker, draft.target
    enemies = lexicon.conflicts.get(target or "", ())
    if maker in enemies or target in lexicon.conflicts.get(maker or "", ()):
        return None
    return next((side for side in enemies if maker in lexicon.spec.suppliers.get(side, ())), None)


def haunter_of(draft: Draft, lexicon: Lexicon) -> str | None:
    """Who attacks in the waters or the country of the claim, or of its sentence, unless it is not who is hit there."""
    near = [draft.place, *draft.reading.marks.geo.values()]
    named = (geo for geo in near if geo is not None and geo.place is not None and geo.place.name in lexicon.spec.haunts)
    geo = next(named, None)
    if geo is None or geo.place is None:
        return None
    side = lexicon.spec.haunts[geo.place.name]
    fights = draft.target is None or draft.target in lexicon.conflicts.get(side, ())
    convoys = geo.kind == "water" and draft.measure == "intercepted" and draft.target not in lexicon.conflicts
    return side if fights or convoys else None  # "shot down by an Italian frigate", which is at war with nobody
