"""The room: what it emits, in which order, under which reasons, and what it remembers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from schemas.event import Extraction
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import Commit, Count
from streams.runtimes.driver import step
from streams.runtimes.memory import MemoryRuntime
from workers.ports import Emit
from workers.resolve.cells import Dossier, IncidentKey
from workers.resolve.claims import read
from workers.resolve.moves import Move
from workers.resolve.policy import default_policy
from workers.resolve.revisions import next_revision
from workers.resolve.stage import Resolve

NOW = datetime(2024, 9, 10, 12, tzinfo=UTC)


class World:
    """A memory runtime with the room on it."""

    def __init__(self) -> None:
        self.runtime, self.clock, self.read = MemoryRuntime(), ManualClock(NOW), 0

    async def feed(self, *rows: Extraction):
        """The incidents that these records change, in the order of the topic."""
        at = self.clock.now() + timedelta(minutes=1)
        self.clock.advance(at)
        emits = [(Emit(Topic.EVENTS, row.article.id, row, row.article.id), at) for row in rows]
        await self.runtime.commit(Commit(room="extract", at=at, emits=emits))
        while await step(self.runtime, Resolve(), self.clock):
            pass
        told = await self.runtime.tail(Topic.INCIDENTS, limit=1000)
        new, self.read = told[self.read :], len(told)
        return new

    async def count(self, kind: str, reason: str = "") -> int:
        return (await self.runtime.counts()).get(Count("resolve", kind, reason), 0)


@pytest.fixture
def world() -> World:
    return World()


def brief(records):
    return [(r.model.status, r.model.revision, r.model.reason) for r in records]


async def test_an_incident_is_emitted_under_its_id_with_its_revision(world, article, claim):
    (first,) = await world.feed(article("a", claim(64)))
    assert (first.key, first.id) == (first.model.id, f"{first.model.id}-1")
    (second,) = await world.feed(article("b", claim(70), at="2024-09-10T09:00"))
    assert (second.key, second.id) == (first.key, f"{first.key}-2")
    assert brief([first, second]) == [("asserted", 1, "new-claim"), ("asserted", 2, "new-claim")]
    assert second.model.first_seen == first.model.first_seen < second.model.updated


async def test_a_corrected_article_takes_its_old_claims_along(world, article, claim):
    await world.feed(article("a", claim(64)))
    corrected = article("a", claim(46), revision="r2", at="2024-09-10T09:00")
    (record,) = await world.feed(corrected)
    assert brief([record]) == [("asserted", 2, "revised")]
    assert [c.value for c in record.model.figures["intercepted"].claims] == [46]


async def test_an_emptied_article_retracts_what_only_it_said(world, article, claim):
    await world.feed(article("a", claim(64)))
    (record,) = await world.feed(article("a", revision="r2", at="2024-09-10T09:00"))
    assert brief([record]) == [("retracted", 2, "retracted")]
    (again,) = await world.feed(article("b", claim(64)))
    assert (again.model.id, *brief([again])) == (record.model.id, ("asserted", 3, "revised"))
    assert [c.article for c in again.model.figures["intercepted"].claims] == ["b"]


async def test_an_incident_was_seen_when_its_first_claim_came_also_when_that_was_taken_back(world, article, claim):
    first, _ = await world.feed(article("a", claim(64)), article("b", claim(70), at="2024-09-10T09:00"))
    (record,) = await world.feed(article("a", revision="r2", at="2024-09-10T10:00"))
    assert [c.article for c in record.model.figures["intercepted"].claims] == ["b"]
    assert record.model.first_seen == first.model.first_seen


def test_claims_that_leave_and_come_again_are_no_revision(article, claim):
    (group,) = read(article("a", claim(64)), default_policy()).groups
    key = IncidentKey("drone", "UA", "RU", "night", group.date)
    told = {each.event: each for each in group.claims}
    known = Dossier(revision=1, first_seen=NOW, claims=group.claims)
    assert next_revision(key, known, Move(set(told), told), default_policy(), "live", NOW) is None


async def test_an_older_revision_that_comes_late_is_ignored(world, article, claim):
    old, new = article("a", claim(64)), article("a", revision="r2", at="2024-09-10T09:00")
    assert await world.feed(new) == []
    assert await world.feed(old) == []
    assert await world.count("dropped", "nothing-counted") == 1
    assert await world.count("dropped", "already-seen") == 1


async def test_the_same_record_again_changes_nothing(world, article, claim):
    row = article("a", claim(64))
    assert len(await world.feed(row, row)) == 1
    assert await world.count("in") == 2
    assert await world.count("out", "passed") == 1
    assert await world.count("dropped", "already-seen") == 1


async def test_a_merge_retracts_before_it_revises(world, article, claim):
    (half,) = await world.feed(article("a", claim(12, sides="?>RU")))
    gone, full = await world.feed(article("b", claim(64)))
    assert gone.key == half.key
    assert brief([gone, full]) == [("retracted", 2, f"merged-into:{full.key}"), ("asserted", 1, "new-claim")]
    assert {c.article for c in full.model.figures["intercepted"].claims} == {"a", "b"}


async def test_a_merge_is_undone_when_its_ground_is_taken_back(world, article, claim):
    (half,) = await world.feed(article("a", claim(12, sides="?>RU")))
    _, full = await world.feed(article("b", claim(64)))
    gone, back = await world.feed(article("b", revision="r2", at="2024-09-10T09:00"))
    assert (gone.key, gone.model.status) == (full.key, "retracted")
    assert (back.key, back.model.status, back.model.revision) == (half.key, "asserted", 3)


async def test_a_dated_report_draws_an_undated_one_from_the_next_night(world, article, claim):
    (late,) = await world.feed(article("a", claim(144, night_of=None), at="2024-09-11T10:00"))
    gone, night = await world.feed(article("b", claim(144)))
    assert (gone.key, gone.model.status) == (late.key, "retracted")
    assert len(night.model.figures["intercepted"].claims) == 2


async def test_a_figure_that_was_taken_back_draws_no_report_from_the_next_night(world, article, claim):
    await world.feed(article("a", claim(144)), article("b", claim(90)))
    await world.feed(article("a", claim(60), revision="r2", at="2024-09-10T09:00"))
    (late,) = await world.feed(article("c", claim(144, night_of=None), at="2024-09-11T10:00"))
    assert (late.model.night_of.day, late.model.revision) == (11, 1)


async def test_a_batch_sees_what_was_decided_before_it(world, article, claim):
    records = await world.feed(*(article(f"a{n}", claim(60 + n)) for n in range(5)))
    assert [r.model.revision for r in records] == [1, 2, 3, 4, 5]


async def test_a_new_revision_that_says_the_same_is_no_change(world, article, claim):
    row = article("a", claim(64))
    await world.feed(row)
    ref = row.article.model_copy(update={"fetched": row.article.fetched + timedelta(hours=1)})
    same = Extraction(article=ref, events=row.events)
    records = await world.feed(same)
    assert [r.model.figures["intercepted"].claims[0].fetched for r in records] == [ref.fetched]


async def test_an_article_about_many_things_can_be_taken_back(world, article, claim):
    things = [claim(5 + n, object=f"thing {n}") for n in range(40)]
    assert len(await world.feed(article("a", *things))) == 40
    gone = await world.feed(article("a", revision="r2", at="2024-09-10T09:00"))
    assert [r.model.status for r in gone] == ["retracted"] * 40
