"""The console and the JSON lines file: what is written, once, and what happens when it cannot be."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.alert import Notice
from schemas.notification import Notification
from streams.sinks.base import RetryLater, Sent
from streams.sinks.console import ConsoleSink
from streams.sinks.jsonl import JsonlSink
from workers.deliver.line import notice_line
from workers.deliver.message import message

Make = Callable[..., Notice]
NOW = datetime(2026, 9, 4, 5, tzinfo=UTC)


def notification(notice: Notice, name: str = "n-1") -> Notification:
    return Notification(id=name, receiver="ops", notice=notice, queued=NOW)


async def test_the_console_prints_text_for_people(make_notice: Make, capsys: pytest.CaptureFixture[str]) -> None:
    assert await ConsoleSink().send(notification(make_notice())) == Sent()
    assert capsys.readouterr().out == f"{message(make_notice())}\n\n"


async def test_the_console_prints_the_notice_line(make_notice: Make) -> None:
    out = io.StringIO()
    assert await ConsoleSink("json", out).send(notification(make_notice())) == Sent()
    assert out.getvalue() == f"{notice_line(make_notice())}\n"


async def test_a_closed_pipe_is_a_reason_to_try_later(make_notice: Make) -> None:
    out = io.StringIO()
    out.close()
    assert isinstance(await ConsoleSink("json", out).send(notification(make_notice())), RetryLater)


def lines(path: Path) -> list[str]:
    return [json.loads(line)["notification"] for line in path.read_text().splitlines()]


async def test_a_file_gets_one_line_a_notification(make_notice: Make, tmp_path: Path) -> None:
    path = tmp_path / "new" / "notices.jsonl"
    sink = JsonlSink(path)
    for name in ("n-1", "n-2", "n-1"):
        assert await sink.send(notification(make_notice(), name)) == Sent()
    assert lines(path) == ["n-1", "n-2"]
    assert json.loads(path.read_text().splitlines()[0])["receiver"] == "ops"


async def test_after_a_restart_nothing_is_written_twice(make_notice: Make, tmp_path: Path) -> None:
    path = tmp_path / "notices.jsonl"
    await JsonlSink(path).send(notification(make_notice()))
    restarted = JsonlSink(path)
    for name in ("n-1", "n-2"):
        await restarted.send(notification(make_notice(), name))
    assert lines(path) == ["n-1", "n-2"]


async def test_a_half_written_line_is_cut_off_and_written_again(make_notice: Make, tmp_path: Path) -> None:
    path = tmp_path / "notices.jsonl"
    await JsonlSink(path).send(notification(make_notice()))
    with path.open("a") as file:
        file.write(notice_line(make_notice(), notification="n-2")[:50])
    await JsonlSink(path).send(notification(make_notice(), "n-2"))
    assert lines(path) == ["n-1", "n-2"]


async def test_foreign_lines_are_left_alone(make_notice: Make, tmp_path: Path) -> None:
    path = tmp_path / "notices.jsonl"
    path.write_text('not json\n[1]\n{"notification": 5}\n')
    await JsonlSink(path).send(notification(make_notice()))
    assert path.read_text().startswith('not json\n[1]\n{"notification": 5}\n{"alert"')


async def test_a_file_that_cannot_be_written_is_tried_later(make_notice: Make, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = await JsonlSink(tmp_path / "file" / "notices.jsonl").send(notification(make_notice()))
    assert isinstance(result, RetryLater)
    assert "cannot be written" in result.why
