"""A dead letter: a record that no room could take, kept whole with the reason, so that it can be run again."""

from __future__ import annotations

import base64
from datetime import datetime

from schemas.base import Instant, Model, digest
from schemas.topic import Topic


class DeadLetter(Model):
    """One record on the topic `dead-letters`; `body` is text, or base64 where the bytes are no UTF-8."""

    id: str
    room: str
    topic: Topic
    key: str
    offset: str
    body: str
    encoding: str = "utf-8"
    reason: str
    detail: str = ""
    at: Instant

    @classmethod
    def of(
        cls, *, room: str, topic: Topic, key: str, offset: str, body: bytes, reason: str, detail: str, at: datetime
    ) -> DeadLetter:
        """Make a letter of raw bytes; the id is derived from the room and the body."""
        try:
            text, encoding = body.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            text, encoding = base64.b64encode(body).decode("ascii"), "base64"
        return cls(
            id=digest("dead", room, topic.value, offset, text),
            room=room,
            topic=topic,
            key=key,
            offset=offset,
            body=text,
            encoding=encoding,
            reason=reason,
            detail=detail,
            at=at,
        )
