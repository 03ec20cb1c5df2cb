"""THE TABLE of keyed state: every table of every room, what it holds, and how long an untouched value is kept.

A physical key is made of a table's name in `streams/state/keys.py` alone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from schemas.feed import FeedPush, FeedSeen, FeedState
from workers.dedupe.cells import Bucket, Known, Pointer, Story
from workers.dedupe.packing import PackedBucket, PackedKnown, PackedPointer
from workers.deliver.cells import Outbox
from workers.deliver.silence_cells import Held, SilenceBook
from workers.extract.cells import ArticleRead, Aside
from workers.judge.cells import (
    AlertState,
    Book,
    Coverage,
    HistoryState,
    RuleState,
    SourceDetail,
    SourceState,
    WindowState,
)
from workers.ports import Table
from workers.resolve.cells import Dossier, Slot, Told

DAY: Final = timedelta(days=1)

FETCH_FEED: Final = Table("fetch.feed", FeedState)
FETCH_SEEN: Final = Table("fetch.seen", FeedSeen)
FETCH_PUSH: Final = Table("fetch.push", FeedPush)

DEDUPE_KEEP: Final = 8 * DAY
"""One day longer than the horizon of dedupe, which decides by the times in the values."""

DEDUPE_ARTICLE: Final = Table("dedupe.article", Known, DEDUPE_KEEP, PackedKnown(), forgettable=True)
DEDUPE_GUID: Final = Table("dedupe.guid", Pointer, DEDUPE_KEEP, PackedPointer(), forgettable=True)
DEDUPE_URL: Final = Table("dedupe.url", Pointer, DEDUPE_KEEP, PackedPointer(), forgettable=True)
DEDUPE_CONTENT: Final = Table("dedupe.content", Pointer, DEDUPE_KEEP, PackedPointer(), forgettable=True)
DEDUPE_BUCKET: Final = Table("dedupe.run", Bucket, DEDUPE_KEEP, PackedBucket(), forgettable=True)
DEDUPE_STORY: Final = Table("dedupe.story", Story, DEDUPE_KEEP, forgettable=True)

DELIVER_OUTBOX: Final = Table("deliver.outbox", Outbox, 90 * DAY)
DELIVER_SILENCES: Final = Table("deliver.silences", SilenceBook)
DELIVER_HELD: Final = Table("deliver.held", Held, 400 * DAY)

EXTRACT_ARTICLE: Final = Table("extract.article", ArticleRead, 45 * DAY)
"""As long as resolve remembers an article, so that a late revision can still take its claims back."""
EXTRACT_ASIDE: Final = Table("extract.aside", Aside, 7 * DAY)
"""As long as the topic `events` keeps what was taken."""

RESOLVE_KEEP: Final = 45 * DAY
"""Half as long again as an alert is kept, so that a late correction still finds its incident."""

RESOLVE_ARTICLE: Final = Table("resolve.article", Told, RESOLVE_KEEP)
RESOLVE_SLOT: Final = Table("resolve.slot", Slot, RESOLVE_KEEP)
RESOLVE_INCIDENT: Final = Table("resolve.incident", Dossier, RESOLVE_KEEP)

JUDGE_KEEP: Final = 70 * DAY
"""Longer than the longest window, a month, and the 30 days after it for which corrections pass."""

JUDGE_SOURCE: Final = Table("judge.source", SourceState, JUDGE_KEEP)
JUDGE_DETAIL: Final = Table("judge.detail", SourceDetail, JUDGE_KEEP)
JUDGE_WINDOW: Final = Table("judge.window", WindowState, JUDGE_KEEP)
JUDGE_GROUP: Final = Table("judge.group", WindowState)
"""Sessions, sliding windows, and what was seen or heard of a group: as long as rules remember, which they say."""
JUDGE_ALERT: Final = Table("judge.alert", AlertState, 400 * DAY)
JUDGE_HISTORY: Final = Table("judge.history", HistoryState)
JUDGE_RULE: Final = Table("judge.rule", RuleState)
JUDGE_BOOK: Final = Table("judge.book", Book)
JUDGE_COVERAGE: Final = Table("judge.coverage", Coverage)

TABLES: Final[tuple[Table, ...]] = (
    FETCH_FEED,
    FETCH_SEEN,
    FETCH_PUSH,
    DEDUPE_ARTICLE,
    DEDUPE_GUID,
    DEDUPE_URL,
    DEDUPE_CONTENT,
    DEDUPE_BUCKET,
    DEDUPE_STORY,
    DELIVER_OUTBOX,
    DELIVER_SILENCES,
    DELIVER_HELD,
    EXTRACT_ARTICLE,
    EXTRACT_ASIDE,
    RESOLVE_ARTICLE,
    RESOLVE_SLOT,
    RESOLVE_INCIDENT,
    JUDGE_SOURCE,
    JUDGE_DETAIL,
    JUDGE_WINDOW,
    JUDGE_GROUP,
    JUDGE_ALERT,
    JUDGE_HISTORY,
    JUDGE_RULE,
    JUDGE_BOOK,
    JUDGE_COVERAGE,
)
"""All tables; a contract test writes and reads each."""
