"""/metrics for Prometheus: record accounting, lag, feeds by outcome, open alerts by severity, the build."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from typing import Final

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from streams.web.board import RANK, Board
from streams.web.keys import BOARD

OUTCOMES: Final = ("ok", "unchanged", "failed", "disabled", "unchecked")

routes = web.RouteTableDef()


class BoardCollector(Collector):
    """Reads the board when Prometheus asks; there is nothing to keep in between."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def collect(self) -> Iterator[Metric]:
        """All metrics of one look at the board."""
        board = self._board
        yield self._records(board)
        lag = GaugeMetricFamily("nightwire_room_lag_records", "Records a room has yet to read.", labels=["room"])
        for room in board.accounting():
            if room.lag is not None:
                lag.add_metric([room.room], room.lag)
        yield lag
        yield _gauge("nightwire_feeds", "Feeds by the outcome of their last check.", "outcome", self._feeds(), OUTCOMES)
        open_alerts: Counter[str] = Counter(history.latest.severity for history in board.alerts() if history.open)
        yield _gauge("nightwire_alerts_open", "Open alerts by severity.", "severity", open_alerts, tuple(RANK))
        yield _single("nightwire_stream_readers", "Open event streams.", len(board.hub))
        yield _single("nightwire_board_ready", "1 while the board follows the topics.", int(board.trouble is None))
        yield self._build()

    def _records(self, board: Board) -> Metric:
        records = CounterMetricFamily(
            "nightwire_records",
            "Records by room, fate and reason: in = out + dropped + quarantined.",
            labels=["room", "kind", "reason"],
        )
        for count, number in sorted(board.counts().items()):
            records.add_metric([count.room, count.kind, count.reason], number)
        return records

    def _feeds(self) -> Counter[str]:
        return Counter(health.outcome if health else "unchecked" for _, _, health in self._board.feeds())

    def _build(self) -> Metric:
        build = GaugeMetricFamily(
            "nightwire_build_info", "The program that answers.", labels=["version", "runtime", "python"]
        )
        build.add_metric([version("nightwire"), self._board.runtime.name, platform.python_version()], 1)
        return build


def _gauge(name: str, text: str, label: str, counted: Counter[str], always: tuple[str, ...]) -> Metric:
    """A gauge with every known label, so that a rule on it finds a zero and not nothing."""
    gauge = GaugeMetricFamily(name, text, labels=[label])
    for value in dict.fromkeys((*always, *counted)):
        gauge.add_metric([value], counted[value])
    return gauge


def _single(name: str, text: str, value: int) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


@routes.get("/metrics")
async def metrics(request: web.Request) -> web.Response:
    """The metrics in the text format of Prometheus."""
    registry = CollectorRegistry()
    registry.register(BoardCollector(request.app[BOARD]))
    return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
