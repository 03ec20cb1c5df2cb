"""Alerts are taken and silenced on the page, by mouse and by keyboard, on a desk and on a phone at night."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from schemas.silence import AckRequest, SilenceRequest
from streams import operate
from streams.runtimes.base import Commit
from streams.runtimes.memory import MemoryRuntime
from streams.web import Server
from workers.judge.cells import AlertState
from workers.judge.seats import alert_cell

NOW = datetime(2026, 9, 4, 4, 50, tzinfo=UTC)
KEYS = {"Tab": (9, ""), "Enter": (13, "\r"), "Escape": (27, "")}
SMALL = """
return [...document.querySelectorAll("dialog[open] button, dialog[open] input, dialog[open] select, p.acts button")]
  .map((e) => e.getBoundingClientRect()).filter((box) => box.height && (box.height < 24 || box.width < 24)).length;
"""


@pytest.fixture
async def desk(runtime: MemoryRuntime) -> MemoryRuntime:
    """The sample with the judge's own word on its open alert, so that it can be taken."""
    state = AlertState(rule="drones-night", cell="c", window="night/2026-09-04", status="open", seq=1)
    await runtime.commit(Commit(room="judge", at=NOW, writes={alert_cell("alert-a"): state}))
    return runtime


@pytest.fixture
async def page(desk: MemoryRuntime, page_of: Any) -> AsyncIterator[Server]:
    async with page_of(desk) as server:
        yield server


async def live(browser: Any, url: str) -> None:
    await browser.open(url)

    async def there() -> bool:
        return bool(await browser.text("#connection") == "live")

    await browser.wait(there)
    await browser.script("localStorage.clear(); sessionStorage.clear()")


async def says(browser: Any, selector: str, words: str) -> None:
    async def told() -> bool:
        return words in await browser.text(selector)

    await browser.wait(told)


async def fill(browser: Any, form: str, **fields: str) -> None:
    for name, value in fields.items():
        code = "document.querySelector(arguments[0]).elements[arguments[1]].value = arguments[2]"
        await browser.script(code, f"#{form} form", name, value)


async def press(browser: Any, *keys: str) -> None:
    """Press named keys, or type what is no name."""
    for key in keys:
        if key not in KEYS:
            await browser.device("Input.insertText", text=key)
            continue
        number, text = KEYS[key]
        known = {"key": key, "code": key, "windowsVirtualKeyCode": number}
        await browser.device("Input.dispatchKeyEvent", type="keyDown", text=text, **known)
        await browser.device("Input.dispatchKeyEvent", type="keyUp", **known)


async def focused(browser: Any) -> str:
    return str(await browser.script("return document.activeElement.id"))


async def comes_to(browser: Any, name: str) -> None:
    """The keyboard comes to an element, when what was pressed has had its effect."""

    async def there() -> bool:
        return await focused(browser) == name

    await browser.wait(there)


async def test_an_alert_is_taken_by_keyboard_alone_and_every_page_sees_it(
    browser: Any, page: Server, desk: MemoryRuntime
) -> None:
    await live(browser, page.url)
    await browser.script("document.getElementById('l-alert-a').focus()")
    for _ in range(3):
        if await focused(browser) != "ack-alert-a":
            await press(browser, "Tab")
    await comes_to(browser, "ack-alert-a")
    await press(browser, "Enter")
    await comes_to(browser, "ack-author")
    await press(browser, "Ada", "Tab", "calling the region", "Enter")
    await says(browser, "#alerts", "Taken by Ada, 2026-09-04 04:50 UTC: calling the region")
    await comes_to(browser, "ack-alert-a")
    assert await browser.text("#ack-alert-a") == "Take over"
    state = await operate.alert_state(desk, "alert-a")
    assert state is not None
    assert (state.acked_by, state.ack_note) == ("Ada", "calling the region")
    await browser.open(f"{page.url}alerts/alert-a")
    assert "Taken by Ada" in await browser.text("#state")
    assert await browser.complaints() == []


async def test_escape_changes_nothing_and_gives_the_keyboard_back(
    browser: Any, page: Server, desk: MemoryRuntime
) -> None:
    await live(browser, page.url)
    await browser.click("#silence-alert-a")
    assert await browser.script("return document.getElementById('silence').open")
    await press(browser, "Escape")
    await comes_to(browser, "silence-alert-a")
    assert not await browser.script("return document.getElementById('silence').open")
    assert (await operate.silence_book(desk)).silences == ()


