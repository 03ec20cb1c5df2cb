"""How often Python looks for circles of objects while a backtest runs."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

RARELY: Final = 50_000
"""New objects from one look to the next. The rooms make hardly any circles, and looking for them took a tenth of a
backtest's time."""


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for circles less often, and not among the lexicons and rules that are there already."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(RARELY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
