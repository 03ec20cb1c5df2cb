"""Which notice a receiver takes; everything about an alert follows its opening."""

from __future__ import annotations

from typing import Final

from schemas.alert import ENDINGS, SEVERITIES, Notice, NoticeKind
from schemas.receiver import Accept

ALWAYS: Final[frozenset[NoticeKind]] = frozenset({"withdraw"})
"""Endings that pass even a list of wanted notices: who was told something false must hear that it was."""


def accepts(accept: Accept, notice: Notice, told: bool) -> bool:
    """Whether a receiver takes a notice; `told` says that it got an earlier one of the same alert."""
    if notice.mode not in accept.mode:
        return False
    wanted = not accept.notices or notice.notice in accept.notices
    if told and notice.notice in ENDINGS:
        return wanted or notice.notice in ALWAYS
    return wanted and _matches(accept, notice)


def _matches(accept: Accept, notice: Notice) -> bool:
    severe = SEVERITIES.index(notice.peak) >= SEVERITIES.index(accept.severity)
    return severe and (not accept.rules or notice.rule in accept.rules)
