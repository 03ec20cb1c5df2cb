"""The decision about one article, from the surest sign to the weakest: identity, content, item, likeness."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final, NamedTuple

from schemas.story import DedupeVerdict
from workers.dedupe.arrival import Arrival
from workers.dedupe.assess import Assessment, assess
from workers.dedupe.cells import Known
from workers.dedupe.digests import story_id
from workers.dedupe.memory import Memory
from workers.dedupe.verdict import Verdict
from workers.reasons import Reason

RECURS_AFTER: Final = timedelta(hours=12)
BRIEF: Final = 60
"""A text of up to so many words that one feed publishes again as another item, half a day and more later, is
another night's report in the same words, not a copy."""

RANK: Final = {"duplicate": 2, "update": 1, "unique": 0}


class Finding(NamedTuple):
    """What an article is to one that is known."""

    known: Known
    assessment: Assessment


def decide(arrival: Arrival, memory: Memory) -> Verdict:
    """The verdict on an article; the same for the same article and memory."""
    if not arrival.features.size:
        return _verdict(arrival, "duplicate", Reason.EMPTY)
    own = memory.own()
    if own and _met(own, arrival):
        return _copy(arrival, memory.root(own), Reason.ALREADY_SEEN, own.story)
    if own:
        return _edited(arrival, own, memory)
    exact = _same_content(arrival, memory)
    if exact:
        return exact
    items = [known for key in arrival.items if (known := memory.behind(key))]
    return _by_text(arrival, items, memory)


def _met(known: Known, arrival: Arrival) -> bool:
    """Whether this very revision was decided before; an older text that comes back later is an edit again."""
    article = arrival.article
    if article.revision == known.revision:
        return True
    return article.revision in known.earlier and article.fetched <= known.at


def _same_content(arrival: Arrival, memory: Memory) -> Verdict | None:
    same = memory.behind(arrival.content)
    if same is None:
        return None
    if _recurs(arrival, same):
        return _verdict(arrival, "update", Reason.RECURRING, same, 1.0)
    reasons = [key.reason for key in arrival.items if memory.behind(key)]
    return _copy(arrival, memory.root(same), reasons[0] if reasons else Reason.SAME_CONTENT, same.story)


def _recurs(arrival: Arrival, known: Known) -> bool:
    article = arrival.article
    same_outlet = article.feed is not None and article.feed == known.feed
    other_time = abs(article.time - known.published) >= RECURS_AFTER
    return same_outlet and other_time and arrival.features.size <= BRIEF


def _edited(arrival: Arrival, own: Known, memory: Memory) -> Verdict:
    """An article that was known under its id comes with other words: an update, unless no fact has changed."""
    if own.content == arrival.features.content:
        return _copy(arrival, memory.root(own), Reason.SAME_CONTENT, own.story)
    root = memory.root(own)
    text = memory.text_of(root)
    if text is None:
        return _verdict(arrival, "update", Reason.UPDATE, own, None, own.story)
    found, back = assess(text, arrival.story), assess(arrival.story, text)
    if found.verdict == back.verdict == "duplicate":  # nothing came in, and nothing was taken back
        return _copy(arrival, root, found.reason, own.story, found.similarity)
    reason = found.reason if found.verdict == "update" else Reason.UPDATE
    return _verdict(arrival, "update", reason, own, found.similarity, own.story)


def _by_text(arrival: Arrival, items: list[Known], memory: Memory) -> Verdict:
    """Compare with the item that has the same guid or address, and with what shares runs of words."""
    known = [*(memory.root(item) for item in items), *memory.similar()]
    memory.story_so_far(known)  # whatever has to be loaded is, before anything is compared
    finding = _best(arrival, known, memory) if known else None
    if finding and finding.assessment.verdict == "duplicate" and not _recurs(arrival, finding.known):
        return _copy(
            arrival, finding.known, finding.assessment.reason, finding.known.story, finding.assessment.similarity
        )
    if items:
        alike = finding.assessment.similarity if finding and finding.known in items else None
        return _verdict(arrival, "update", Reason.UPDATE, items[0], alike, items[0].story)
    if finding is None:
        return _verdict(arrival, "unique", Reason.UNIQUE)
    verdict, reason, alike, same_story = finding.assessment
    if verdict == "duplicate":
        return _verdict(arrival, "update", Reason.RECURRING, finding.known, alike)
    if verdict == "unique":
        return _verdict(arrival, "unique", reason)
    return _verdict(arrival, "update", reason, finding.known, alike, finding.known.story if same_story else None)


def _best(arrival: Arrival, known: Iterable[Known], memory: Memory) -> Finding | None:
    """The nearest relation: a copy before an update before another day's report, then by likeness."""
    best: Finding | None = None
    for each in known:
        text = memory.text_of(each)
        if text is None:
            continue
        finding = Finding(each, assess(text, arrival.story))
        if best is None or _rank(finding) > _rank(best):
            best = finding
    return best


def _rank(finding: Finding) -> tuple[int, float]:
    return RANK[finding.assessment.verdict], finding.assessment.similarity


def _copy(arrival: Arrival, original: Known, reason: Reason, story: str, similarity: float | None = 1.0) -> Verdict:
    return _verdict(arrival, "duplicate", reason, original, similarity, story)


def _verdict(
    arrival: Arrival,
    verdict: DedupeVerdict,
    reason: Reason,
    known: Known | None = None,
    similarity: float | None = None,
    story: str | None = None,
) -> Verdict:
    article = arrival.article
    return Verdict(
        id=article.id,
        verdict=verdict,
        of=known.article if known else None,
        reason=reason,
        similarity=similarity,
        story=story or story_id(article.id, article.revision),
        origin=arrival.origin,
    )
