"""What fetching costs: feeds on distinct loopback hosts, unchanged and changed, beside a bare aiohttp loop.

    python bench/feeds_fetch.py [--feeds 10000] [--plain]

Each row is a process of its own. `bare` only sends the same requests and reads the answers. `nightwire`
polls: state, validators, guard, parsing, planning, one commit on the memory runtime for each feed. Before
the measured round every feed was read once. In it, all answers are 304 (`unchanged`), or 200 with the
same document again (`same`), or 200 with a document that has one new entry and lost its oldest (`news`).
The last column is CPU per feed as a ratio to `bare` in the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gzip
import json
import resource
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from feeds_documents import document

from schemas.feed import Feed
from streams.clock import ManualClock
from streams.runtimes.base import Commit, Verdict
from streams.runtimes.memory import MemoryRuntime
from streams.sources.http import ACCEPT, Fetcher
from streams.sources.poller import Poller

AT_ONCE = 32
"""The default of the configuration; more only costs memory, since TLS takes all of a core."""
NAP = 0.02
"""Seconds between two looks at whether the loop is free."""
START = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: %s\r\nConnection: close\r\n"


class Publisher(asyncio.Protocol):
    """Writes canned answers: the first document, and once that is known what the case asks for."""

    answers: dict[bool, bytes] = {}
    """By whether the request knows the first document."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.buffer.endswith(b"\r\n\r\n"):
            return
        self.transport.write(self.answers[b"If-None-Match" in self.buffer])  # type: ignore[attr-defined]
        self.transport.close()


def canned(first: int, tag: bytes) -> bytes:
    body = gzip.compress(document(1, first=first))
    return HEAD % tag + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body


CASES = {
    "unchanged": (b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nConnection: close\r\n\r\n', "not-modified"),
    "same": (canned(0, b'"1"'), "same-content"),
    "news": (canned(1, b'"2"'), "fetched"),
}
"""What a request with a validator is answered, and what nightwire calls that."""


async def publish(folder: Path, tls: bool, case: str) -> None:
    """Serve until killed; prints the port."""
    Publisher.answers = {False: canned(0, b'"1"'), True: CASES[case][0]}
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH) if tls else None
    if context:
        context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Publisher, "0.0.0.0", 0, ssl=context, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


def hosts(number: int) -> list[str]:
    return [f"127.{1 + n // 62500}.{n // 250 % 250}.{1 + n % 250}" for n in range(number)]


def trust(folder: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(folder / "cert.pem"))
    context.check_hostname = False
    return context


@contextlib.asynccontextmanager
async def measured() -> AsyncIterator[dict[str, float]]:
    """Wall seconds, CPU seconds, and the longest time that the loop was held by this process."""
    found = {"stall": 0.0}

    async def beat() -> None:
        while True:
            wall, cpu = time.perf_counter(), time.process_time()
            await asyncio.sleep(NAP)
            held = min(time.perf_counter() - wall - NAP, time.process_time() - cpu)
            found["stall"] = max(found["stall"], held)

    task = asyncio.create_task(beat())
    wall, cpu = time.perf_counter(), time.process_time()
    yield found
    found["wall"], found["cpu"] = time.perf_counter() - wall, time.process_time() - cpu
    task.cancel()


async def bare(urls: list[str], folder: Path, case: str) -> dict[str, float]:
    """The same requests, nothing else."""
    connector = aiohttp.TCPConnector(limit=AT_ONCE, force_close=True, ssl=trust(folder))
    agent = {"User-Agent": "bench", "Accept": ACCEPT}
    async with aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar(), headers=agent
    ) as session:

        async def get(url: str, headers: dict[str, str]) -> None:
            async with session.get(url, headers=headers, allow_redirects=False) as answer:
                await answer.read()

        await bounded([lambda u=url: get(u, {}) for url in urls])
        async with measured() as found:
            await bounded([lambda u=url: get(u, {"If-None-Match": '"1"'}) for url in urls])
    return found


