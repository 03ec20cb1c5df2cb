"""Security headers and the check of the Host."""

from __future__ import annotations

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from schemas.config import Address
from streams.web.guard import host_guard, host_name

LOCAL = Address(host="127.0.0.1", port=8750)
EVERYWHERE = Address(host="0.0.0.0", port=8750)


@pytest.mark.parametrize(
    ("listen", "hosts", "header", "status"),
    [
        (LOCAL, (), "127.0.0.1:8750", 200),
        (LOCAL, (), "localhost", 200),
        (LOCAL, (), "LOCALHOST:8750", 200),
        (LOCAL, (), "[::1]:8750", 200),
        (LOCAL, (), "evil.example", 421),
        (LOCAL, (), "localhost.evil.example", 421),
        (LOCAL, (), "10.0.0.7:8750", 421),
        (LOCAL, (), "", 421),
        (LOCAL, ("Duty.example.org",), "duty.example.org:443", 200),
        (LOCAL, ("duty.example.org:8750",), "duty.example.org", 200),
        (Address(host="10.0.0.7", port=80), (), "10.0.0.7", 200),
        (EVERYWHERE, (), "10.0.0.7:8750", 200),
        (EVERYWHERE, (), "[fe80::1]:8750", 200),
        (EVERYWHERE, (), "evil.example", 421),
    ],
)
async def test_only_our_names_are_served(listen: Address, hosts: tuple[str, ...], header: str, status: int) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response()

    request = make_mocked_request("GET", "/", headers={"Host": header})
    response = await host_guard(listen, hosts)(request, handler)
    assert response.status == status


def test_the_name_of_a_host_header() -> None:
    assert [host_name(h) for h in ("A.example:80", "[::1]:80", "[::1]", "")] == ["a.example", "::1", "::1", ""]


@pytest.mark.parametrize("path", ["/", "/v1/alerts", "/v1/nothing", "/nothing", "/healthz", "/metrics", "/alerts/none"])
async def test_every_answer_carries_the_headers(client: aiohttp.ClientSession, path: str) -> None:
    async with client.get(path) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Access-Control-Allow-Origin" not in answer.headers


async def test_a_foreign_name_gets_nothing(client: aiohttp.ClientSession) -> None:
    async with client.get("/v1/alerts", headers={"Host": "rebound.example"}) as answer:
        assert answer.status == 421
        assert "hosts" in await answer.text()


async def test_a_list_is_not_written_to(client: aiohttp.ClientSession) -> None:
    async with client.post("/v1/alerts", data=b"x") as answer:
        assert answer.status == 405
        assert (await answer.json())["error"]["reason"] == "method"
