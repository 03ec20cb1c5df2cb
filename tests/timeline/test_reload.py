"""Reloading while the rooms run: new rules take over between batches, wrong ones leave everything as it was."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from schemas.alert import Notice
from schemas.config import Config
from schemas.incident import Figure, Incident
from schemas.topic import Topic
from streams.app import House
from streams.clock import ManualClock
from streams.judges import judge_rooms
from streams.reload import Crew, Reload, shifts
from streams.rules import load_rules
from streams.runtimes.base import Commit
from streams.runtimes.memory import MemoryRuntime
from streams.sinks.lanes import Lane, ReceiverError
from streams.sinks.outbox import Outbox
from workers.judge.stage import Judge
from workers.ports import Emit

NOW = datetime(2026, 9, 4, 5, tzinfo=UTC)
RULE = """version: 1
rules:
  - id: drones-night
    title: Drones
    where: {{object: drone, measure: launched}}
    value: max(value)
    by: [attacker]
    window: {{{window}}}
    levels: [{{severity: warning, at: "> {limit}"}}]
"""
NIGHT = 'night: "18:00-09:00", tz: Europe/Kyiv'


class Sink:
    """A way out that remembers that it was closed."""

    closed = False

    async def send(self, notification: object) -> object:
        raise AssertionError("nothing is sent here")

    async def close(self) -> None:
        self.closed = True


class Station:
    """Rooms that run on rules in a file."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "rules.yaml"
        self.write(50)
        self.told: list[str] = []
        self.refusal: Exception | None = None
        self.runtime, self.clock = MemoryRuntime(), ManualClock(NOW)
        self.sinks = [Sink()]
        self.reload = Reload(self.load, self.told.append)
        self.stop = asyncio.Event()
        outbox = Outbox(self.runtime, {"ops": Lane(self.sinks[0])}, self.clock)  # type: ignore[arg-type]
        self.house = House(Config(), self.clock, self.runtime, self.rooms(), outbox)

    def write(self, limit: int, window: str = NIGHT) -> None:
        self.file.write_text(RULE.format(limit=limit, window=window), encoding="utf-8")

    def rooms(self) -> tuple[object, ...]:
        return judge_rooms(load_rules([self.file]).rules)

    def load(self) -> Crew:
        if self.refusal is not None:
            raise self.refusal
        rooms = self.rooms()
        self.sinks.append(Sink())
        return Crew(rooms, {"ops": Lane(self.sinks[-1])})  # type: ignore[arg-type]

    async def incident(self, value: int, revision: int) -> None:
        figure = Figure(value=value, low=value, high=value)
        made = Incident(
            id="i1", object="drone", attacker="RU", target_country="UA", period="night", night_of=date(2026, 9, 4),
            figures={"launched": figure}, revision=revision, first_seen=NOW, updated=NOW, independent=1,
        )  # fmt: skip
        emit = Emit(Topic.INCIDENTS, made.id, made, f"i1-{revision}")
        await self.runtime.commit(Commit(room="resolve", at=NOW, emits=[(emit, NOW)]))

    async def notices(self) -> list[tuple[str, str | None, str | None]]:
        models = [record.model for record in await self.runtime.tail(Topic.ALERTS)]
        return [(m.notice, m.limit, m.reason) for m in models if isinstance(m, Notice)]


async def until(what: Callable[[], Awaitable[bool]]) -> None:
    """Let the rooms work until something is so."""
    async with asyncio.timeout(60):
        while not await what():
            await asyncio.sleep(0.01)


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return Station(tmp_path)


async def test_new_rules_take_over_and_keep_what_they_know(station: Station) -> None:
    working = asyncio.create_task(shifts(station.house, station.stop, True, station.reload))
    await station.incident(40, 1)
    await until(lambda: settled(station))
    assert await station.notices() == []
    station.write(30)
    station.reload.ask()
    await until(lambda: reloaded(station, 2))
    await station.incident(41, 2)
    await until(lambda: settled(station))
    assert await station.notices() == [("open", "> 30", "level-reached")]
    assert station.sinks[0].closed
    assert not station.sinks[1].closed
    station.stop.set()
    house = await working
    assert house.rooms is not station.house.rooms
    assert isinstance(house.rooms[0], Judge)


async def test_a_rule_of_another_shape_closes_its_alerts(station: Station) -> None:
    working = asyncio.create_task(shifts(station.house, station.stop, True, station.reload))
    await station.incident(60, 1)
    await until(lambda: told(station, 1))
    station.write(50, "sliding: 24h")
    station.reload.ask()
    await until(lambda: told(station, 2))
    assert (await station.notices())[1][::2] == ("close", "rule-changed")
    station.stop.set()
    await working


async def test_wrong_rules_are_told_line_by_line_and_change_nothing(
    station: Station, caplog: pytest.LogCaptureFixture
) -> None:
    working = asyncio.create_task(shifts(station.house, station.stop, True, station.reload))
    station.file.write_text(RULE.format(limit=30, window=NIGHT).replace("value:", "vale:") + "  - id: X\n", "utf-8")
    with caplog.at_level(logging.ERROR, "nightwire.reload"):
        station.reload.ask()
        await until(lambda: logged(caplog, 1))
        station.refusal = ReceiverError("receiver ops: secret_env names the variable X, which is not set")
        station.reload.ask()
        await until(lambda: logged(caplog, 2))
    assert any(line.startswith(f"{station.file}:6:5: rules.0.vale") for line in station.told)
    assert station.told[-1].startswith("receiver ops:")
    assert "the old ones stay in force" in caplog.text
    await station.incident(60, 1)
    await until(lambda: told(station, 1))
    assert await station.notices() == [("open", "> 50", "level-reached")]
    station.stop.set()
    assert (await working).rooms is station.house.rooms
    assert not station.sinks[0].closed


async def settled(station: Station) -> bool:
    return await station.runtime.lag("judge", Topic.INCIDENTS) == 0


async def reloaded(station: Station, sinks: int) -> bool:
    return len(station.sinks) == sinks and station.sinks[0].closed


async def told(station: Station, number: int) -> bool:
    return len(await station.notices()) >= number


async def logged(caplog: pytest.LogCaptureFixture, number: int) -> bool:
    return len(caplog.records) >= number
