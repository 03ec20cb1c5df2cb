"""A silence: which notices are held back, until when, by whom and why; all four are required."""

from __future__ import annotations

import re
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Annotated, Final

from pydantic import Field, StringConstraints, field_validator

from schemas.alert import Notice
from schemas.base import Document, Instant, Model, digest

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
"""Something that a person has written; empty is nothing."""

PLAIN: Final = ("alert", "rule", "severity", "object", "measure", "mode")
"""Fields of a notice that a matcher may name, besides those of its group and its labels."""

LONGEST: Final = 90 * 24
"""Hours that a silence may last: a rule that is unwanted for longer should be changed."""

_FIELD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,62}")


class Silence(Model):
    """Notices that match all of `match` are held back from `begins` to `ends`; values may hold `*` and `?`."""

    id: str
    match: dict[str, str]
    begins: Instant
    ends: Instant
    author: str
    reason: str

    def covers(self, notice: Notice) -> bool:
        """Whether a notice matches, whatever the time."""
        fields = fields_of(notice)
        # Only * and ? stand for other text: a bracket is a bracket.
        patterns = {name: value.replace("[", "[[]") for name, value in self.match.items()}
        return all(name in fields and fnmatchcase(fields[name], value) for name, value in patterns.items())

    def active(self, now: Instant) -> bool:
        """Whether the silence holds at a time."""
        return self.begins <= now < self.ends


class SilenceRequest(Document):
    """A silence as a person asks for it: what is matched, for how many hours from now, by whom and why."""

    match: Annotated[dict[str, str], Field(max_length=20)]
    hours: Annotated[float, Field(gt=0, le=LONGEST, allow_inf_nan=False)]
    author: Words
    reason: Words

    @field_validator("match")
    @classmethod
    def _matchers(cls, match: dict[str, str]) -> dict[str, str]:
        if not match:
            raise ValueError("a silence without a matcher would hide everything; write for example rule=drones-night")
        for name, value in match.items():
            if not _FIELD.fullmatch(name) or not value.strip():
                raise ValueError(f"{name!r}={value!r} is no matcher; write field=value, for example rule=drones-night")
        return match

    def begin(self, now: Instant) -> Silence:
        """The silence that begins at a time."""
        return Silence(
            id=digest("silence", *(f"{name}={value}" for name, value in sorted(self.match.items())), now.isoformat()),
            match=self.match,
            begins=now,
            ends=now + timedelta(hours=self.hours),
            author=self.author,
            reason=self.reason,
        )


class AckRequest(Document):
    """An acknowledgement as a person gives it: who takes the alert, and a note."""

    author: Words
    note: Words


def fields_of(notice: Notice) -> dict[str, str]:
    """What a matcher sees of a notice: labels and group under their own names, and the plain fields above them."""
    group = {name: value for name, value in notice.group.items() if value is not None}
    plain = {name: value for name in PLAIN if (value := getattr(notice, name)) is not None}
    return {**notice.labels, **group, **plain}
