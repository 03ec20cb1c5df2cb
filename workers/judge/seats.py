"""Addresses of the judge's state: one seat per rule, group and window, written so that a person can read it."""

from __future__ import annotations

import json
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from schemas.base import Mode, digest
from workers.ports import Cell
from workers.tables import (
    JUDGE_ALERT,
    JUDGE_BOOK,
    JUDGE_COVERAGE,
    JUDGE_DETAIL,
    JUDGE_GROUP,
    JUDGE_HISTORY,
    JUDGE_RULE,
    JUDGE_SOURCE,
    JUDGE_WINDOW,
)

ROLLING: Final = "*"
"""Window of a seat that holds all windows of its group."""

_REPLAYED: Final = "replay "

Group = tuple[str | None, ...]


class _Seat(NamedTuple):
    rule: str
    shape: str
    mode: Mode
    group: Group
    window: str


class Seat(_Seat):
    """Where the items of one rule, group and window are kept; its addresses are asked for often, and made once."""

    @cached_property
    def key(self) -> str:
        """The seat as text, the key of its cell and of its timer."""
        return json.dumps([self.rule, self.shape, self.mode, list(self.group), self.window], ensure_ascii=False)

    @classmethod
    def parse(cls, key: str) -> Seat:
        """The seat of a key."""
        return _parse(key)

    @cached_property
    def cell(self) -> Cell:
        """The items of the window."""
        return Cell(JUDGE_GROUP if self.window == ROLLING else JUDGE_WINDOW, self.key)

    @cached_property
    def group_text(self) -> str:
        """The group as text; a replay's groups are never those of the live run."""
        return _group_text(self.mode, self.group)

    @cached_property
    def history(self) -> Cell:
        """The past values of the group."""
        return Cell(JUDGE_HISTORY, self._replace(window="").key)

    @cached_property
    def rule_cell(self) -> Cell:
        """What all groups of the rule share."""
        return Cell(JUDGE_RULE, f"{self.rule}/{self.shape}/{self.mode}")

    def alert_id(self, window: str) -> str:
        """The id of the alert for one window of this seat."""
        return _alert_id(self.rule, self.group_text, window)


@lru_cache(maxsize=65536)
def _alert_id(rule: str, group: str, window: str) -> str:
    return digest(rule, group, window)


@lru_cache(maxsize=65536)
def _group_text(mode: Mode, group: Group) -> str:
    text = json.dumps(list(group), ensure_ascii=False)
    return f"{_REPLAYED}{text}" if mode == "replay" else text


def group_of(text: str) -> Group:
    """The group that `Seat.group_text` wrote."""
    return tuple(json.loads(text.removeprefix(_REPLAYED)))


@lru_cache(maxsize=65536)
def _parse(key: str) -> Seat:
    rule, shape, mode, group, window = json.loads(key)
    return Seat(rule, shape, mode, tuple(group), window)


def alert_cell(alert_id: str) -> Cell:
    """Where an alert stands."""
    return Cell(JUDGE_ALERT, alert_id)


def source_cell(stream: str, mode: Mode, source: str) -> Cell:
    """What a source of items said last."""
    return Cell(JUDGE_SOURCE, f"{stream}/{mode}/{source}")


def detail_cell(source: str) -> Cell:
    """The items and verdicts behind what a source said last; `source` is the key of its own cell."""
    return Cell(JUDGE_DETAIL, source)


def book_cell(mode: Mode) -> Cell:
    """The rules that the judge has run with."""
    return Cell(JUDGE_BOOK, mode)


def coverage_cell(mode: Mode) -> Cell:
    """When the feeds could be fetched."""
    return Cell(JUDGE_COVERAGE, mode)
