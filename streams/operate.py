"""What a person does to running alerts: acknowledge, silence, end a silence; each one compare-and-set commit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from schemas.base import Mode
from schemas.silence import AckRequest, Silence, SilenceRequest
from streams.runtimes.base import Commit, Runtime, Verdict
from streams.runtimes.driver import Session
from workers.deliver.silence import BOOK, begin_silence, end_silence
from workers.deliver.silence_cells import SilenceBook
from workers.deliver.stage import Deliver
from workers.judge.cells import AlertState
from workers.judge.seats import alert_cell
from workers.judge.stage import Judge
from workers.ports import Outcome, View
from workers.stage import Stage


async def change(runtime: Runtime, stage: Stage[Any], now: datetime, decide: Callable[[View], Outcome]) -> Outcome:
    """Decide on the present state and commit, again when somebody was faster; raises Drop when it cannot be."""
    while True:
        session = Session(runtime, stage, Commit(room=stage.name, at=now))
        outcome = await session.decide(decide)
        await session.apply(outcome, now)
        if await runtime.commit(session.finish()) is Verdict.COMMITTED:
            return outcome


async def acknowledge(runtime: Runtime, alert: str, request: AckRequest, now: datetime) -> AlertState:
    """Take an alert: it is not repeated until it escalates; raises Drop when it is not open."""
    judge = Judge()
    await change(runtime, judge, now, lambda view: judge.ack(alert, request.author, view, now, note=request.note))
    state = await alert_state(runtime, alert)
    assert state is not None  # an alert that was open a moment ago is still known
    return state


async def alert_state(runtime: Runtime, alert: str) -> AlertState | None:
    """How an alert stands by the judge's own word."""
    cell = alert_cell(alert)
    value = (await runtime.load([cell]))[cell].value
    return value if isinstance(value, AlertState) else None


async def silence(runtime: Runtime, request: SilenceRequest, now: datetime) -> Silence:
    """Hold matching notices back from now on; raises Drop when it cannot be."""
    made = request.begin(now)
    await change(runtime, Deliver({}), now, lambda view: begin_silence(made, view, now))
    return made


async def unsilence(runtime: Runtime, name: str, now: datetime) -> None:
    """End a silence now; raises Drop when none of this id is active."""
    await change(runtime, Deliver({}), now, lambda view: end_silence(name, view, now))


async def silence_book(runtime: Runtime) -> SilenceBook:
    """All silences and the alerts that they hold back."""
    value = (await runtime.load([BOOK]))[BOOK].value
    return value if isinstance(value, SilenceBook) else SilenceBook()


async def begin(runtime: Runtime, judge: Judge, now: datetime, mode: Mode) -> None:
    """Have the judge take up its rules before the first record comes: alarms of silent groups start here."""
    await change(runtime, judge, now, lambda view: judge.begin(view, now, mode))
