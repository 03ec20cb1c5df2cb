"""One run of a private server: its configuration, its process, and whether it answers."""

from __future__ import annotations

import asyncio
import ctypes
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Final

PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h
SOL_LOCAL, LOCAL_PEERPID = 0, 2  # sys/un.h of macOS
PLAIN: Final = re.compile(rb"[A-Za-z0-9._/-]+")
NO_SPACE: Final = ("No space left on device", "Disk quota exceeded", "AOF write error")
"""What a server says that ends for want of space, if there is space left to say it."""
TAIL: Final = 4096
"""Bytes of log that are looked at for the reason of an exit."""

Fsync = str
"""`always` (nothing that was acknowledged is ever lost) or `everysec` (faster; a power cut loses a second)."""


def configuration(folder: Path, unix_socket: Path, fsync: Fsync, maxmemory: str) -> bytes:
    """The server's configuration file, which it reads from standard input."""
    return b"".join(
        name.encode() + b" " + _quote(os.fsencode(value)) + b"\n"
        for name, value in _settings(folder, unix_socket, fsync, maxmemory).items()
    )


def _settings(folder: Path, unix_socket: Path, fsync: Fsync, maxmemory: str) -> Mapping[str, str | Path]:
    return {
        "port": "0",  # no TCP: whoever may enter the folder may talk to the server, nobody else
        "unixsocket": unix_socket,
        "unixsocketperm": "700",
        "dir": folder,
        "daemonize": "no",
        "appendonly": "yes",
        "appendfsync": fsync,
        "save": "",
        "auto-aof-rewrite-percentage": "100",
        "auto-aof-rewrite-min-size": "64mb",
        "aof-load-truncated": "yes",
        "no-appendfsync-on-rewrite": "no",
        "maxmemory": maxmemory,
        "maxmemory-policy": "noeviction",
        # whole articles: 4 KB nodes would hold one each, and larger ones make every append dearer
        "stream-node-max-bytes": "16384",
        "stream-node-max-entries": "100",
    }


def _quote(value: bytes) -> bytes:
    if PLAIN.fullmatch(value):
        return value
    return b'"' + b"".join(b"\\x%02x" % byte for byte in value) + b'"'


def launch(binary: Path, config: bytes, log: IO[bytes], lock: int) -> subprocess.Popen[bytes]:
    """Start the server in a session of its own, holding the lock; a terminal's Ctrl-C does not reach it."""
    process = subprocess.Popen(  # noqa: S603 - the binary was chosen by find_server
        [binary, "-"],
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=subprocess.STDOUT,
        pass_fds=[lock],
        start_new_session=True,
        preexec_fn=_die_with_parent(os.getpid()),
    )
    assert process.stdin is not None
    try:
        with process.stdin:
            process.stdin.write(config)
    except BrokenPipeError:
        pass  # it ended at once; its log says why
    return process


def _die_with_parent(parent: int) -> Callable[[], None] | None:
    """What the child does before it becomes the server: ask for SIGTERM when its parent is gone.

    The signal comes when the forking THREAD ends, so only the main thread may ask for it. Without
    it (other threads, macOS) a killed parent leaves an orphan, which the next start takes over.
    """
    if sys.platform != "linux" or threading.current_thread() is not threading.main_thread():
        return None
    prctl = ctypes.CDLL(None).prctl  # looked up before the fork: the child should do as little as possible

    def arm() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return arm


async def answers(unix_socket: Path, patience: float = 1.0) -> bool | None:
    """True when a server answers PING, False while it loads its data, None when nobody is there."""
    try:
        async with asyncio.timeout(patience):
            reader, writer = await asyncio.open_unix_connection(str(unix_socket))
            try:
                writer.write(b"PING\r\n")
                line = await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return None
    if line.startswith(b"+PONG"):
        return True
    return False if line else None


def listener(unix_socket: Path) -> int | None:
    """The pid of the process that listens on a socket, by the kernel's word, or None."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.settimeout(1.0)
            probe.connect(str(unix_socket))
            if sys.platform == "linux":
                credentials = probe.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
                pid: int = struct.unpack("3i", credentials)[0]
            else:
                pid = probe.getsockopt(SOL_LOCAL, LOCAL_PEERPID)
        except OSError:
            return None
    return pid if pid > 1 else None


def last_words(log: Path, since: int) -> str:
    """The end of what a server wrote into its log after an offset: why it ended."""
    with log.open("rb") as file:
        file.seek(max(since, log.stat().st_size - TAIL))
        return file.read().decode("utf-8", "replace")
