"""The journal: what a commit publishes stands on the state server until the broker has it.

One journal for each partition of each topic, in the order of the commits that wrote it. Whoever
publishes begins at its head, sends one batch, waits for all replicas, and takes away what they
have; so what is on the partition is always a prefix of the journal, with repetitions where a
publisher ended in between. Entries ascend, and each travels with its number, so a reader passes
over what is not above the last it took: nothing is lost, nothing comes twice, nothing overtakes.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from schemas.topic import Topic
from streams.codec import DATA, encode
from streams.runtimes.base import Commit
from streams.runtimes.kafka.layout import MAX_RECORD, Names, partition_of
from streams.runtimes.kafka.producer import Producer
from streams.runtimes.kafka.wire import KEY, WRITER, from_sequence, to_headers
from streams.runtimes.valkey.wire import CommitWords, Words
from streams.state.connection import Server
from streams.state.keys import Keys

log = logging.getLogger("nightwire.kafka")

PAGE: Final = 200
"""Entries that are read and sent at once."""
CHUNK: Final = 1024 * 1024
"""Bytes of one batch on the wire, if it has more than one record."""
ORPHANED: Final = 2.0
"""Seconds after which what another worker has not published is published by whoever finds it."""
NAP: Final = 0.003
"""Seconds between two looks at what another worker is publishing ahead of us."""
OVERHEAD: Final = 4096
"""Bytes that a record's headers may take beside the document."""

Output = tuple[Topic, int]
"""A topic and one of its partitions."""


class JournalWords(CommitWords):
    """The commit function's words, with the records going into journals."""

    def __init__(self, keys: Keys, commit: Commit, writer: str, partitions: Mapping[Topic, int]) -> None:
        self._partitions = partitions
        self._writer = writer.encode()
        self.outputs: set[Output] = set()
        super().__init__(keys, commit, writer)

    def _records(self, commit: Commit) -> Words:
        rows = []
        for emit, at in commit.emits:
            fields = encode(emit, at)
            size = len(fields[DATA]) + 2 * len(fields[KEY]) + OVERHEAD
            if size > MAX_RECORD:
                raise ValueError(f"a record of {size} bytes is above the {MAX_RECORD} that a topic takes")
            number = partition_of(emit.topic, emit.model, emit.key, self._partitions[emit.topic])
            self.outputs.add((emit.topic, number))
            words = list(itertools.chain.from_iterable({**fields, WRITER: self._writer}.items()))
            rows.append((self._number(self._table.journal(emit.topic, number)), b"%d" % len(words), *words))
        return self._rows(rows)


class Entry(NamedTuple):
    """One record on its way."""

    id: bytes
    fields: dict[bytes, bytes]


class Publisher:
    """Brings journals to the broker; `writer` names this worker in them, and again when it comes back."""

    def __init__(self, server: Server, keys: Keys, producer: Producer, names: Names, writer: str) -> None:
        self._server, self._keys, self._producer, self._names = server, keys, producer, names
        self._writer = writer.encode()
        self._locks: dict[Output, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.behind: set[Output] = set()
        """Outputs that may hold entries of ours which the broker does not have."""

    async def publish(self, outputs: Iterable[Output] = ()) -> None:
        """Return once the broker has everything of ours on these outputs, and on those left behind earlier.

        Raises Unavailable or RuntimeRefused; what was not sent stays in the journal.
        """
        self.behind.update(outputs)
        results = await asyncio.gather(*map(self._drain, list(self.behind)), return_exceptions=True)
        for trouble in filter(None, results):
            raise trouble

    async def _drain(self, output: Output) -> None:
        async with self._locks[output]:
            while page := await self._page(output):
                waiting = page[0].fields.get(WRITER) != self._writer and not await self._orphaned(page[0])
                if not waiting:
                    await self._send(output, self._run(page))
                elif len(page) == PAGE or any(entry.fields.get(WRITER) == self._writer for entry in page):
                    await asyncio.sleep(NAP)
                else:
                    break
        self.behind.discard(output)

    def _run(self, page: list[Entry]) -> list[Entry]:
        """What is ours at the head; from an orphan on, everything."""
        if page[0].fields.get(WRITER) != self._writer:
            return page
        return list(itertools.takewhile(lambda entry: entry.fields.get(WRITER) == self._writer, page))

    async def _page(self, output: Output) -> list[Entry]:
        rows = await self._server.call("XRANGE", self._keys.journal(*output), "-", "+", "COUNT", PAGE)
        return [Entry(name, dict(zip(words[::2], words[1::2], strict=True))) for name, words in rows]

    async def _orphaned(self, entry: Entry) -> bool:
        seconds, micros = await self._server.call("TIME")
        written = from_sequence(entry.id)
        return written is None or int(seconds) * 1000 + int(micros) // 1000 - written[0] >= ORPHANED * 1000

    async def _send(self, output: Output, entries: list[Entry]) -> None:
        topic, partition = output
        for chunk in chunks(entries):
            rows = [(entry.fields[KEY], entry.fields[DATA], to_headers(entry.id, entry.fields)) for entry in chunk]
            await self._producer.send(self._names.topic(topic), partition, rows)
            first, second = from_sequence(chunk[-1].id) or (0, 0)
            await self._server.call("XTRIM", self._keys.journal(*output), "MINID", f"{first}-{second + 1}")

    async def relay(self, outputs: Iterable[Output]) -> int:
        """Publish what dead workers have left on these outputs; returns on how many there was something."""
        left = 0
        for output in outputs:
            head = await self._server.call("XRANGE", self._keys.journal(*output), "-", "+", "COUNT", 1)
            if head and await self._orphaned(Entry(head[0][0], {})):
                log.info("%s/%d: publishing what another worker has left", output[0].value, output[1])
                await self._drain(output)
                left += 1
        return left


def chunks(entries: list[Entry]) -> Iterable[list[Entry]]:
    """Batches of CHUNK bytes at the most; a bigger record goes alone."""
    chunk: list[Entry] = []
    size = 0
    for entry in entries:
        more = len(entry.fields[DATA]) + OVERHEAD
        if chunk and size + more > CHUNK:
            yield chunk
            chunk, size = [], 0
        chunk.append(entry)
        size += more
    yield chunk
