"""The JSON lines sink: one notice a line, synced to disk before it counts as sent, no line twice."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Final

from schemas.notification import Notification
from streams.sinks.base import RetryLater, SendResult, Sent
from workers.deliver.line import notice_line

TAIL: Final = 4 * 1024 * 1024
"""Bytes at the end of the file in which ids are looked for at the start: far more than one crash can repeat."""


class JsonlSink:
    """Appends to a file; lines carry the notification's id, by which a repeated send is recognised."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: set[str] | None = None

    async def send(self, notification: Notification) -> SendResult:
        """Append one line, unless the file has it."""
        try:
            await asyncio.to_thread(self._append, notification)
        except OSError as error:
            return RetryLater(f"{self._path} cannot be written: {error.strerror or error}")
        return Sent()

    async def close(self) -> None:
        """The file is open during a send only."""

    def _append(self, notification: Notification) -> None:
        known = self._known if self._known is not None else self._recover()
        if notification.id in known:
            return
        line = notice_line(notification.notice, notification=notification.id, receiver=notification.receiver)
        with self._path.open("ab") as file:
            file.write(f"{line}\n".encode())
            file.flush()
            os.fsync(file.fileno())
        known.add(notification.id)

    def _recover(self) -> set[str]:
        """Cut off a line that a crash left half written, and read the ids of the file's tail."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a+b") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL))
            tail = file.read()
            whole = tail[: tail.rfind(b"\n") + 1]
            if len(whole) < len(tail):
                file.truncate(size - (len(tail) - len(whole)))
        self._known = {found for line in whole.splitlines() if (found := _id_of(line))}
        return self._known


def _id_of(line: bytes) -> str | None:
    try:
        data = json.loads(line)
    except ValueError:
        return None
    found = data.get("notification") if isinstance(data, dict) else None
    return found if isinstance(found, str) else None
