"""`nightwire feeds status`: how every feed is doing, and when it is asked again and why."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

from schemas.config import Config
from schemas.feed import Feed, FeedPush, FeedState
from streams.app import house_config
from streams.cli.common import emit, guarded
from streams.cli.look import open_to_look
from streams.cli.times import age
from streams.clock import WallClock
from streams.settings import load_feeds
from streams.sources import remember
from streams.sources.markup import shown
from streams.sources.schedule import REASONS, items_per_day
from streams.sources.websub import subscription
from workers.ports import Cell
from workers.tables import FETCH_FEED, FETCH_PUSH


def status(config: Path | None, data_dir: Path | None, redis_url: str | None, as_json: bool) -> None:
    """Print a row, or a JSON line, for every configured feed."""
    with guarded():
        settings = house_config(config, data_dir=data_dir, redis_url=redis_url)
        feeds = load_feeds(settings)
        known = asyncio.run(_known(settings, feeds))
        rows = [row(feed, *known[feed.id], WallClock().now()) for feed in feeds]
        if as_json:
            for line in rows:
                emit(line)
        else:
            _print(rows, WallClock().now())


async def _known(config: Config, feeds: tuple[Feed, ...]) -> dict[str, tuple[FeedState, FeedPush]]:
    async with open_to_look(config) as runtime:
        loaded = await runtime.load([Cell(table, feed.id) for feed in feeds for table in (FETCH_FEED, FETCH_PUSH)])
    return {
        feed.id: (
            remember.current(feed, loaded[Cell(FETCH_FEED, feed.id)].value),
            subscription.current(feed, loaded[Cell(FETCH_PUSH, feed.id)].value),
        )
        for feed in feeds
    }


def row(feed: Feed, state: FeedState, push: FeedPush, now: datetime) -> dict[str, Any]:
    """One feed as `--json` prints it."""
    rate = items_per_day(state.times, now)
    return {
        "schema": 1,
        "feed": feed.id,
        "url": shown(state.url),
        "outcome": state.outcome if feed.enabled else "off",
        "reason": state.reason,
        "detail": state.detail,
        "last_check": _iso(state.last_check),
        "last_success": _iso(state.last_success),
        "next_check": _iso(state.next_check),
        "next_reason": state.next_reason,
        "errors": state.errors,
        "items_per_day": round(rate, 1) if rate is not None else None,
        "newest": _iso(state.newest),
        "hub": shown(push.hub) if push.hub else None,
        "hub_reason": push.reason if push.hub else None,
        "hub_detail": push.detail,
        "hubs_refused": {shown(hub): reason for hub, reason in push.refusals.items()},
        "lease_ends": _iso(push.lease_ends),
        "last_push": _iso(push.pushed),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _print(rows: list[dict[str, Any]], now: datetime) -> None:
    width = max((len(line["feed"]) for line in rows), default=4)
    print(f"{'feed':<{width}}  {'last':<20} {'success':<12} {'next':<12} {'errors':>6} {'items/day':>9}  newest")
    for line in rows:
        last = line["outcome"] if line["outcome"] in ("new", "off") else line["reason"]
        success, following, newest = (
            age(_moment(line[name]), now) for name in ("last_success", "next_check", "newest")
        )
        rate = "-" if line["items_per_day"] is None else f"{line['items_per_day']:g}"
        cells = f"{last:<20} {success:<12} {following:<12} {line['errors']:>6} {rate:>9}  {newest}"
        print(f"{line['feed']:<{width}}  {cells}")
        for note in filter(None, (line["detail"], REASONS.get(line["next_reason"]), _hub(line, now))):
            print(f"{'':<{width}}    {note}")


def _hub(line: dict[str, Any], now: datetime) -> str | None:
    """How the subscription of a feed with a hub stands, in one line."""
    if line["hub"] is None:
        return None
    seen = f"{line['hub_reason']} ({line['hub_detail']})" if line["hub_detail"] else line["hub_reason"]
    last = f"last push {age(_moment(line['last_push']), now)}" if line["last_push"] else "no push yet"
    until = f" until {line['lease_ends'][:16].replace('T', ' ')} UTC" if line["lease_ends"] else ""
    others = [f"{hub} ({reason})" for hub, reason in line["hubs_refused"].items() if hub != line["hub"]]
    instead = f", instead of {', '.join(others)}" if others and line["hub_reason"] != "all-refused" else ""
    return f"hub {line['hub']}: {seen}{until}, {last}{instead}"


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
