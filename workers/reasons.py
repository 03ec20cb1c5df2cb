"""Every named reason that the rooms give for what they do with a record; the accounting counts by these names."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a record was passed on, dropped or put aside."""

    # passed on
    PASSED = "passed"
    UNIQUE = "unique"
    UPDATE = "update"
    LONGER = "longer-text"
    RELATED = "related-text"
    CHANGED_NUMBER = "changed-number"
    ADDED_NUMBER = "added-number"
    CHANGED_DATE = "changed-date"
    ADDED_DATE = "added-date"
    CHANGED_NAME = "changed-name"
    ADDED_NAME = "added-name"
    ADDED_EVENT = "added-event"
    CHANGED_WORDING = "changed-wording"
    OTHER_HEADLINE = "other-headline"
    NEW_LEAD = "new-lead"
    CORRECTION = "correction"
    RECURRING = "recurring"
    TOO_LONG = "too-long-to-compare"
    OTHER_DAY = "other-day"

    # dropped
    ALREADY_SEEN = "already-seen"
    SAME_CONTENT = "same-content"
    SAME_GUID = "same-guid"
    SAME_URL = "same-url"
    NEAR_COPY = "near-copy"
    TRUNCATED = "truncated-copy"
    HEADLINE_CHANGED = "headline-changed"
    BYLINE_CHANGED = "byline-changed"
    EMPTY = "empty"
    NO_SUBJECT = "no-subject-word"
    """A backtest takes no article through the rooms of which no sentence is worth reading."""
    NO_EVENTS = "no-events"
    LANGUAGE_NOT_READ = "language-not-read"
    """No pack of the extractor reads the article's language."""
    NOTHING_COUNTED = "nothing-counted"
    NO_CHANGE = "no-change"
    NO_RULE = "no-rule-matches"
    BELOW_LIMIT = "below-limit"
    TOO_LATE = "too-late"
    OLD_REVISION = "old-revision"
    NOT_OPEN = "not-open"
    NO_RECEIVER = "no-receiver"
    SILENCED = "silenced"

    # quarantined
    UNREADABLE = "unreadable"
    INVALID = "invalid"
    STATE_DAMAGED = "state-damaged"
    """A cell of state that the decision needs cannot be read; one that may be forgotten is counted so and goes on."""
    DEFECT = "defect"
    """A stage raised what it must not raise: a defect of ours; the record is kept for a re-run."""
