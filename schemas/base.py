"""The base of every model: frozen, strict about its own fields, and the one way to derive an id."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

Mode = Literal["live", "replay"]
"""Whether a record comes from the world or from a simulated feed; every record and notice says so."""


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time needs its offset, for example 2026-09-04T02:00:00Z")
    return value


def made_public(published: datetime | None, fetched: datetime) -> datetime:
    """When a text was made public: as it says, but never later than it was fetched; then, if it says nothing."""
    return min(published, fetched) if published else fetched


Instant = Annotated[datetime, AfterValidator(_aware)]
"""An aware datetime; a naive one is refused."""


class Model(BaseModel):
    """A record on the wire: frozen, and tolerant of fields that a newer producer added."""

    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_timedelta="float")


class Document(BaseModel):
    """A file that a person writes: frozen, and every unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def digest(*parts: str | int | float | None, size: int = 10) -> str:
    """A stable id of the given parts: `size` bytes of BLAKE2b in hex.

    Parts are joined with a separator that cannot stand in text, so ("a", "b") and ("ab",) differ.
    """
    text = "\x1f".join("\x00" if part is None else str(part) for part in parts)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()
