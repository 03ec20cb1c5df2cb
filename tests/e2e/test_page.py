"""The page in a real browser: it is live, it is quiet when told to, it breaks no rule of its own policy."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from streams.runtimes.memory import MemoryRuntime
from streams.web import Server

NOW = datetime(2026, 9, 4, 4, 50, tzinfo=UTC)

CONTRAST = """
const linear = (v) => v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4;
const lum = (c) => { const [r, g, b] = c.map(linear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const rgb = (s) => s.match(/[\\d.]+/g).map(Number);
const ground = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
  if (c.length < 4 || c[3] > 0) return c.slice(0, 3); } return [255, 255, 255]; };
const bad = [];
for (const e of document.querySelectorAll("body *")) {
  if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.getClientRects().length) continue;
  const [a, b] = [lum(rgb(getComputedStyle(e).color).slice(0, 3)), lum(ground(e))].sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  if (ratio < 4.5) bad.push(`${e.className || e.tagName}: ${ratio.toFixed(2)}`);
}
return [...new Set(bad)];
"""

SMALL = """
return [...document.querySelectorAll("button, nav a, summary")].filter((e) => {
  const box = e.getBoundingClientRect(); return box.height && (box.height < 24 || box.width < 24);
}).map((e) => e.innerText);
"""


def last_notice(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return next(row for row in rows if row["id"] == "ntc-a-2")


async def is_live(browser: Any) -> bool:
    return bool(await browser.text("#connection") == "live")


async def test_a_new_notice_appears_by_itself_and_is_announced(
    browser: Any, server: Server, runtime: MemoryRuntime, put: Any, rows: list[dict[str, Any]]
) -> None:
    await browser.open(server.url)
    await browser.wait(lambda: is_live(browser))
    assert await browser.title() == "(2) nightwire"
    assert "at least 64" in await browser.text("#alerts")
    await put(runtime, last_notice(rows))

    async def escalated() -> bool:
        return "at least 144" in await browser.text("#alerts")

    await browser.wait(escalated)
    announced = await browser.script("return document.getElementById('urgent').textContent")
    assert announced == "critical alert escalated: More than 50 drones in one night"
    assert await browser.complaints() == []


async def test_a_paused_page_stands_still_and_counts(
    browser: Any, server: Server, runtime: MemoryRuntime, put: Any, rows: list[dict[str, Any]]
) -> None:
    await browser.open(server.url)
    await browser.wait(lambda: is_live(browser))
    await browser.click("#pause")
    await put(runtime, last_notice(rows))

    async def counted() -> bool:
        return await browser.text("#pause") == "Go on (1 new)"

    await browser.wait(counted)
    assert "at least 144" not in await browser.text("#alerts")
    await browser.click("#pause")

    async def caught_up() -> bool:
        return "at least 144" in await browser.text("#alerts")

    await browser.wait(caught_up)


async def test_a_refresh_keeps_what_the_reader_has_open_and_where_the_keyboard_is(
    browser: Any, server: Server, runtime: MemoryRuntime, put: Any, rows: list[dict[str, Any]]
) -> None:
    await browser.open(server.url)
    await browser.wait(lambda: is_live(browser))
    await browser.click("#alerts details summary")
    await browser.script("document.getElementById('l-alert-a').focus()")
    await put(runtime, last_notice(rows))

    async def escalated() -> bool:
        return "at least 144" in await browser.text("#alerts")

    await browser.wait(escalated)
    assert await browser.script("return document.querySelector('details[data-key=ended]').open")
    assert await browser.script("return document.activeElement.id") == "l-alert-a"


async def test_a_lost_connection_is_said_and_found_again(
    browser: Any, page_of: Any, runtime: MemoryRuntime, put: Any, rows: list[dict[str, Any]]
) -> None:
    async with page_of(runtime) as server:
        await browser.open(server.url)
        await browser.wait(lambda: is_live(browser))

    async def lost() -> bool:
        return "connection lost" in await browser.text("#connection")

    await browser.wait(lost)
    await put(runtime, last_notice(rows))
    port = int(server.url.rstrip("/").rpartition(":")[2])

    async def caught_up() -> bool:
        return await is_live(browser) and "at least 144" in await browser.text("#alerts")

    async with page_of(runtime, port):
        await browser.wait(caught_up)
        await browser.open("about:blank")


async def test_text_of_strangers_does_nothing(
    browser: Any, server: Server, runtime: MemoryRuntime, put: Any, rows: list[dict[str, Any]]
) -> None:
    hostile = "<img src=x onerror='window.hit=1'><script>window.hit=1</script>\u202etext"
    row = last_notice(rows)
    changed = {"title": hostile * 50, "sources": [hostile], "limit": hostile, "group": {"attacker": hostile}}
    evidence = [{**row["model"]["evidence"][0], "quote": hostile, "source": hostile, "url": "javascript:window.hit=1"}]
    await browser.open(server.url)
    await browser.wait(lambda: is_live(browser))
    await put(runtime, {**row, "model": {**row["model"], **changed, "evidence": evidence}})

    async def shown() -> bool:
        return "onerror" in await browser.text("#alerts")

    await browser.wait(shown)
    assert await browser.script("return window.hit === undefined")
    assert await browser.script("return document.querySelectorAll('main img, main script').length") == 0
    assert await browser.script("return document.documentElement.scrollWidth <= innerWidth")
    assert await browser.complaints() == []


async def test_an_alert_opens_from_the_board(browser: Any, server: Server) -> None:
    await browser.open(server.url)
    await browser.click("#l-alert-a")

    async def opened() -> bool:
        return await browser.text("h1") == "More than 50 drones in one night"

    await browser.wait(opened)
    assert "Timeline" in await browser.text("#timeline")
    assert await browser.complaints() == []


async def test_every_text_can_be_read_by_day_and_by_night_on_a_desk_and_on_a_phone(
    browser: Any, server: Server, tmp_path: Path
) -> None:
    pictures = Path(os.environ.get("NIGHTWIRE_SCREENSHOTS", tmp_path))
    for scheme in ("light", "dark"):
        await browser.device("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        for width, height in ((1200, 2200), (390, 3000)):
            await browser.device(
                "Emulation.setDeviceMetricsOverride",
                width=width,
                height=height,
                deviceScaleFactor=1,
                mobile=width < 500,
            )
            for name, path in (("board", ""), ("alert", "alerts/alert-a")):
                await browser.open(server.url + path)
                await browser.wait(lambda: is_live(browser))
                assert await browser.script(CONTRAST) == [], (scheme, width, name)
                assert await browser.script(SMALL) == []
                assert await browser.script("return document.documentElement.scrollWidth <= innerWidth")
                await browser.screenshot(pictures / f"{name}-{scheme}-{width}.png")


async def test_paper_shows_the_evidence_with_its_addresses_and_no_controls(browser: Any, server: Server) -> None:
    await browser.open(server.url)
    await browser.device("Emulation.setEmulatedMedia", media="print")
    assert await browser.script("return getComputedStyle(document.querySelector('.top')).display") == "none"
    after = "return getComputedStyle(document.querySelector('.evidence a'), '::after').content"
    assert "example/" in await browser.script(after)
