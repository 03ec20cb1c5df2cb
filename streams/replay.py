"""A replay: a corpus served as live feeds on loopback, and everything run on it at the corpus's own time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from streams.clock import SimulatedClock
from streams.patience import patiently
from streams.runtimes.base import Runtime
from streams.runtimes.driver import drain
from streams.sinks.outbox import Outbox
from streams.sources.corpus import Corpus
from streams.sources.poller import Poller
from streams.steps import advance
from workers.stage import Stage

LAST_DELIVERIES = 60.0
"""Wall seconds that a finished replay waits for receivers that are away; what is left stays queued."""


@dataclass(frozen=True)
class Replay:
    """One replay, ready to run; it may be cut off anywhere and run again on the same state."""

    corpus: Corpus
    runtime: Runtime
    rooms: Sequence[Stage[Any]]
    clock: SimulatedClock
    poller: Poller
    outbox: Outbox

    async def run(self, moments: Sequence[datetime], tell: Callable[[int, datetime], None]) -> None:
        """Play the corpus through all `moments`; `tell` hears how many have passed and where the clock stands.

        What an earlier replay on the same state left half done is finished first.
        """
        await patiently(self._settle)
        for number, moment in enumerate(moments, start=1):
            await patiently(partial(self._step, moment))
            tell(number, self.clock.now())
        await patiently(lambda: self.outbox.flush(until_empty_within=LAST_DELIVERIES))

    async def _step(self, moment: datetime) -> None:
        await advance(self.runtime, self.rooms, self.clock, moment)
        for feed in self.poller.feeds.values():
            newest = self.corpus.published(feed.id, moment, 1)
            if newest and newest[0].published == moment:
                await self.poller.poll(feed)
        await self._settle()

    async def _settle(self) -> None:
        await drain(self.runtime, self.rooms, self.clock)
        await self.outbox.flush()
