"""The baseline of a library is there where the library is, and reads number and noun."""

from __future__ import annotations

import importlib.util
import json
import sys
import types
from types import SimpleNamespace
from typing import Any

import pytest

from streams.accuracy.readers import quantities
from streams.articles import read_draft
from streams.clock import WallClock


def test_without_the_library_there_is_no_such_baseline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert quantities() is None


def test_numbers_with_the_noun_that_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\nCrews met 61 enemy attack drones and 7 guests; 3 missiles fell 40 km away."

    def parse(given: str) -> list[Any]:
        assert given == text
        plain, length = SimpleNamespace(name="dimensionless"), SimpleNamespace(name="kilometre")
        rows = [("61", plain), ("7", plain), ("3", plain), ("40", length)]
        return [SimpleNamespace(value=float(n), unit=u, span=(text.index(n), text.index(n) + len(n))) for n, u in rows]

    module = types.ModuleType("quantulum3.parser")
    module.parse = parse  # type: ignore[attr-defined]
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: True)
    monkeypatch.setitem(sys.modules, "quantulum3.parser", module)
    reader = quantities()
    assert reader is not None
    told = reader(read_draft(1, json.dumps({"text": text.strip()}), WallClock().now()).article())
    assert [(a.object, a.value) for a in told.answers] == [("drone", 61), ("missile", 3)]
    assert told.alarm
