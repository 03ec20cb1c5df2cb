"""The private server: one per data directory, whoever is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from streams.runtimes.base import RuntimeRefused
from streams.state import server as module
from streams.state.binary import OVERRIDE, Binary
from streams.state.process import answers, listener
from streams.state.server import PrivateServer, running_server

HOLDER = """
import asyncio, sys, threading
from pathlib import Path
from streams.state.server import PrivateServer

async def main():
    server = PrivateServer(Path(sys.argv[1]))
    await server.start()
    print(server.pid, flush=True)
    await asyncio.Event().wait()

if sys.argv[2] == "main":
    asyncio.run(main())
else:  # a thread may not ask for the death signal, so its server becomes an orphan
    thread = threading.Thread(target=lambda: asyncio.run(main()))
    thread.start()
    thread.join()
"""


async def until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not what():
            await asyncio.sleep(0.005)


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


async def ask(socket: Path, *words: str) -> bytes:
    reader, writer = await asyncio.open_unix_connection(str(socket))
    writer.write((" ".join(words) + "\r\n").encode())
    line = await reader.readline()
    if line.startswith(b"$") and line != b"$-1\r\n":
        line = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return line.strip()


@pytest.fixture
async def server(valkey_binary: Binary, data_dir: Path) -> AsyncIterator[PrivateServer]:
    server = PrivateServer(data_dir)
    yield server
    await server.stop()


async def test_starts_answers_and_stops(server: PrivateServer) -> None:
    socket = await server.start()
    assert server.alive
    assert await answers(socket) is True
    assert listener(socket) == server.pid
    assert socket.stat().st_mode & 0o077 == 0
    await server.stop()
    assert not server.alive
    assert await answers(socket) is None


async def test_keeps_its_data_over_a_stop_and_a_kill(server: PrivateServer) -> None:
    await ask(await server.start(), "SET", "a", "1")
    await server.stop()
    socket = await server.start()
    assert await ask(socket, "GET", "a") == b"1"
    await ask(socket, "SET", "a", "2")
    killed = server.pid
    assert killed
    os.kill(killed, signal.SIGKILL)
    await until(lambda: server.pid not in (None, killed) and server.trouble is None)
    assert await ask(socket, "GET", "a") == b"2"


@pytest.mark.parametrize("name", ["with space", 'quo"te', "новини", "line\nbreak", "x" * 200], ids=lambda n: n[:5])
async def test_any_directory_name_will_do(valkey_binary: Binary, tmp_path: Path, name: str) -> None:
    server = PrivateServer(tmp_path / name)
    try:
        assert await answers(await server.start())
    finally:
        await server.stop()


async def test_a_second_nightwire_is_refused_and_a_reader_joins(server: PrivateServer, data_dir: Path) -> None:
    assert await running_server(data_dir) is None
    socket = await server.start()
    assert await running_server(data_dir) == socket
    with pytest.raises(RuntimeRefused, match=rf"in use by another nightwire \(pid {os.getpid()}\)"):
        await PrivateServer(data_dir).start()
    assert server.alive
    await server.stop()
    assert await running_server(data_dir) is None


@pytest.mark.skipif(sys.platform != "linux", reason="the death signal is Linux's")
async def test_the_server_ends_with_a_killed_parent(valkey_binary: Binary, data_dir: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, data_dir, "main"], stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        pid = int(await asyncio.to_thread(holder.stdout.readline))
        holder.kill()
    await until(lambda: gone(pid))


async def test_an_orphan_is_taken_over(server: PrivateServer, data_dir: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, data_dir, "thread"], stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        orphan = int(await asyncio.to_thread(holder.stdout.readline))
        await ask(server.folder.socket(), "SET", "a", "1")
        holder.kill()
    assert not gone(orphan)
    socket = await server.start()
    assert gone(orphan)
    assert server.pid != orphan
    assert await ask(socket, "GET", "a") == b"1"


async def test_a_stale_socket_is_no_obstacle(server: PrivateServer) -> None:
    server.folder.prepare()
    server.folder.socket().write_text("left behind")
    assert await answers(await server.start())


async def test_a_directory_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RuntimeRefused, match=r"cannot be written .*--data-dir"):
        await PrivateServer(tmp_path / "file").start()


def script(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(["#!/bin/sh", *lines]))
    path.chmod(0o755)
    return path


OLD = "echo 'Redis server v=6.2.14 sha=0'"
FULL = "[ $1 = --version ] && echo 'v=9.1.2' || { echo 'Error: No space left on device'; exit 1; }"
SILENT = "[ $1 = --version ] && echo 'v=9.1.2' || { cat > /dev/null; echo 'FATAL: bad moon'; exit 1; }"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (OLD, "version 6.2.14, too old: 7.0 or newer is needed"),
        ("echo something else", "is not a Valkey or Redis server"),
        (FULL, "the disk of .* is full; free some space"),
        (SILENT, "did not start: FATAL: bad moon; its log is"),
    ],
    ids=["old", "other", "full", "failing"],
)
async def test_a_server_that_will_not_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, message: str
) -> None:
    monkeypatch.setenv(OVERRIDE, str(script(tmp_path / "server", line)))
    with pytest.raises(RuntimeRefused, match=message):
        await PrivateServer(tmp_path).start()
    assert await running_server(tmp_path) is None


async def test_a_folder_that_was_taken_away_is_told_of_and_waited_for(
    server: PrivateServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST_PAUSE", 0.05)
    await server.start()
    pid, aside = server.pid, server.folder.path.with_name("aside")
    assert pid
    server.folder.path.rename(aside)
    os.kill(pid, signal.SIGKILL)
    await until(lambda: server.trouble is not None and "valkey" in server.trouble)
    assert not server.alive
    aside.rename(server.folder.path)
    await until(lambda: server.alive)


async def test_a_terminals_interrupt_does_not_reach_the_server(server: PrivateServer) -> None:
    await server.start()
    assert server.pid
    assert os.getsid(server.pid) == server.pid


async def test_a_full_disk_does_not_make_it_run_in_circles(
    server: PrivateServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    space = asyncio.Event()

    class Usage:
        free = 0

    def usage(_: object) -> Usage:
        asked.append(None)
        Usage.free = module.FREE if space.is_set() else 0
        return Usage()

    monkeypatch.setattr(module.shutil, "disk_usage", usage)
    monkeypatch.setattr(module, "LONGEST_PAUSE", 0.05)
    await server.start()
    first = server.pid
    assert first
    with server.folder.log.open("a") as log:
        log.write("Error writing to the AOF file: No space left on device\n")
    os.kill(first, signal.SIGKILL)
    await until(lambda: len(asked) > 3)
    assert server.pid is None
    assert server.trouble
    assert "is full" in server.trouble
    space.set()
    await until(lambda: server.alive)


async def test_a_server_that_is_killed_on_the_way_up_gets_another_try(
    server: PrivateServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, killed = module.launch, []

    def deadly(*args: object) -> subprocess.Popen[bytes]:
        process = real(*args)  # type: ignore[arg-type]
        if not killed:
            killed.append(process.pid)
            process.kill()
        return process

    monkeypatch.setattr(module, "launch", deadly)
    assert await answers(await server.start()) is True
    assert server.pid not in killed


@pytest.mark.parametrize(("machine", "share"), [(2**34, 2**30), (2**29, 2**27), (None, 2**30)])
async def test_a_small_machine_gives_the_server_less(
    monkeypatch: pytest.MonkeyPatch, machine: int | None, share: int
) -> None:
    def sysconf(name: str) -> int:
        if machine is None:
            raise ValueError(name)
        return {"SC_PHYS_PAGES": machine // 4096, "SC_PAGE_SIZE": 4096}[name]

    monkeypatch.setattr(module.os, "sysconf", sysconf)
    assert module.default_memory() == share


async def test_the_server_has_a_limit_and_evicts_nothing(data_dir: Path, valkey_binary: Binary) -> None:
    server = PrivateServer(data_dir, maxmemory=64 * 1024 * 1024)
    try:
        reader, writer = await asyncio.open_unix_connection(str(await server.start()))
        writer.write(b"INFO memory\r\n")
        text = await reader.readexactly(int((await reader.readline())[1:]))
        writer.close()
    finally:
        await server.stop()
    assert b"maxmemory:67108864\r\n" in text
    assert b"maxmemory_policy:noeviction" in text
