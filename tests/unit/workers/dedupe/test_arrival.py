"""What is derived from an arriving article: once, and not kept longer than until it is decided."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.article import Article
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import Commit
from streams.runtimes.driver import drain
from streams.runtimes.memory import MemoryRuntime
from workers.dedupe import arrival as module
from workers.dedupe.arrival import WAITING, Arrivals
from workers.dedupe.stage import Dedupe
from workers.ports import Emit

NOON = datetime(2026, 9, 4, 12, tzinfo=UTC)
TEXT = (
    "Crews put out a fire at the grain terminal after debris fell on two warehouses, the port authority said. "
    "The loading bridges were not hit, and ships are expected to leave the harbour again before the weekend."
)


def article(name: str, text: str = TEXT) -> Article:
    return Article(id=name, revision=name, title="Fire at the grain terminal", text=text, fetched=NOON)


def counting(monkeypatch: pytest.MonkeyPatch, name: str) -> list[str]:
    """Have each call of a function of the module noted."""
    calls: list[str] = []
    real = getattr(module, name)

    def counted(*given: Any) -> Any:
        calls.append(name)
        return real(*given)

    monkeypatch.setattr(module, name, counted)
    return calls


async def test_the_features_of_each_record_are_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    features, stories = counting(monkeypatch, "features_of"), counting(monkeypatch, "read_story")
    runtime = MemoryRuntime()
    articles = [article("a"), article("b", f"{TEXT} Nobody was hurt."), article("c", f"{TEXT} Read also: the ferry.")]
    emits = [(Emit(Topic.ARTICLES, a.id, a, a.id), NOON) for a in articles]
    await runtime.commit(Commit("fetch", NOON, emits=emits))
    await drain(runtime, [Dedupe()], ManualClock(NOON))
    assert len(features) == 3
    assert len(stories) == 2  # the first one is compared with nothing


def test_arrivals_are_told_apart_as_objects() -> None:
    arrivals, one, twin = Arrivals(), article("a"), article("a")
    assert arrivals.of(one) is arrivals.of(one)
    assert arrivals.of(one) is not arrivals.of(twin)
    first = arrivals.of(one)
    arrivals.decided(first)
    arrivals.decided(first)
    assert arrivals.of(one) is not first


def test_arrivals_that_are_never_decided_fall_out() -> None:
    arrivals = Arrivals()
    first = article("first")
    kept = arrivals.of(first)
    for number in range(WAITING - 1):
        arrivals.of(article(str(number)))
    assert arrivals.of(first) is kept
    arrivals.of(article("last"))
    assert arrivals.of(first) is not kept
