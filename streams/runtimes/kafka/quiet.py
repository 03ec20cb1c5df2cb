"""Keeps the client library from saying the same thing a thousand times a second while a broker is away."""

from __future__ import annotations

import logging
import time
from typing import Final

TALKERS: Final = (
    "aiokafka",
    "aiokafka.cluster",
    "aiokafka.conn",
    "aiokafka.consumer.fetcher",
    "aiokafka.consumer.group_coordinator",
    "aiokafka.producer.sender",
)
"""The first is what `aiokafka.client` goes by; a logger's filter does not hold for the loggers below it."""
CHATTERS: Final = ("aiokafka", "faust", "mode")
"""Libraries that tell every step of theirs; only warnings of theirs are of use to an operator."""
EVERY: Final = 30.0
"""Seconds in which one text is told once."""


class Once(logging.Filter):
    """Lets each text of a logger through once in a while; the text is what the program wrote, before its figures."""

    def __init__(self, every: float = EVERY) -> None:
        super().__init__()
        self._every = every
        self._told: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is told."""
        now = time.monotonic()
        if now - self._told.get(record.msg, -self._every) < self._every:
            return False
        self._told[record.msg] = now
        return True


_ONCE: Final = Once()


def hush() -> None:
    """Put the filter on the loggers that need it; a second call changes nothing."""
    for name in TALKERS:
        logging.getLogger(name).addFilter(_ONCE)
    for name in CHATTERS:
        if logging.getLogger(name).level == logging.NOTSET:
            logging.getLogger(name).setLevel(logging.WARNING)
