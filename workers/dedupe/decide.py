"""The decision about one article, from the surest sign to the weakest: identity, content, item, likeness."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final, NamedTuple

from schemas.article import Article
from workers.dedupe.assess import Assessment, assess
from workers.dedupe.cells import Known
from workers.dedupe.digests import story_id
from workers.dedupe.features import features_of
from workers.dedupe.identity import content_key, item_keys
from workers.dedupe.memory import Memory, origin, text_of
from workers.dedupe.story_text import read_story
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


def decide(article: Article, memory: Memory) -> Verdict:
    """The verdict on an article; the same for the same article and memory."""
    if not features_of(article).size:
        return _verdict(article, "duplicate", Reason.EMPTY)
    own = memory.own()
    if own and _met(own, article):
        return _copy(article, memory.root(own), Reason.ALREADY_SEEN, own.story)
    if own:
        return _edited(article, own, memory)
    exact = _same_content(article, memory)
    if exact:
        return exact
    items = [known for key in item_keys(article) if (known := memory.behind(key))]
    return _by_text(article, items, memory)


def _met(known: Known, article: Article) -> bool:
    """Whether this very revision was decided before; an older text that comes back later is an edit again."""
    if article.revision == known.revision:
        return True
    return article.revision in known.earlier and article.fetched <= known.at


def _same_content(article: Article, memory: Memory) -> Verdict | None:
    same = memory.behind(content_key(article))
    if same is None:
        return None
    if _recurs(article, same):
        return _verdict(article, "update", Reason.RECURRING, same, 1.0)
    reasons = [key.reason for key in item_keys(article) if memory.behind(key)]
    return _copy(article, memory.root(same), reasons[0] if reasons else Reason.SAME_CONTENT, same.story)


def _recurs(article: Article, known: Known) -> bool:
    same_outlet = article.feed is not None and article.feed == known.feed
    other_time = abs(article.time - known.published) >= RECURS_AFTER
    return same_outlet and other_time and features_of(article).size <= BRIEF


def _edited(article: Article, own: Known, memory: Memory) -> Verdict:
    """An article that was known under its id comes with other words: an update, unless no fact has changed."""
    if own.content == features_of(article).content:
        return _copy(article, memory.root(own), Reason.SAME_CONTENT, own.story)
    root, story = memory.root(own), read_story(article.title, features_of(article).body)
    text = text_of(root)
    if text is None:
        return _verdict(article, "update", Reason.UPDATE, own, None, own.story)
    found, back = assess(text, story), assess(story, text)
    if found.verdict == back.verdict == "duplicate":  # nothing came in, and nothing was taken back
        return _copy(article, root, found.reason, own.story, found.similarity)
    reason = found.reason if found.verdict == "update" else Reason.UPDATE
    return _verdict(article, "update", reason, own, found.similarity, own.story)


def _by_text(article: Article, items: list[Known], memory: Memory) -> Verdict:
    """Compare with the item that has the same guid or address, and with what shares runs of words."""
    known = [*(memory.root(item) for item in items), *memory.similar()]
    memory.story_so_far(known)  # whatever has to be loaded is, before anything is compared
    finding = _best(article, known) if known else None
    if finding and finding.assessment.verdict == "duplicate" and not _recurs(article, finding.known):
        return _copy(
            article, finding.known, finding.assessment.reason, finding.known.story, finding.assessment.similarity
        )
    if items:
        alike = finding.assessment.similarity if finding and finding.known in items else None
        return _verdict(article, "update", Reason.UPDATE, items[0], alike, items[0].story)
    if finding is None:
        return _verdict(article, "unique", Reason.UNIQUE)
    verdict, reason, alike, same_story = finding.assessment
    if verdict == "duplicate":
        return _verdict(article, "update", Reason.RECURRING, finding.known, alike)
    if verdict == "unique":
        return _verdict(article, "unique", reason)
    return _verdict(article, "update", reason, finding.known, alike, finding.known.story if same_story else None)


def _best(article: Article, known: Iterable[Known]) -> Finding | None:
    """The nearest relation: a copy before an update before another day's report, then by likeness."""
    story = read_story(article.title, features_of(article).body)
    best: Finding | None = None
    for each in known:
        text = text_of(each)
        if text is None:
            continue
        finding = Finding(each, assess(text, story))
        if best is None or _rank(finding) > _rank(best):
            best = finding
    return best


def _rank(finding: Finding) -> tuple[int, float]:
    return RANK[finding.assessment.verdict], finding.assessment.similarity


def _copy(article: Article, original: Known, reason: Reason, story: str, similarity: float | None = 1.0) -> Verdict:
    return _verdict(article, "duplicate", reason, original, similarity, story)


def _verdict(
    article: Article,
    verdict: str,
    reason: Reason,
    known: Known | None = None,
    similarity: float | None = None,
    story: str | None = None,
) -> Verdict:
    return Verdict.model_validate(
        {
            "id": article.id,
            "verdict": verdict,
            "of": known.article if known else None,
            "reason": reason,
            "similarity": similarity,
            "story": story or story_id(article.id, article.revision),
            "origin": origin(article),
        }
    )
