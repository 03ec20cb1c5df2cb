"""Makes the kafka runtime as the commands use it: on the Faust shell, its topics checked or made."""

from __future__ import annotations

import platform
from functools import partial
from pathlib import Path

from schemas.topic import Topic
from streams.patience import patiently
from streams.runtimes.kafka.admin import check_layout, create
from streams.runtimes.kafka.layout import Names
from streams.runtimes.kafka.runtime import KafkaRuntime
from streams.runtimes.kafka.shell import FaustIntake

REPLAYED = "replay."
"""In front of the topics of replays, which keep apart from those of live feeds."""


def names_of(prefix: str, replay: bool) -> Names:
    """The names that a live house and a replay have on the broker."""
    return Names(REPLAYED if replay else "", prefix)


async def kafka_runtime(brokers: str, address: str | Path, prefix: str, slot: str | None, replay: bool) -> KafkaRuntime:
    """The runtime, not yet open; a replay makes its topics itself, of one partition, so that all have one order."""
    names = names_of(prefix, replay)
    if replay:
        await patiently(partial(create, brokers, names, partitions=1))
    else:
        await patiently(partial(check_layout, brokers, names))
    return KafkaRuntime(brokers, address, prefix, slot or platform.node() or "0", names.topics, FaustIntake)


async def create_topics(brokers: str, prefix: str, replication: int) -> list[Topic]:
    """Create the topics of live operation that are missing, and return them."""
    return await create(brokers, names_of(prefix, replay=False), replication)
