"""THE TABLE of keyed state: every table of every room, what it holds, and how long an untouched value is kept.

A physical key is made of a table's name in `streams/state/keys.py` alone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from workers.ports import Table

DAY: Final = timedelta(days=1)

TABLES: Final[tuple[Table, ...]] = ()
"""All tables; a contract test writes and reads each."""
