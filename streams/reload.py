"""Reloading while nightwire runs: rules and receivers are read anew and exchanged together, or not at all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from streams import operate
from streams.app import House, Rooms
from streams.documents import DocumentError
from streams.runtimes.base import Unavailable
from streams.runtimes.service import serve
from streams.sinks.lanes import Lane, ReceiverError
from streams.waiting import first_of
from workers.judge.stage import Judge

log = logging.getLogger("nightwire.reload")


@dataclass(frozen=True)
class Crew:
    """What is exchanged: the rooms with their rules, and the ways out with their receivers."""

    rooms: Rooms
    lanes: Mapping[str, Lane]


class Reload:
    """Waits to be asked for new rules; `load` makes a crew or raises, `tell` talks to the person at the terminal."""

    def __init__(self, load: Callable[[], Crew], tell: Callable[[str], None]) -> None:
        self._load, self._tell = load, tell
        self._asked = asyncio.Event()

    def ask(self) -> None:
        """Read everything anew as soon as possible; may be called by a signal."""
        self._asked.set()

    async def crew(self) -> Crew:
        """Return when a crew was asked for and could be made; what cannot be used is told and leaves all as it is."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            try:
                return self._load()
            except DocumentError as error:
                self._refuse([str(problem) for problem in error.problems])
            except ReceiverError as error:
                self._refuse([str(error)])

    def _refuse(self, problems: list[str]) -> None:
        for problem in problems:
            self._tell(problem)
        log.error(
            "rules and receivers were not reloaded, since %d problems were found; the old ones stay in force",
            len(problems),
        )


async def shifts(house: House, stop: asyncio.Event, deliver: bool, reload: Reload | None) -> House:
    """Run the rooms and the outbox until `stop` is set; a new crew takes over between two batches.

    Returns the house as it stood at the end.
    """
    while True:
        await _begin(house)
        over = asyncio.Event()
        async with asyncio.TaskGroup() as shift:
            shift.create_task(serve(house.runtime, house.rooms, house.clock, over))
            if deliver:
                shift.create_task(house.outbox.run(over))
            crew = await _relief(stop, reload)
            over.set()
        if crew is None:
            return house
        await house.outbox.exchange(crew.lanes)
        house = replace(house, rooms=crew.rooms)
        log.info("rules and receivers were reloaded: %d rooms, %d ways out", len(crew.rooms), len(crew.lanes))


async def _relief(stop: asyncio.Event, reload: Reload | None) -> Crew | None:
    """The next crew, or None once `stop` is set."""
    if reload is None:
        await stop.wait()
        return None
    _, crew = await first_of(stop.wait(), reload.crew())
    return None if stop.is_set() else crew.result()


async def _begin(house: House) -> None:
    """Have the judge take up its rules at once, so that silence is noticed although nothing comes."""
    for room in house.rooms:
        if isinstance(room, Judge):
            try:
                await operate.begin(house.runtime, room, house.clock.now(), house.config.mode)
            except Unavailable as trouble:
                log.warning("the rules are taken up with the first record: %s", trouble)
