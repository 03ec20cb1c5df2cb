"""Damaged memory: what may be forgotten counts as absent, and dedupe loses no article to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from schemas.article import Article, content_revision
from schemas.story import UniqueArticle
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import Commit, Count, Damaged, Runtime, Verdict
from streams.runtimes.driver import drain
from workers.dedupe.cells import Known
from workers.dedupe.slots import known_cell
from workers.dedupe.stage import Dedupe
from workers.ports import Cell, Emit
from workers.tables import TABLES

if TYPE_CHECKING:
    from tests.contract.conftest import Carrier

TEXT = (
    "Crews put out a fire at the grain terminal after debris fell on two warehouses, the port authority said. "
    "The loading bridges were not hit, and ships are expected to leave the harbour again before the weekend."
)
MEMORY = ("dedupe.article", "dedupe.guid", "dedupe.url", "dedupe.content", "dedupe.run", "dedupe.story")


def article(name: str, at: datetime, text: str = TEXT, guid: str = "g") -> Article:
    revision, url = content_revision("Fire", None, text), "https://example.org/fire"
    return Article(id=name, revision=revision, title="Fire", text=text, feed="f", guid=guid, url=url, fetched=at)


async def let_in(runtime: Runtime, at: datetime, *articles: Article) -> dict[Count, int]:
    """Publish, run the room, and return its accounting."""
    emits = [(Emit(Topic.ARTICLES, a.id, a, a.revision), at) for a in articles]
    assert await runtime.commit(Commit("fetch", at, emits=emits)) is Verdict.COMMITTED
    while await runtime.lag("dedupe", Topic.ARTICLES):
        await drain(runtime, [Dedupe()], ManualClock(at))
    return {count: number for count, number in (await runtime.counts()).items() if count.room == "dedupe"}


async def written_by(runtime: Runtime, each: Article) -> list[Cell]:
    """The cells of a known article, and of those that its copies need."""
    known = (await runtime.load([known_cell(each.id)]))[known_cell(each.id)].value
    assert isinstance(known, Known)
    story = next(Cell(table, known.story) for table in TABLES if table.name == "dedupe.story")
    return [*Dedupe().prefetch(each), story]


async def passed_on(runtime: Runtime) -> list[str]:
    models = [record.model for record in await runtime.tail(Topic.UNIQUE)]
    return [model.article.id for model in models if isinstance(model, UniqueArticle)]


def balanced(counts: Mapping[Count, int]) -> bool:
    fates = sum(number for count, number in counts.items() if count.kind in {"out", "dropped", "quarantined"})
    return counts[Count("dedupe", "in", "")] == fates


def test_the_memory_of_dedupe_may_be_forgotten_and_nothing_else() -> None:
    assert tuple(table.name for table in TABLES if table.forgettable) == MEMORY


@pytest.mark.parametrize("name", MEMORY)
async def test_one_damaged_table_loses_no_article(carrier: Carrier, runtime: Runtime, at: datetime, name: str) -> None:
    await let_in(runtime, at, article("a", at), article("b", at, guid="h"))
    for cell in await written_by(runtime, article("a", at)):
        if cell.table.name == name:
            await carrier.damage(cell)
    report = TEXT.replace("two warehouses", "three warehouses")
    counts = await let_in(runtime, at, article("c", at, report, guid="i"), article("d", at), article("e", at))
    assert await runtime.tail(Topic.DEAD_LETTERS) == []
    assert balanced(counts)
    assert counts[Count("dedupe", "forgotten", "state-damaged")] > 0
    assert "c" in await passed_on(runtime)


async def test_an_article_behind_poisoned_cells_goes_on_as_new_and_makes_them_whole(
    carrier: Carrier, runtime: Runtime, at: datetime
) -> None:
    await let_in(runtime, at, article("a", at))
    cells = await written_by(runtime, article("a", at))
    present = [cell for cell, found in (await runtime.load(cells)).items() if found.version]
    for cell in present:
        await carrier.damage(cell)
    counts = await let_in(runtime, at, article("b", at))
    assert await passed_on(runtime) == ["a", "b"]
    assert counts[Count("dedupe", "out", "unique")] == 2
    assert counts[Count("dedupe", "forgotten", "state-damaged")] == len(present) - 1  # it asks for a no more
    left = [c for c, found in (await runtime.load(present)).items() if isinstance(found.value, Damaged)]
    assert left == [known_cell("a")]
    counts = await let_in(runtime, at, article("c", at))
    assert await passed_on(runtime) == ["a", "b"]
    assert balanced(counts)
    await let_in(runtime, at, article("a", at))  # a itself comes again: a copy of b now, and readable
    assert isinstance((await runtime.load([known_cell("a")]))[known_cell("a")].value, Known)
    assert await runtime.tail(Topic.DEAD_LETTERS) == []
