"""Why a claim is kept as an event and never counted for a night: nothing ties it to one, or it is no attack.

Domain rules 9 and 12: no time words mean less confidence, and a figure that may be wrong stays out of the night.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from schemas.event import Uncounted
from workers.extract.civil import Peace, tells_of_attack
from workers.extract.confidence import confidence
from workers.extract.drafts import Draft
from workers.extract.items import Reading
from workers.extract.world import TimeMention

DOUBTFUL: Final = 0.5
"""Claims told with less are more often wrong than right (docs/extraction.md)."""
FEW: Final = 5
"""The most drones that one find of contraband is told of; a larger number is no smuggler's."""
STOCKS: Final = frozenset(
    {"produced", "delivered", "ordered", "bought", "stored", "donated", "planned", "recorded", "attended", "owned"}
)
"""Measures of making and handing over: an article that begins with one is not the report of an attack."""
BACKGROUND: Final = ("no-time-nobody-says", "about-something-else")
"""Reasons for which the claim is told as background, too."""
_THIS_NIGHT: Final = frozenset({"overnight", "last", "tonight", "this"})
"""Words that make a night the one that has just ended."""
_OPEN: Final = ("planned", "hypothetical")
_SENT: Final = frozenset({"launched", "fired"})
"""With these, as with any word of an attack, goods are only told in passing; a show launches drones as well."""
_IN_USE: Final = frozenset({"used", "employed", "deployed", "tested", "operated"})


def mark(drafts: Sequence[Draft], published: datetime | None, readings: Sequence[Reading] = ()) -> None:
    """Name on each claim of an article the reason for which it is not counted, where there is one."""
    arms = sorted((d for d in drafts if d.object != "person"), key=lambda d: d.reading.index)
    nowhere = published is None and not _anchored(drafts)
    elsewhere = bool(arms) and (arms[0].status in _OPEN or arms[0].measure in STOCKS)
    peace = Peace(readings)
    for draft in arms:
        draft.uncounted = _reason(draft, nowhere, elsewhere, peace)
        draft.recap = draft.recap or draft.uncounted in BACKGROUND


def _anchored(drafts: Sequence[Draft]) -> bool:
    """Whether anything of an article without a date says when, or who says so; a headline speaks of today."""
    return any(d.time is not None or d.claimed_by is not None or _leads(d) for d in drafts)


def _leads(draft: Draft) -> bool:
    return draft.reading.field != "text" or draft.reading.start == 0


def _reason(draft: Draft, nowhere: bool, elsewhere: bool, peace: Peace) -> Uncounted | None:
    if nowhere:
        return "no-time-nobody-says"
    if elsewhere and (draft.time is None or _any_night(draft, draft.time)):
        return "about-something-else"
    if draft.measure == "launched" and (_handed_over(draft) or _in_service(draft)):
        return "about-something-else"
    if draft.object == "drone" and draft.value <= FEW and _contraband(draft):
        return "smuggling"
    if peace.holds(draft):
        return "civil"
    return "doubtful" if confidence(draft) < DOUBTFUL else None


def _handed_over(draft: Draft) -> bool:
    """True for "the delivery comprises 1,400 drones": goods, in a sentence without an attack."""
    reading = draft.reading
    if tells_of_attack(reading) or not _SENT.isdisjoint(reading.tok.words):
        return False
    return not reading.hints.goods.isdisjoint(reading.tok.words)


def _in_service(draft: Draft) -> bool:
    """True for "a drone of their own making is now being used at the front": what is done all the time."""
    words = draft.reading.tok.words
    return any(word == "being" and words[i + 1 : i + 2] and words[i + 1] in _IN_USE for i, word in enumerate(words))


def _any_night(draft: Draft, mention: TimeMention) -> bool:
    """True for "between dusk and dawn" and "in one night", which name no night: beside deliveries they tell a need."""
    if mention.dates or mention.weekdays or mention.shift is not None or mention.clocks or mention.kind != "night":
        return False
    words = draft.reading.tok.words
    return draft.timed and ("dusk" in words or (mention.parts == ("night",) and not _THIS_NIGHT.intersection(words)))


def _contraband(draft: Draft) -> bool:
    return any("contraband" in cues for cues in draft.reading.marks.cues.values())
