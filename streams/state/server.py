"""The private server: one Valkey per data directory, started, watched over, taken over and stopped by this program."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Final

from streams.runtimes.base import RuntimeRefused
from streams.state.binary import Binary, find_server
from streams.state.folder import Folder
from streams.state.process import NO_SPACE, Fsync, answers, configuration, last_words, launch, listener

log = logging.getLogger("nightwire.server")

TAKEOVER: Final = 20.0
"""Seconds an orphan gets to stop: a fork that rewrites the log outlives its server and holds the lock until done."""
STOP: Final = 30.0
"""Seconds a server gets to stop before it is killed."""
FREE: Final = 16 * 1024 * 1024
"""Free bytes on the disk from which on a server that found it full is started again."""
HARDLY_ANY: Final = 256 * 1024
"""Free bytes below which a server that ended is taken to have ended for want of space, whatever its log says."""
LONGEST_PAUSE: Final = 10.0
MOST_MEMORY: Final = 1024**3
"""Bytes that a server may use at the most; on a small machine it is a quarter of what there is."""
FIRST_TRIES: Final = 3


class PrivateServer:
    """A server of this process alone; while it is started, a server that ends is started again."""

    def __init__(self, data_dir: Path, fsync: Fsync = "always", maxmemory: int | None = None) -> None:
        self.folder = Folder(data_dir)
        self.trouble: str | None = None
        """Why there is no server at the moment, for the health page; None while it answers."""
        self._fsync, self._maxmemory = fsync, str(maxmemory or default_memory())
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: asyncio.Task[None] | None = None
        self._binary: Binary | None = None
        self._log_start = 0

    @property
    def alive(self) -> bool:
        """Whether the server runs and has answered."""
        return self.trouble is None and self.pid is not None

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs."""
        running = self._process is not None and self._process.poll() is None
        return self._process.pid if self._process is not None and running else None

    async def start(self) -> Path:
        """Start the server and return its socket; raises RuntimeRefused with what is wrong and what to do."""
        self._binary = find_server()
        self.folder.prepare()
        await self.folder.own()
        try:
            await self._launch_first()
        except BaseException:
            await self._end()
            self.folder.owner.close()
            raise
        self._watch = asyncio.create_task(self._supervise(), name="private-server")
        return self.folder.socket()

    async def stop(self) -> None:
        """Stop the server, everything on disk, and let go of the data directory."""
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
            self._watch = None
        await self._end()
        self.folder.owner.close()

    async def _launch_first(self) -> None:
        """The first start has no supervisor yet; a server that somebody kills on the way up gets another try."""
        for _ in range(FIRST_TRIES - 1):
            try:
                return await self._launch()
            except RuntimeRefused as refused:
                if self._process is None or (self._process.poll() or 0) >= 0:
                    raise
                log.warning("%s; it is started again", refused)
        return await self._launch()

    async def _launch(self) -> None:
        assert self._binary is not None
        try:
            await _lock_server(self.folder)
            unix_socket = self.folder.socket()
            unix_socket.unlink(missing_ok=True)  # with the lock in hand, a socket that is there is a dead one's
            config = configuration(self.folder.path, unix_socket, self._fsync, self._maxmemory)
            self._log_start = self.folder.log.stat().st_size
            with self.folder.log.open("ab") as output:
                self._process = launch(self._binary.path, config, output, self.folder.server.descriptor)
        except OSError as error:
            raise self.folder.refusal(error) from error
        finally:
            self.folder.server.close()  # from here on the server alone holds it
        await self._ready(self._process, unix_socket)
        self.trouble = None

    async def _ready(self, process: subprocess.Popen[bytes], unix_socket: Path) -> None:
        pause, told = 0.001, time.monotonic()
        while not (answer := await answers(unix_socket)):
            if process.poll() is not None:
                raise self._failure()
            if answer is False and time.monotonic() > told + 5:
                told = time.monotonic()
                log.info("the private server is loading its data")
            await asyncio.sleep(pause)
            pause = min(pause * 2, 0.05)

    def _failure(self) -> RuntimeRefused:
        words = last_words(self.folder.log, self._log_start)
        if self._disk_is_full(words):
            return RuntimeRefused(f"the disk of {self.folder.data_dir} is full; free some space and start again")
        lines = [line for line in words.splitlines() if line.strip()]
        reason = lines[-1].strip() if lines else "it said nothing"
        if self._process is not None and (self._process.poll() or 0) < 0:
            reason = f"it was killed by signal {-self._process.returncode}"
        return RuntimeRefused(f"the private server did not start: {reason}; its log is {self.folder.log}")

    def _disk_is_full(self, words: str) -> bool:
        return any(sign in words for sign in NO_SPACE) or shutil.disk_usage(self.folder.path).free < HARDLY_ANY

    async def _supervise(self) -> None:
        pause = 0.05
        while True:
            started = time.monotonic()
            while self.pid is not None:
                await asyncio.sleep(0.05)
            if time.monotonic() - started > LONGEST_PAUSE:
                pause = 0.05
            self.trouble = self.trouble or "the private server has ended"
            await asyncio.sleep(pause)
            try:
                await self._recover()
            except (RuntimeRefused, OSError) as refused:  # OSError: somebody took the folder away
                self.trouble = str(refused)
                log.error("%s", refused)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _recover(self) -> None:
        if self._disk_is_full(last_words(self.folder.log, self._log_start)):
            self.trouble = f"the disk of {self.folder.data_dir} is full"
            log.error("%s; the server is started again when there is space", self.trouble)
            while shutil.disk_usage(self.folder.path).free < FREE:
                await asyncio.sleep(LONGEST_PAUSE / 5)
        log.error("%s; it is started again", self.trouble)
        await self._launch()

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.terminate()
        end = time.monotonic() + STOP
        while process.poll() is None:
            if time.monotonic() > end:
                log.error("the private server did not stop within %.0f s and is killed", STOP)
                process.kill()
                process.wait()
            await asyncio.sleep(0.01)


def default_memory() -> int:
    """Bytes: a quarter of the machine's memory, within reason."""
    try:
        machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):  # a system that does not tell
        return MOST_MEMORY
    return min(MOST_MEMORY, machine // 4)


async def running_server(data_dir: Path) -> Path | None:
    """The socket of the server that another living nightwire runs on a data directory, or None.

    For commands that only look: they join the running server where there is one.
    """
    folder = Folder(data_dir)
    with contextlib.suppress(OSError):  # a folder that cannot be read is refused with its reason by a start
        if folder.owned_by_another() and await answers(folder.socket()):
            return folder.socket()
    return None


async def _lock_server(folder: Folder) -> None:
    """Take the server's lock; where an orphan of a killed nightwire holds it, stop the orphan first."""
    end, asked = time.monotonic() + TAKEOVER, False
    while not folder.server.take():
        orphan = listener(folder.socket())
        if orphan is not None and not asked:
            log.warning("stopping server %d, whose nightwire is gone", orphan)
            _signal(orphan, signal.SIGTERM)
            asked = True
        if time.monotonic() > end:
            who = f"server {orphan}" if orphan else "a server"
            raise RuntimeRefused(f"{who} still uses {folder.data_dir} and does not stop; end it, then start again")
        await asyncio.sleep(0.01)


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)
