"""File locks that the kernel lets go of with their holder: no pid file, nothing stale, no pid that is used again."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from streams.runtimes.base import RuntimeRefused


class FileLock:
    """An exclusive lock on a file; a child that inherits `descriptor` shares it, and holds it after `close` here."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor = -1

    def take(self) -> bool:
        """Try once; False while another process holds it. Raises OSError where the file cannot be written."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        except OSError as error:
            os.close(descriptor)
            raise RuntimeRefused(
                f"{self.path.parent} is on a file system without locks ({error.strerror}); "
                "choose a directory on a local disk with --data-dir"
            ) from error
        self.descriptor = descriptor
        return True

    def sign(self, text: str) -> None:
        """Write who holds the lock into the file, for the message to the next who asks."""
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, text.encode(), 0)

    def signature(self) -> str:
        """What the holder wrote, empty when there is nothing to read."""
        try:
            return self.path.read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            return ""

    def close(self) -> None:
        """Close this process's descriptor; the lock is free when no other process has it."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1
