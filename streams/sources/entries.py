"""Plans what to publish of a document: which entries are new, changed or seen; and makes articles of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from schemas.article import Article, Entry, content_revision
from schemas.base import Mode, digest
from schemas.feed import Feed, FeedSeen
from streams.sources.finish import finish_entry, identities
from streams.sources.raw import MAX_ENTRIES, Body, RawEntry, RawFeed
from workers.reasons import Reason

MAX_AHEAD: Final = timedelta(hours=1)
"""How far into the future an article may be dated: what is later is a mistake of the feed's."""
REMEMBERED: Final = 500
"""Entries remembered of a feed that are no longer in its document; some feeds bring old ones back."""
_RAW_DIGITS: Final = 16
_DIGESTS: Final = 32
"""Hexadecimal digits of what is remembered of an entry: its raw form and its words; its mark comes behind them."""


@dataclass(slots=True)
class Plan:
    """What a document comes to: every entry is an article to publish or is dropped under a reason."""

    articles: list[Article] = field(default_factory=list)
    passed: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    seen: dict[str, str] = field(default_factory=dict)
    rest: int | None = None
    """Where another round has to start, when the limit left entries unjudged."""

    @property
    def entries(self) -> int:
        """How many entries were judged."""
        return self.passed.total() + self.dropped.total()


def plan(
    document: RawFeed,
    seen: FeedSeen | None,
    feed: Feed,
    fetched: datetime,
    mode: Mode,
    *,
    ids: Sequence[str] | None = None,
    limit: int | None = None,
    start: int = 0,
    excerpt: bool = False,
) -> Plan:
    """Hold a document against what was published of the feed before.

    An entry whose raw form is unchanged is not even turned into text; one whose words are
    unchanged is not published again. At most `limit` articles are made, from the end of the
    document on, where the oldest entries are; `start` continues where an earlier round ended, and
    `ids` spares it the work of finding the entries' identities again. An `excerpt` is a part of
    the feed, as hubs send it: what it leaves out may still be in the feed and is not forgotten.
    """
    known = seen.entries if seen else {}
    result = Plan(seen={identity: known.get(identity, "") for identity in document.familiar})
    if document.familiar and not start:
        result.dropped[Reason.ALREADY_SEEN] = len(document.familiar)
    maker = _Maker(document, feed, fetched, mode)
    marks = document.marks or [""] * len(document.entries)
    rows = list(zip(document.entries, ids or identities(document.entries), marks, strict=True))
    for position, (raw, identity, mark) in enumerate(reversed(rows)):
        if position < start:
            result.seen[identity] = known.get(identity, "")
        elif limit is not None and len(result.articles) >= limit:
            result.rest = position
            break
        else:
            _judge(result, maker, raw, identity, mark, known.get(identity))
    kept = MAX_ENTRIES if excerpt else REMEMBERED
    old = [(identity, digests[:_DIGESTS]) for identity, digests in known.items() if identity not in result.seen]
    result.seen = {**dict(old if result.rest else old[-kept:]), **result.seen}
    result.articles.sort(key=lambda article: article.time)
    return result


def familiar(seen: FeedSeen | None) -> dict[str, str]:
    """The marks of the entries that were in the last document, with their ids."""
    known = seen.entries if seen else {}
    return {digests[_DIGESTS:]: identity for identity, digests in known.items() if len(digests) > _DIGESTS}


def _judge(result: Plan, maker: _Maker, raw: RawEntry, identity: str, mark: str, before: str | None) -> None:
    if identity in result.seen:
        result.dropped[Reason.SAME_GUID] += 1
        return
    form = raw_digest(raw)
    if before and before[:_RAW_DIGITS] == form:
        result.seen[identity] = before[:_DIGESTS] + mark
        result.dropped[Reason.ALREADY_SEEN] += 1
        return
    entry = finish_entry(maker.document, raw, identity)
    revision = content_revision(entry.title, entry.summary, entry.text)
    result.seen[identity] = form + revision + mark
    if not (entry.title or entry.summary or entry.text):
        result.dropped[Reason.EMPTY] += 1
    elif before and before[_RAW_DIGITS:_DIGESTS] == revision:
        result.dropped[Reason.ALREADY_SEEN] += 1
    else:
        result.articles.append(maker.article(entry, revision))
        result.passed[Reason.UPDATE if before else Reason.PASSED] += 1


def raw_digest(raw: RawEntry) -> str:
    """A digest of the words of an entry as the document has them."""
    return digest(raw.title, _value(raw.summary), _value(raw.body), size=_RAW_DIGITS // 2)


def _value(body: Body | None) -> str | None:
    return body.value if body else None


@dataclass(frozen=True, slots=True)
class _Maker:
    document: RawFeed
    feed: Feed
    fetched: datetime
    mode: Mode

    def article(self, entry: Entry, revision: str) -> Article:
        """The article of an entry: ids derived from feed and entry, times bounded by the time of fetching."""
        feed = self.feed
        return Article(
            id=digest("article", feed.id, entry.id),
            revision=revision,
            feed=feed.id,
            source=feed.source or feed.title or self.document.title,
            owner=feed.owner,
            guid=entry.guid,
            url=entry.url,
            lang=primary_language(feed.lang or entry.lang),
            title=entry.title or "",
            summary=entry.summary or "",
            text=entry.text or "",
            authors=entry.authors,
            published=self._bounded(entry.published),
            updated=self._bounded(entry.updated),
            fetched=self.fetched,
            mode=self.mode,
        )

    def _bounded(self, moment: datetime | None) -> datetime | None:
        return min(moment, self.fetched + MAX_AHEAD) if moment else None


def primary_language(label: str | None) -> str | None:
    """The primary language of a label: `uk` of `uk-UA`."""
    return label.replace("_", "-").split("-")[0].strip().lower() or None if label else None
