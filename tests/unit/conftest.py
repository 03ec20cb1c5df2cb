"""A notice to deliver."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.alert import Evidence, Notice, Window

QUOTE = "Air defence crews brought down 64 drones between dusk and dawn, officials in the capital said."


@pytest.fixture
def make_notice() -> Callable[..., Notice]:
    def make(**changes: Any) -> Notice:
        revision = changes.get("revision", 1)
        base: dict[str, Any] = {
            "id": f"n{revision}",
            "alert": "a1",
            "revision": revision,
            "rule": "drones-night",
            "title": "Mass drone attack",
            "group": {"attacker": "UA", "target_country": "RU"},
            "window": Window(
                key="night/2026-09-04",
                start=datetime(2026, 9, 3, 15, tzinfo=UTC),
                end=datetime(2026, 9, 4, 6, tzinfo=UTC),
                tz="Europe/Moscow",
            ),
            "notice": "open",
            "severity": "high",
            "peak": "high",
            "value": 64,
            "low": 64,
            "high": 64,
            "threshold": 50,
            "limit": "> 50",
            "object": "drone",
            "measure": "intercepted",
            "places": ("Ryazan region",),
            "sources": ("Harbour Gazette",),
            "independent": 1,
            "doubts": ("one source",),
            "evidence": (
                Evidence(
                    article="art1",
                    revision="r1",
                    source="Harbour Gazette",
                    url="https://example.com/a",
                    published=datetime(2026, 9, 4, 4, tzinfo=UTC),
                    claimed_by="Ministry of Defence",
                    value=64,
                    quote=QUOTE,
                    span=(0, len(QUOTE)),
                ),
            ),
            "first_seen": datetime(2026, 9, 4, 4, 5, tzinfo=UTC),
            "at": datetime(2026, 9, 4, 4, 5, tzinfo=UTC),
        }
        return Notice.model_validate(base | changes)

    return make
