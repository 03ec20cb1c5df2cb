"""Reads topics and cells for explanations: looks through a topic for what it mentions, loads cells of one kind."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

from schemas.alert import Notice
from schemas.base import Model
from schemas.incident import Incident
from schemas.topic import Topic
from streams.runtimes.base import Runtime
from workers.ports import Cell

M = TypeVar("M", bound=Model)


def quoted(text: str) -> str:
    """A text as it stands in a document: the beginning and the end of what JSON makes of it are left out."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def written(name: str, value: object) -> str:
    """A field as it stands in a document; of text only the beginning: `"night_of":"2026-09-04`."""
    return f'"{name}":null' if value is None else f'"{name}":"{quoted(str(value))}'


async def load(runtime: Runtime, cell: Cell, kind: type[M]) -> M | None:
    """The value of one cell; None where there is none, or none that can be read."""
    return (await load_all(runtime, [cell], kind)).get(cell)


async def load_all(runtime: Runtime, cells: Iterable[Cell], kind: type[M]) -> dict[Cell, M]:
    """The values of those cells that have one."""
    loaded = await runtime.load(list(dict.fromkeys(cells)))
    return {cell: found.value for cell, found in loaded.items() if isinstance(found.value, kind)}


async def notices_of(runtime: Runtime, alert: str) -> tuple[Notice, ...]:
    """The notices of one alert by revision."""
    found = {
        record.model.revision: record.model
        async for record in runtime.mentioning(Topic.ALERTS, quoted(alert))
        if record.key == alert and isinstance(record.model, Notice) and record.model.alert == alert
    }
    return tuple(found[revision] for revision in sorted(found))


async def latest_notices(runtime: Runtime) -> dict[str, Notice]:
    """The last notice of every alert, by alert."""
    found: dict[str, Notice] = {}
    async for record in runtime.mentioning(Topic.ALERTS, written("alert", "")):
        notice = record.model
        if isinstance(notice, Notice) and (notice.alert not in found or found[notice.alert].revision < notice.revision):
            found[notice.alert] = notice
    return found


async def incidents(runtime: Runtime, *texts: str) -> AsyncIterator[Incident]:
    """The revisions of incidents that hold one of the texts, and maybe others, oldest first."""
    async for record in runtime.mentioning(Topic.INCIDENTS, *texts):
        if isinstance(record.model, Incident):
            yield record.model