async def test_a_silence_is_begun_seen_and_ended(browser: Any, page: Server, desk: MemoryRuntime) -> None:
    await live(browser, f"{page.url}alerts/alert-a")
    await browser.click("#silence-alert-a")
    choices = "return [...document.querySelectorAll('#silence-match option')].map((o) => o.text)"
    assert await browser.script(choices) == [
        "this alert alone", "every drones-night of Ukraine on Russia", "everything of the rule drones-night",
    ]  # fmt: skip
    assert "2026-09-04 08:50 UTC" in await browser.text("#silence-ends")
    await browser.script("document.getElementById('silence-match').selectedIndex = 1")
    await fill(browser, "silence", author="Ada", reason="announced exercise", hours="2")
    await browser.click("#silence [type=submit]")
    await says(browser, "#state", "Silenced until 2026-09-04 06:50 UTC (in 2 h) by Ada: announced exercise")
    (made,) = (await operate.silence_book(desk)).silences
    assert made.match == {"rule": "drones-night", "attacker": "UA", "target_country": "RU"}
    await live(browser, page.url)
    assert "hides 1 open alert · Ada: announced exercise" in await browser.text(".silences")
    await browser.click(f"#end-{made.id}")
    await browser.click("#end [type=submit]")

    async def gone() -> bool:
        return not await browser.script("return document.querySelector('.silences, .held')")

    await browser.wait(gone)
    assert await browser.complaints() == []


async def test_what_others_do_appears_while_a_form_is_being_filled_in(
    browser: Any, page: Server, desk: MemoryRuntime
) -> None:
    await live(browser, page.url)
    await browser.click("#silence-alert-a")
    await fill(browser, "silence", author="Ada", reason="half a sent")
    await operate.acknowledge(desk, "alert-a", AckRequest(author="Grace", note="on it"), NOW)
    await says(browser, "#alerts", "Taken by Grace")
    assert await browser.script("return document.getElementById('silence-reason').value") == "half a sent"


async def test_the_token_is_asked_for_where_there_is_one(browser: Any, desk: MemoryRuntime, page_of: Any) -> None:
    async with page_of(desk, token="open sesame") as server:
        await live(browser, server.url)
        await browser.click("#ack-alert-a")
        await fill(browser, "ack", author="Ada", note="on it", token="guess")
        await browser.click("#ack [type=submit]")
        await says(browser, "#ack .refused", "The token is wrong; nothing was changed.")
        await fill(browser, "ack", token="open sesame")
        await browser.click("#ack [type=submit]")
        await says(browser, "#alerts", "Taken by Ada")
        await browser.open("about:blank")


async def test_an_alert_that_ended_meanwhile_says_so(browser: Any, page: Server, desk: MemoryRuntime) -> None:
    await live(browser, page.url)
    await browser.click("#ack-alert-a")
    await fill(browser, "ack", author="Ada", note="on it")
    state = await operate.alert_state(desk, "alert-a")
    assert state is not None
    ended = state.model_copy(update={"status": "resolved"})
    await desk.commit(Commit(room="judge", at=NOW, writes={alert_cell("alert-a"): ended}))
    await browser.click("#ack [type=submit]")
    await says(browser, "#ack .refused", "Nothing was changed: alert alert-a is not open.")


async def test_the_forms_fit_a_phone_at_night(browser: Any, page: Server, desk: MemoryRuntime, tmp_path: Path) -> None:
    pictures = Path(os.environ.get("NIGHTWIRE_SCREENSHOTS", tmp_path))
    asked = SilenceRequest(match={"rule": "drones-*"}, hours=4, author="Grace", reason="announced exercise")
    await operate.silence(desk, asked, NOW)
    await operate.acknowledge(desk, "alert-a", AckRequest(author="Grace", note="calling the region"), NOW)
    await browser.device("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    phone = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}
    await browser.device("Emulation.setDeviceMetricsOverride", **phone)
    await live(browser, page.url)
    await says(browser, "#alerts", "Silenced until")
    await browser.screenshot(pictures / "desk-board-phone.png")
    for form in ("ack", "silence"):
        await browser.click(f"#{form}-alert-a")
        assert await browser.script(SMALL) == 0
        assert await browser.script("return document.documentElement.scrollWidth <= innerWidth")
        box = await browser.script(f"return document.getElementById('{form}').getBoundingClientRect().toJSON()")
        assert box["left"] >= 0
        assert box["right"] <= 360
        assert box["bottom"] <= 740
        await browser.screenshot(pictures / f"desk-{form}-phone.png")
        await press(browser, "Escape")
