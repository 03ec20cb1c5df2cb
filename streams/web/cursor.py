"""A position on all followed topics in one word: the `id` of server-sent events and the `cursor` of the API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from schemas.topic import Topic

FOLLOWED: Final = (Topic.ALERTS, Topic.EVENTS, Topic.INCIDENTS, Topic.HEALTH)
"""The topics of a cursor in its order; a new one is added at the end, so that old cursors stay readable."""

_SEPARATOR: Final = "~"
_OFFSET: Final = re.compile(r"[0-9A-Za-z:,-]{0,64}(\.\d{1,20}){0,200}")
"""On Kafka a position holds one number for each partition."""

Positions = Mapping[Topic, str | None]


def encode_cursor(positions: Positions) -> str:
    """The offsets of the followed topics, an empty one for a topic of which nothing was seen."""
    return _SEPARATOR.join(positions.get(topic) or "" for topic in FOLLOWED)


def decode_cursor(text: str) -> dict[Topic, str | None]:
    """The offsets of a cursor; raises ValueError when it is not one of ours."""
    parts = text.strip().split(_SEPARATOR)
    if len(parts) != len(FOLLOWED) or not all(_OFFSET.fullmatch(part) for part in parts):
        raise ValueError("is no cursor of this stream; leave it out to start at the present")
    return {topic: part or None for topic, part in zip(FOLLOWED, parts, strict=True)}
