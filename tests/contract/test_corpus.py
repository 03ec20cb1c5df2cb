"""A generated corpus gives the same notices on every carrier, byte for byte; `make chaos` takes all 5,000 articles."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from schemas.article import Article
from schemas.base import digest
from schemas.topic import Topic
from streams.app import build_rooms, house_config
from streams.clock import ManualClock
from streams.runtimes.base import Commit, Runtime
from streams.runtimes.memory import MemoryRuntime
from streams.steps import advance
from workers.ports import Emit

if TYPE_CHECKING:
    from tests.contract.conftest import Carrier

SEED = 20240911
NIGHTS = 10
TOTAL = 5000 if "NIGHTWIRE_CHAOS" in os.environ else 200
TOGETHER = 10
"""Articles that are fetched at the same moment."""
FIRST_MORNING = datetime(2024, 9, 3, 3, 0, tzinfo=UTC)
NEWS = timedelta(hours=6)
"""How long a morning's articles come in."""
OUTLETS = ("Harbour Gazette", "Steppe Courier", "Northern Ledger", "The Morning Relay", "River Post")
SIDES = (
    ("Ukraine", "Russian", "Ukraine's air force", ("Odesa", "Kharkiv", "Sumy", "Poltava")),
    ("Russia", "Ukrainian", "Russia's defence ministry", ("Bryansk", "Kursk", "Ryazan", "Voronezh")),
)
REPORTS = (
    "{voice} said on {day} that it had shot down {few} of {many} {foe} drones launched at {land} overnight.",
    "Air defences brought down {few} {foe} drones over {land} overnight, {voice} said. {part} fell in {place} region.",
    "Overnight, {many} {foe} drones were launched at {land}, according to {voice}; {few} of them were intercepted.",
    "A wave of {foe} drones reached {place} during the night. {voice} counted {many} drones launched at {land}.",
)
ASIDES = (
    "Two people were injured and a warehouse caught fire in {place} region.",
    "Since the start of the month, more than {lots} drones have been launched, {voice} added.",
    "About {some} flights were diverted while an airport near {place} was closed.",
    "Officials plan to order {lots} interceptor drones next year.",
)
QUIET = (
    "The council of {place} opened a bridge of {some} metres after {few} months of work.",
    "Farmers around {place} expect a harvest of {lots} tonnes, the best in {some} years.",
)


def corpus(seed: int, number: int) -> Iterator[Article]:
    """Articles of several nights in the order in which they are fetched; some repeat or revise an earlier one."""
    chance = random.Random(seed)
    told: list[Article] = []
    each_night = number // NIGHTS
    for position in range(number):
        night, within = divmod(position, each_night)
        morning = FIRST_MORNING + timedelta(days=night)
        moment = morning + NEWS * within / each_night
        fetched = morning + NEWS * (within - within % TOGETHER + TOGETHER) / each_night
        if told and chance.random() < 0.2:
            told.append(again(chance.choice(told[-30:]), chance, fetched))
        else:
            told.append(report(chance, position, moment, fetched))
        yield told[-1]


def report(chance: random.Random, number: int, published: datetime, fetched: datetime) -> Article:
    """A new article; one in five is about something else."""
    land, foe, voice, places = chance.choice(SIDES)
    many = chance.randint(20, 140)
    words = {
        "land": land,
        "foe": foe,
        "voice": voice,
        "place": chance.choice(places),
        "day": f"{published:%A}",
        "many": many,
        "few": chance.randint(10, many),
        "part": chance.randint(2, 9),
        "some": chance.randint(11, 60),
        "lots": chance.randint(300, 2000),
    }
    about = chance.choice(QUIET) if chance.random() < 0.2 else chance.choice(REPORTS) + " " + chance.choice(ASIDES)
    text, source = about.format_map(words), chance.choice(OUTLETS)
    return Article(
        id=f"a{number}",
        revision=digest(text),
        source=source,
        lang="en",
        title=f"Report {number}",
        url=f"https://{source.split()[-1].lower()}.example/{number}",
        text=text,
        published=published,
        fetched=fetched,
    )


def again(known: Article, chance: random.Random, fetched: datetime) -> Article:
    """The same text at another outlet, or a revision of it with one sentence more."""
    if chance.random() < 0.5:
        name = chance.choice(OUTLETS)
        url = f"https://{name.split()[-1].lower()}.example/copy/{known.id}/{fetched:%d%H%M}"
        return known.model_copy(update={"id": f"{known.id}-{name[:3]}", "source": name, "url": url, "fetched": fetched})
    text = known.text + " The figures were preliminary, an official said later."
    return known.model_copy(update={"text": text, "revision": digest(text), "fetched": fetched})


async def notices(runtime: Runtime, number: int) -> list[str]:
    """All rooms on the corpus, and every notice as it stands on the topic."""
    rooms = build_rooms(house_config(None), {})
    clock = ManualClock(FIRST_MORNING)
    articles = corpus(SEED, number)
    while batch := list(islice(articles, TOGETHER)):
        await advance(runtime, rooms, clock, batch[0].fetched)
        emits = [(Emit(Topic.ARTICLES, each.id, each, f"{each.id}-{each.revision}"), clock.now()) for each in batch]
        await runtime.commit(Commit("fetch", clock.now(), emits=emits))
    await advance(runtime, rooms, clock, clock.now() + timedelta(days=2))
    found = []
    while page := await runtime.tail(Topic.ALERTS, after=found[-1].offset if found else None):
        found += page
    return [record.model.model_dump_json() for record in found]


@pytest.mark.chaos
async def test_the_same_notices_on_every_carrier(make_carrier: Carrier) -> None:
    in_memory = await notices(MemoryRuntime(), TOTAL)
    assert len(in_memory) > NIGHTS, "a corpus that raises nothing compares nothing"
    try:
        assert await notices(await make_carrier.open(), TOTAL) == in_memory
    finally:
        await make_carrier.close()