async def bounded(calls: list) -> None:
    """Run calls, some at a time."""
    waiting = iter(calls)

    async def worker() -> None:
        for call in waiting:
            await call()

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


async def nightwire(urls: list[str], folder: Path, case: str) -> dict[str, float]:
    """The whole check of every feed."""
    clock = ManualClock(START)
    feeds = [Feed(id=f"f{n}", url=url) for n, url in enumerate(urls)]
    port = int(urls[0].rpartition(":")[2].rstrip("/f"))
    allow = [(host, port) for host in ("127.0.0.1", *hosts(len(urls)))]
    async with Fetcher(clock, contact="https://ops.example/", allow=allow, tls=trust(folder)) as fetcher:
        poller = Poller(Carrier(), fetcher, feeds, clock)
        await bounded([lambda f=feed: poller.poll(f) for feed in feeds])
        outcomes: list[str] = []

        async def poll(feed: Feed) -> None:
            outcomes.append((await poller.poll(feed)).reason)

        async with measured() as found:
            await bounded([lambda f=feed: poll(f) for feed in feeds])
        await poller.close()
    assert set(outcomes) == {CASES[case][1]}, set(outcomes)
    return found


class Carrier(MemoryRuntime):
    """Keeps state and forgets records, which in life are in the carrier's process and not in this one."""

    async def commit(self, commit: Commit) -> Verdict:
        commit.emits.clear()
        return await super().commit(commit)


CLIENTS = {"bare": bare, "nightwire": nightwire}


def certificate(folder: Path) -> None:
    subject = ["-subj", "/CN=bench", "-addext", "subjectAltName=IP:127.0.0.1"]
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(["openssl", "req", "-x509", *curve, *subject, *files], check=True, capture_output=True)


def row(name: str, case: str, options: argparse.Namespace, folder: Path) -> dict[str, float]:
    """One client against a fresh publisher, both in processes of their own."""
    flags = ["--plain"] if options.plain else []
    me = [sys.executable, __file__, "--folder", str(folder), "--feeds", str(options.feeds), "--case", case, *flags]
    with subprocess.Popen([*me, "--publish"], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            port = server.stdout.readline().strip()
            done = subprocess.run([*me, "--client", name, "--port", port], check=True, capture_output=True, text=True)
        finally:
            server.kill()
    return json.loads(done.stdout)


def client(options: argparse.Namespace) -> None:
    scheme = "http" if options.plain else "https"
    urls = [f"{scheme}://{host}:{options.port}/f" for host in hosts(options.feeds)]
    found = asyncio.run(CLIENTS[options.client](urls, options.folder, options.case))
    found["rss"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=2_000)
    parser.add_argument("--plain", action="store_true", help="http instead of https")
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--publish", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--client", choices=CLIENTS, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--case", choices=CASES, help="only this one; all of them otherwise")
    options = parser.parse_args()
    if options.publish:
        asyncio.run(publish(options.folder, not options.plain, options.case))
    elif options.client:
        client(options)
    else:
        compare(options)


def compare(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        certificate(folder)
        scheme, size = "http" if options.plain else "https", len(document(1))
        print(f"{options.feeds} feeds, {scheme}, {AT_ONCE} at once; a document is {size:,} bytes\n")
        print(f"{'':<20} {'feeds/s':>8} {'CPU ms':>8} {'peak MB':>8} {'stall ms':>9} {'of bare':>8}")
        for case in [options.case] if options.case else CASES:
            floor = 0.0
            for who in CLIENTS:
                found = row(who, case, options, folder)
                cpu = found["cpu"] / options.feeds * 1e3
                floor = floor or cpu
                print(
                    f"{case:<9} {who:<10} {options.feeds / found['wall']:>8.0f} {cpu:>8.2f}"
                    f" {found['rss']:>8.0f} {found['stall'] * 1e3:>9.0f} {cpu / floor:>8.2f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
