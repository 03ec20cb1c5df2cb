"""Figures that no longer hold: "an earlier version gave the number as 84", "had at first said 84", "not 84"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from workers.extract.drafts import Draft
from workers.extract.items import Reading
from workers.extract.quantity import Quantity

REPLACED: Final = "replaced"
"""The note of a draft whose figure the article itself takes back."""

_FEWEST: Final = 2
"""The least figure of which "not" tells that it is wrong: "not one" only denies."""
_REACH: Final = 14
"""Words in front of a figure in which its sentence says that it was a mistake or an earlier one."""
_BEHIND: Final = 8
"""Words behind a figure in which it says so."""
_REVISED: Final = 5
"""Words around a figure in which it may be said to replace another one."""
_EARLIER: Final = frozenset({"earlier", "initial", "original", "first", "preliminary", "provisional", "previous"})
_VERSIONS: Final = frozenset(
    {"version", "versions", "edition", "draft", "dispatch", "story", "article", "bulletin", "headline", "post"}
)
_FIGURES: Final = frozenset(
    {"figure", "figures", "number", "count", "tally", "estimate", "claim", "statement", "report"}
)
_STANDING: Final = frozenset({"previous"})
"""Words that also tell the figure of another time: "the previous figure"."""
_WRONG: Final = frozenset(
    {"mistakenly", "wrongly", "erroneously", "incorrectly", "inaccurately", "misstated", "misreported", "mistaken"}
)
_MISTAKE: Final = (("in", "error"), ("by", "mistake"), ("was", "wrong"), ("were", "wrong"), ("was", "incorrect"))
_AT_FIRST: Final = frozenset({"earlier", "initially", "originally", "previously", "first"})
_ALONE: Final = frozenset({"initially", "originally"})
"""Words that need no "had": "the ministry initially said"."""
_TOLD: Final = frozenset(
    {
        "said",
        "put",
        "reported",
        "given",
        "gave",
        "announced",
        "claimed",
        "spoken",
        "spoke",
        "stated",
        "counted",
        "listed",
    }
)
_INSTEAD: Final = (("instead", "of"), ("rather", "than"))
_CORRECTING: Final = frozenset({"corrected", "corrects", "correcting", "correction", "lowered", "revised", "amended"})
_TIMES: Final = frozenset({"night", "day", "24h", "unknown"})


def taken_back(reading: Reading, q: Quantity) -> bool:
    """Whether the words around a figure say that it was a mistake, or what was said before another one."""
    words, i = reading.tok.words, q.i
    two = tuple(words[max(0, i - 2) : i])
    if two[-1:] == ("not",) and q.number.kind != "article" and q.number.value >= _FEWEST:
        return True
    before = words[max(0, i - _REACH) : i]
    if two in _INSTEAD or (two[-1:] == ("from",) and not _CORRECTING.isdisjoint(before)):
        return True
    behind = words[q.j : q.j + _BEHIND]
    mistaken = not _WRONG.isdisjoint(before) or not _WRONG.isdisjoint(behind) or _has_pair(behind, _MISTAKE)
    return mistaken or _has_pair(before, _MISTAKE) or _of_an_earlier_telling(before) or _at_first(before)


def _has_pair(words: Sequence[str], pairs: Sequence[tuple[str, str]]) -> bool:
    return any(pair in pairs for pair in pairwise(words))


def _of_an_earlier_telling(words: Sequence[str]) -> bool:
    """True behind "an earlier version" and "its initial figure"."""
    pairs = [(one, two) for one, two in pairwise(words) if one in _EARLIER]
    return any(two in _VERSIONS or (two in _FIGURES and one not in _STANDING) for one, two in pairs)


def _at_first(words: Sequence[str]) -> bool:
    """True behind "had earlier put the number at" and "initially said"."""
    for n, word in enumerate(words):
        if word in _AT_FIRST and not _TOLD.isdisjoint(words[n + 1 : n + 3]):
            return word in _ALONE or "had" in words[max(0, n - 1) : n]
    return False


def mark(drafts: Sequence[Draft]) -> list[tuple[Draft, Draft]]:
    """Mark the figures that are taken back; these, each with the one that stands in its place."""
    old = [d for d in drafts if d.status == "asserted" and taken_back(d.reading, d.q)]
    pairs = [(draft, new) for draft in old if (new := _instead_of(draft, drafts, old)) is not None]
    for draft, _ in pairs:
        draft.notes.add(REPLACED)
    return pairs


def _instead_of(old: Draft, drafts: Sequence[Draft], wrong: Sequence[Draft]) -> Draft | None:
    """The figure of the same things that the article holds to: the nearest before, else the first behind."""
    at = next(n for n, draft in enumerate(drafts) if draft is old)
    rows = [*reversed(drafts[:at]), *drafts[at + 1 :]]
    return next((d for d in rows if not any(d is other for other in wrong) and _replaces(d, old)), None)


def _replaces(new: Draft, old: Draft) -> bool:
    """Whether two figures count the same things at the same time, so that only one can be true."""
    if (new.object, new.measure) != (old.object, old.measure) or new.value == old.value or new.status != "asserted":
        return False
    if new.additional or old.additional or new.q.pointing or old.q.pointing or new.recap or new.head is not None:
        return False
    if {new.period, old.period} - _TIMES or (
        old.timed and None not in (old.night, new.night) and old.night != new.night
    ):
        return False
    sides = ((new.attacker, old.attacker), (new.target, old.target))
    return all(None in pair or pair[0] == pair[1] for pair in sides) and (old.place is None or new.place is old.place)


def revised(draft: Draft, n: int, drafts: Sequence[Draft]) -> Draft | None:
    """The earlier figure that "rose to", "revised to", "bringing the total to" replaces."""
    if REPLACED in draft.notes or (draft.way != "total" and not _says_revised(draft)):
        return None
    for other in reversed(drafts[:n]):
        alike = (other.object, other.measure) == (draft.object, draft.measure)
        one_target = None in (other.target, draft.target) or other.target == draft.target
        if alike and one_target and other.value != draft.value and other.part_of is None and not other.additional:
            return other
    return None


def _says_revised(draft: Draft) -> bool:
    cues, first = draft.reading.marks.cues, draft.q.i
    return any("revise" in cues[i] for i in range(first - _REVISED, first + _REVISED + 1) if i in cues)
