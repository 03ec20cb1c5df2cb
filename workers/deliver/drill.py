"""The notice of a test: it shows that a receiver is reached, and says of itself that nothing has happened."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from schemas.alert import Notice, Window
from schemas.base import digest

RULE: Final = "nightwire-test"
REASON: Final = "test"
"""The reason that no other notice has."""


def drill(receiver: str, now: datetime) -> Notice:
    """An opening of no weight, marked in its rule, its reason, its title and its labels."""
    alert = digest("drill", receiver, now.isoformat())
    return Notice(
        id=digest("drill", alert, 1),
        alert=alert,
        revision=1,
        rule=RULE,
        title=f"TEST of receiver {receiver}",
        group={},
        window=Window(key=f"test/{now:%Y-%m-%d}"),
        notice="open",
        reason=REASON,
        severity="info",
        peak="info",
        confidence=0.0,
        labels={"test": "true"},
        first_seen=now,
        at=now,
    )
