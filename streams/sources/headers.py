"""Reads the response headers that say when to come again; pure, times are relative to the server's own clock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_MAX_AGE: Final = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NO_STORE: Final = re.compile(r"(?:^|[\s,])(?:no-cache|no-store)\b", re.IGNORECASE)


def http_date(text: str | None) -> datetime | None:
    """An HTTP date (RFC 9110, section 5.6.7), or None for what is none."""
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait by `Retry-After`: a number, or a date by the server's clock (`now` where it tells none)."""
    value = headers.get("Retry-After", "").strip()
    if value.isdecimal() and len(value) < 10:
        return float(value)
    until = http_date(value) if value else None
    if until is None:
        return None
    return max((until - (http_date(headers.get("Date")) or now)).total_seconds(), 0.0)


def fresh_for(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that a response stays fresh by `max-age`, else by `Expires`; None where neither says so."""
    control = headers.get("Cache-Control", "")
    if match := _MAX_AGE.search(control):
        return float(match[1]) or None
    expires = None if _NO_STORE.search(control) else http_date(headers.get("Expires"))
    if expires is None:
        return None
    seconds = (expires - (http_date(headers.get("Date")) or now)).total_seconds()
    return seconds if seconds > 0 else None
