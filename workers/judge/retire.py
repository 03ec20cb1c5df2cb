"""Retires a rule that was changed or removed: its open alerts are closed, a few at a time."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Final

from schemas.base import Mode, digest
from workers.judge.cells import AlertState, RuleState
from workers.judge.desk import Desk
from workers.judge.seats import Seat, alert_cell

CLOSING: Final = "!retire"
"""First part of the key of the alarm that closes the alerts of a retired rule; no rule can be called so."""

AT_ONCE: Final = 20
"""Alerts closed per alarm: the driver loads each of them by itself."""

PAUSE: Final = timedelta(seconds=1)


def closing_key(mode: Mode, rule: str, shape: str) -> str:
    """Key of the alarm that retires one shape of a rule."""
    return json.dumps([CLOSING, mode, rule, shape])


def retire(desk: Desk, key: str, mode: Mode, rule: str, shape: str, reason: str) -> None:
    """Close the next open alerts of a rule; receivers get `close` with the reason, since nobody watches it any more."""
    seat = Seat(rule, shape, mode, (), "")
    state = desk.get(seat.rule_cell, RuleState)
    if state is None:
        return
    ids = sorted(state.open)
    for alert_id in ids[:AT_ONCE]:
        _close(desk, alert_id, reason)
    rest = {alert_id: state.open[alert_id] for alert_id in ids[AT_ONCE:]}
    desk.put(seat.rule_cell, state.model_copy(update={"open": rest}) if rest else None)
    if rest:
        desk.wake(key, desk.now + PAUSE)


def _close(desk: Desk, alert_id: str, reason: str) -> None:
    alert = desk.get(alert_cell(alert_id), AlertState)
    if alert is None or alert.notice is None or alert.status != "open":
        return
    seq = alert.seq + 1
    notice = alert.notice.model_copy(
        update={
            "id": digest(alert_id, seq),
            "revision": seq,
            "notice": "close",
            "reason": reason,
            "severity": alert.notice.peak,
            "was": alert.told,
            "at": desk.now,
        }
    )
    closed = {"status": "resolved", "seq": seq, "notice": notice}
    desk.put(alert_cell(alert_id), alert.model_copy(update=closed))
    desk.tell(notice)
