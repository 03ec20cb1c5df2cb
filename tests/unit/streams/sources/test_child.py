"""The other side of the helper, without its process."""

import io
import json

import pytest

from streams.sources.child import answer, serve

FEED = b"<rss><item><title>a</title><description>&lt;p&gt;x&lt;/p&gt;</description></item></rss>"


def header(task: str, body: bytes) -> dict[str, object]:
    return {"task": task, "size": len(body), "url": None, "content_type": None}


def test_answers_come_one_line_each() -> None:
    requests = b"".join(json.dumps(header("walk", body)).encode() + b"\n" + body for body in (FEED, b"<config/>", FEED))
    out = io.BytesIO()
    serve(io.BytesIO(requests), out)
    kinds = [json.loads(line)[0] for line in out.getvalue().splitlines()]
    assert kinds == ["feed", "fault", "feed"]


def test_bodies_of_large_documents_are_text() -> None:
    kind, feed = json.loads(answer(header("walk", FEED), FEED))
    assert kind == "feed"
    assert feed["entries"][0]["body"] == {"value": "x", "kind": "text"}


def test_damaged_documents_are_forgiven() -> None:
    body = b"<rss><channel><item><title>a <b>c</i></title></item></channel></rss>"
    for task in ("walk", "feedparser"):
        kind, feed = json.loads(answer(header(task, body), body))
        assert kind == "feed"
        assert "guessing" in feed["problems"][0]


@pytest.mark.parametrize(("task", "body", "reason"), [("walk", b"", "empty-body"), ("page", b"<p>", "no-article")])
def test_faults(task: str, body: bytes, reason: str) -> None:
    kind, fault = json.loads(answer(header(task, body), body))
    assert (kind, fault[0]) == ("fault", reason)


def test_too_little_memory_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def hungry(*_: object) -> None:
        raise MemoryError

    monkeypatch.setitem(__import__("streams.sources.child", fromlist=["TASKS"]).TASKS, "walk", hungry)
    assert json.loads(answer(header("walk", FEED), FEED))[1][0] == "too-large"
