"""The report as one self-contained page: no script, nothing from elsewhere, charts as SVG with tables beneath."""

from __future__ import annotations

from importlib.metadata import version

from jinja2 import Environment, PackageLoader, StrictUndefined

from schemas.alert import Notice
from streams.backtest import text
from streams.backtest.chart import draw
from streams.backtest.report import Report
from workers.deliver.message import clean
from workers.wording import SHAPES, number


def page(report: Report, notices: list[Notice]) -> str:
    """The page as text; everything that comes from outside is escaped."""
    env = Environment(
        loader=PackageLoader("streams.backtest", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    env.filters.update(clean=clean, number=number, stamp=text.stamp, lead=text.lead, group=text.group, value=text.value)
    env.filters.update(unread=text.unread)
    return env.get_template("page.html").render(
        report=report,
        notices=notices,
        charts=[(chart, draw(chart)) for chart in report.charts],
        SHAPES=SHAPES,
        CHANGES=text.CHANGES,
        version=version("nightwire"),
    )
