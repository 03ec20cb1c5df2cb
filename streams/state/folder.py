"""The folder of a private server: its files, its locks, and a socket path that is short enough for the kernel."""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
import tempfile
import time
from pathlib import Path
from typing import Final

from streams.runtimes.base import RuntimeRefused
from streams.state.locks import FileLock

SOCKET_PATH_LIMIT: Final = 100
"""Bytes: sun_path has room for 108 on Linux and 104 on macOS, with the closing zero."""
LOG_LIMIT: Final = 1_000_000
"""Bytes of the server's log that are kept from one start to the next, as `server.log.1`."""
OWNER_PATIENCE: Final = 0.5
"""Seconds that a new owner waits for one that is about to end, for example at a restart of the service."""


class Folder:
    """`<data>/valkey`: `owner.lock` is held by the nightwire that runs here, `server.lock` by its server."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.expanduser().resolve()
        self.path = self.data_dir / "valkey"
        self.log = self.path / "server.log"
        self.owner = FileLock(self.path / "owner.lock")
        self.server = FileLock(self.path / "server.lock")

    def socket(self) -> Path:
        """Where the server listens: in the folder, or in a private temporary folder when that path is too long."""
        inside = self.path / "valkey.sock"
        if len(os.fsencode(inside)) <= SOCKET_PATH_LIMIT:
            return inside
        name = hashlib.blake2b(os.fsencode(self.path), digest_size=8).hexdigest()
        return _private_temporary() / f"{name}.sock"

    def prepare(self) -> None:
        """Create what is missing; raises RuntimeRefused when the folder cannot be written."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.chmod(0o700)
            if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
                self.log.replace(self.log.with_name("server.log.1"))
            self.log.touch(mode=0o600)
        except OSError as error:
            raise self.refusal(error) from error

    def refusal(self, error: OSError) -> RuntimeRefused:
        """The one line for a folder that cannot be used."""
        why = error.strerror or str(error)
        return RuntimeRefused(
            f"the data directory {self.data_dir} cannot be written ({why}); "
            "make it writable, or choose another with --data-dir"
        )

    async def own(self) -> None:
        """Become the one nightwire of this folder; raises RuntimeRefused while another one is."""
        end = time.monotonic() + OWNER_PATIENCE
        try:
            while not self.owner.take():
                if time.monotonic() > end:
                    raise self._in_use()
                await asyncio.sleep(0.02)
            self.owner.sign(str(os.getpid()))
        except OSError as error:
            raise self.refusal(error) from error

    def owned_by_another(self) -> bool:
        """Whether a living nightwire holds the folder."""
        if not self.owner.path.exists() or self.owner.take():
            self.owner.close()
            return False
        return True

    def _in_use(self) -> RuntimeRefused:
        pid = self.owner.signature()
        who = f"another nightwire (pid {pid})" if pid.isdigit() else "another nightwire"
        return RuntimeRefused(
            f"the data directory {self.data_dir} is in use by {who}; stop that one, or choose another with --data-dir"
        )


def _private_temporary() -> Path:
    if runtime := os.environ.get("XDG_RUNTIME_DIR"):
        folder = Path(runtime) / "nightwire"
        if len(os.fsencode(folder)) <= SOCKET_PATH_LIMIT - 22:
            return _own_folder(folder)
    return _own_folder(Path(tempfile.gettempdir()) / f"nightwire-{os.getuid()}")


def _own_folder(folder: Path) -> Path:
    """A folder that nobody else can enter; refuses one that somebody else put there first."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise RuntimeRefused(f"no folder for the server's socket: {folder}: {error.strerror}") from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise RuntimeRefused(
            f"{folder} belongs to somebody else or is open to others; remove it, or shorten --data-dir"
        )
    return folder
