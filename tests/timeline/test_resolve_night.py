"""One night as the desk lives it: reports come in by the hour, and the incident follows."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from schemas.event import ArticleRef, Event, Extraction, Place
from schemas.incident import Incident
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import Commit
from streams.runtimes.driver import step
from streams.runtimes.memory import MemoryRuntime
from workers.ports import Emit
from workers.resolve.stage import Resolve

NIGHT = date(2026, 9, 4)
AIR_FORCE, CHANNELS = "Ukrainian Air Force", "Telegram channels"


class Desk:
    """Feeds articles at their hour of the night to 4 September (UTC) and remembers what was told."""

    def __init__(self) -> None:
        self.runtime, self.clock = MemoryRuntime(), ManualClock(datetime(2026, 9, 3, 12, tzinfo=UTC))
        self.told = 0

    async def at(self, hour: str, name: str, *claims: Event, revision: str = "1", published: str | None = None):
        """What the article changes: (period, status, involved, qualifier, independent) for each revision told."""
        now, when = (datetime.fromisoformat(f"2026-09-{h}").replace(tzinfo=UTC) for h in (hour, published or hour))
        self.clock.advance(now)
        ref = ArticleRef(id=name, revision=revision, source=name, published=when, fetched=now)
        events = [c.model_copy(update={"id": f"{name}{revision}{i}", "span": (i, i + 1)}) for i, c in enumerate(claims)]
        row = Extraction(article=ref, events=tuple(events))
        await self.runtime.commit(Commit(room="extract", at=now, emits=[(Emit(Topic.EVENTS, name, row, name), now)]))
        await step(self.runtime, Resolve(), self.clock)
        records = (await self.runtime.tail(Topic.INCIDENTS, limit=1000))[self.told :]
        self.told += len(records)
        return [brief(record.model) for record in records]


def brief(incident):
    assert isinstance(incident, Incident)
    figure = incident.figures["involved"]
    return (incident.period, incident.status, figure.value, figure.qualifier, incident.independent)


def drones(value, measure="launched", by=AIR_FORCE, **fields):
    known = {"attacker": "RU", "target_country": "UA", "period": "night", "night_of": NIGHT}
    return Event(
        id="",
        type="attack",
        object="drone",
        measure=measure,
        value=value,
        claimed_by=by,
        quote="q",
        span=(0, 1),
        **{**known, **fields},
    )


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_figures_grow_through_the_night_and_one_incident_follows(desk):
    over = drones(20, by=CHANNELS, qualifier="over")
    assert await desk.at("04T00:30", "channel", over) == [("night", "asserted", 20, "over", 1)]
    assert await desk.at("04T03:00", "interim", drones(46)) == [("night", "asserted", 46, "exact", 2)]
    assert await desk.at("04T06:00", "morning", drones(120)) == [("night", "asserted", 120, "exact", 3)]
    assert await desk.at("04T06:20", "copy of the interim", drones(46)) == [("night", "asserted", 120, "exact", 4)]
    shot = drones(98, "intercepted"), drones(15, "lost")
    assert await desk.at("04T07:00", "result", *shot) == [("night", "asserted", 120, "exact", 5)]
    assert await desk.at("04T09:00", "louder", drones(300, by=CHANNELS)) == [("night", "asserted", 120, "exact", 6)]


async def test_a_correction_brings_the_figure_down_and_a_withdrawal_takes_it_away(desk):
    await desk.at("04T06:00", "paper", drones(120))
    assert await desk.at("04T08:00", "paper", drones(80), revision="2") == [("night", "asserted", 80, "exact", 1)]
    assert await desk.at("04T10:00", "paper", revision="3") == [("night", "retracted", 80, "exact", 1)]


async def test_a_report_without_time_words_becomes_part_of_the_night(desk):
    bare = drones(120, by=None, period="unknown", night_of=None)
    assert await desk.at("04T05:00", "first", bare) == [("unknown", "asserted", 120, "exact", 1)]
    assert await desk.at("04T06:00", "second", drones(120)) == [("night", "asserted", 120, "exact", 2)]


async def test_the_next_day_a_dateless_repetition_opens_no_second_night(desk):
    await desk.at("04T06:00", "first", drones(120))
    bare = drones(120, by=None, period="unknown", night_of=None)
    assert await desk.at("05T11:00", "feature", bare) == [("night", "asserted", 120, "exact", 2)]
    fresh = drones(35, by=None, period="unknown", night_of=None)
    assert await desk.at("05T12:00", "news", fresh) == [("unknown", "asserted", 35, "exact", 1)]


async def test_regions_come_one_by_one_until_the_total_is_stated(desk):
    def region(name, value):
        place = Place(name=name, country="UA", region=name)
        return drones(value, "intercepted", by=f"governor of {name}", scope="part", place=place)

    assert await desk.at("04T01:00", "a", region("Odesa", 15)) == [("night", "asserted", 15, "at_least", 1)]
    assert await desk.at("04T02:00", "b", region("Sumy", 9)) == [("night", "asserted", 24, "at_least", 2)]
    assert await desk.at("04T06:00", "c", drones(61, "intercepted")) == [("night", "asserted", 61, "exact", 3)]


async def test_a_night_that_ends_on_the_day_the_clocks_change_is_one_night(desk):
    autumn = date(2026, 10, 25)
    first = drones(60, night_of=None, start=datetime(2026, 10, 24, 16, tzinfo=UTC))
    await desk.at("04T06:00", "a", first)
    (told,) = await desk.at("04T07:00", "b", drones(60, night_of=autumn))
    assert told == ("night", "asserted", 60, "exact", 2)
