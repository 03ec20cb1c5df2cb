"""THE TABLE of keyed state: every table of every room, what it holds, and how long an untouched value is kept.

A physical key is made of a table's name in `streams/state/keys.py` alone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from schemas.incident import Incident
from workers.dedupe.cells import Known, Pointer, Story
from workers.deliver.cells import Outbox
from workers.ports import Table
from workers.resolve.cells import Slot, Told

DAY: Final = timedelta(days=1)

DEDUPE_KEEP: Final = 8 * DAY
"""One day longer than the horizon of dedupe, which decides by the times in the values."""

DEDUPE_ARTICLE: Final = Table("dedupe.article", Known, DEDUPE_KEEP)
DEDUPE_GUID: Final = Table("dedupe.guid", Pointer, DEDUPE_KEEP)
DEDUPE_URL: Final = Table("dedupe.url", Pointer, DEDUPE_KEEP)
DEDUPE_CONTENT: Final = Table("dedupe.content", Pointer, DEDUPE_KEEP)
DEDUPE_STORY: Final = Table("dedupe.story", Story, DEDUPE_KEEP)

DELIVER_OUTBOX: Final = Table("deliver.outbox", Outbox, 90 * DAY)

RESOLVE_KEEP: Final = 45 * DAY
"""Half as long again as an alert is kept, so that a late correction still finds its incident."""

RESOLVE_ARTICLE: Final = Table("resolve.article", Told, RESOLVE_KEEP)
RESOLVE_SLOT: Final = Table("resolve.slot", Slot, RESOLVE_KEEP)
RESOLVE_INCIDENT: Final = Table("resolve.incident", Incident, RESOLVE_KEEP)

TABLES: Final[tuple[Table, ...]] = (
    DEDUPE_ARTICLE,
    DEDUPE_GUID,
    DEDUPE_URL,
    DEDUPE_CONTENT,
    DEDUPE_STORY,
    DELIVER_OUTBOX,
    RESOLVE_ARTICLE,
    RESOLVE_SLOT,
    RESOLVE_INCIDENT,
)
"""All tables; a contract test writes and reads each."""
