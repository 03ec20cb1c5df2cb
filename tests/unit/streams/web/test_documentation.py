"""The documentation of the API names every path, list parameter, event and metric."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.config import Address
from streams.web import Board, create_app
from streams.web.api import _EVENT_FILTERS, _INCIDENT_FILTERS
from streams.web.metrics import BoardCollector
from streams.web.stream import EVENTS

PAGE = (Path(__file__).parents[4] / "docs" / "api.md").read_text(encoding="utf-8")


def test_every_path_is_documented(board: Board) -> None:
    app = create_app(board, Address(host="127.0.0.1", port=0), follow=False)
    paths = {resource.canonical for resource in app.router.resources()} - {"/static/{name}"}
    assert {path for path in paths if f"| `{path}` |" not in PAGE} == set()


@pytest.mark.parametrize("name", [*_EVENT_FILTERS, *_INCIDENT_FILTERS, "limit", "since", "types"])
def test_every_parameter_is_documented(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("name", [*EVENTS, "ready", "reset"])
def test_every_event_is_documented(name: str) -> None:
    assert f"| `{name}` |" in PAGE


def test_every_metric_is_documented(board: Board) -> None:
    for metric in BoardCollector(board).collect():
        name = metric.name + ("_total" if metric.type == "counter" else "")
        assert f"| `{name}` |" in PAGE
