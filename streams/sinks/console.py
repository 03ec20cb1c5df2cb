"""The console sink: text for people, or the notice line for pipes; standard output carries nothing else."""

from __future__ import annotations

import sys
from typing import Literal, TextIO

from schemas.notification import Notification
from streams.sinks.base import RetryLater, SendResult, Sent
from workers.deliver.line import notice_line
from workers.deliver.message import message


class ConsoleSink:
    """Prints to a stream; a stream that is gone (a closed pipe) is a reason to try later, not to lose a notice."""

    def __init__(self, form: Literal["text", "json"] = "text", stream: TextIO | None = None) -> None:
        self._form = form
        self._stream = stream

    async def send(self, notification: Notification) -> SendResult:
        """Print one notice; text is followed by an empty line."""
        notice = notification.notice
        text = notice_line(notice) if self._form == "json" else f"{message(notice, notification.instead_of)}\n"
        stream = self._stream or sys.stdout  # looked up late: standard output may have been replaced since
        try:
            stream.write(f"{text}\n")
            stream.flush()
        except (OSError, ValueError) as error:
            return RetryLater(f"standard output cannot be written: {error}")
        return Sent()

    async def close(self) -> None:
        """The stream belongs to the caller."""
