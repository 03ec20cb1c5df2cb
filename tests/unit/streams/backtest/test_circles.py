"""While a backtest runs, circles of objects are looked for rarely; afterwards all is as it was."""

from __future__ import annotations

import gc

import pytest

from streams.backtest.circles import RARELY, rare_collections


def interrupted() -> None:
    with rare_collections():
        raise KeyboardInterrupt


def test_the_collector_is_as_it_was_afterwards() -> None:
    before = gc.get_threshold()
    with rare_collections():
        assert gc.isenabled()
        assert gc.get_threshold() == (RARELY, *before[1:])
    assert gc.get_threshold() == before
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
