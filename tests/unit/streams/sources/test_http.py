"""The fetcher against a real server on loopback."""

import asyncio
import gzip
import zlib
from collections.abc import Awaitable, Callable
from importlib.metadata import version

import aiohttp
import brotli
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from streams.clock import ManualClock
from streams.sources.faults import FetchFailed, remedy
from streams.sources.http import Fetcher, Limits, Validators

BODY = b"<rss><channel><title>x</title></channel></rss>"


async def reason(call: Awaitable[object]) -> str:
    with pytest.raises(FetchFailed) as caught:
        await call
    assert remedy(caught.value.reason)
    assert "\n" not in str(caught.value)
    return caught.value.reason


async def test_a_request_is_modest(publisher, fetcher) -> None:
    answer = await fetcher.fetch(publisher.at("/f", BODY))
    assert (answer.status, answer.body, answer.content_type) == (200, BODY, "application/rss+xml")
    headers = publisher.requests[0].headers
    assert headers["User-Agent"] == f"nightwire/{version('nightwire')} (+https://ops.example/)"
    assert "br" in headers["Accept-Encoding"]
    assert not {"Cookie", "Referer", "If-None-Match", "If-Modified-Since"} & set(headers)


async def test_validators_go_back_byte_for_byte(publisher, fetcher) -> None:
    etag, modified = 'W/"a\\"b, é"', "Sat, 4 May 2024 10:00:00 +0000"
    url = publisher.at("/f", web.Response(body=BODY, headers={"ETag": etag, "Last-Modified": modified}))
    known = (await fetcher.fetch(url)).validators
    assert known == Validators(etag, modified)
    await fetcher.fetch(url, known)
    sent = publisher.requests[1].headers
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == (etag, modified)


async def test_not_modified(publisher, fetcher) -> None:
    url = publisher.at("/f", web.Response(status=304, headers={"ETag": '"2"', "Cache-Control": "max-age=60"}))
    answer = await fetcher.fetch(url, Validators('"1"'))
    assert (answer.status, answer.body, answer.validators.etag, answer.fresh_for) == (304, b"", '"2"', 60)
    assert await reason(fetcher.fetch(url)) == "http-304"


@pytest.mark.parametrize(
    ("name", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress)],
)
async def test_compressed_bodies(publisher, fetcher, name: str, pack: Callable[[bytes], bytes]) -> None:
    body = BODY * 50
    url = publisher.at("/f", web.Response(body=pack(body), headers={"Content-Encoding": name}))
    assert (await fetcher.fetch(url)).body == body


async def test_bombs_and_damage(publisher, fetcher) -> None:
    zeros = gzip.compress(b"\x00" * 30_000_000)
    bomb = publisher.at("/bomb", web.Response(body=zeros, headers={"Content-Encoding": "gzip"}))
    assert await reason(fetcher.fetch(bomb)) == "bomb"
    tight = publisher.at(
        "/br", web.Response(body=brotli.compress(b"\x00" * 30_000_000), headers={"Content-Encoding": "br"})
    )
    assert await reason(fetcher.fetch(tight)) == "bomb"
    broken = publisher.at("/bad", web.Response(body=b"no gzip", headers={"Content-Encoding": "gzip"}))
    assert await reason(fetcher.fetch(broken)) == "bad-encoding"


async def test_too_large_announced_and_unannounced(publisher, fetcher) -> None:
    assert await reason(fetcher.fetch(publisher.at("/big", b"x" * 10_000_001))) == "too-large"

    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b"x" * 65_536)

    assert await reason(fetcher.fetch(publisher.at("/endless", endless))) == "too-large"


async def test_slow_answers_end(publisher, clock: ManualClock) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        await answer.write(b"<rss>")
        await asyncio.Event().wait()
        return answer

    url = publisher.at("/slow", drip)
    async with Fetcher(clock, allow=[publisher.address], limits=Limits(total=0.05)) as hasty:
        assert await reason(hasty.fetch(url)) == "timeout"


@pytest.mark.parametrize("status", [401, 403, 404, 410, 418, 429, 500, 503])
async def test_statuses_are_reasons(publisher, fetcher, status: int) -> None:
    url = publisher.at("/f", web.Response(status=status, headers={"Retry-After": "90"}))
    with pytest.raises(FetchFailed) as caught:
        await fetcher.fetch(url)
    assert (caught.value.reason, caught.value.status, caught.value.retry_after) == (f"http-{status}", status, 90)


def to(status: int, target: str) -> web.Response:
    return web.Response(status=status, headers={"Location": target})


async def test_redirects(publisher, fetcher) -> None:
    end = publisher.at("/end", BODY)
    for status, moved in ((301, end), (308, end), (302, None), (303, None), (307, None)):
        answer = await fetcher.fetch(publisher.at("/start", to(status, "/end#part")))
        assert (answer.url, answer.moved) == (end, moved)


async def test_a_move_is_permanent_only_if_every_hop_is(publisher, fetcher) -> None:
    publisher.at("/end", BODY)
    publisher.at("/middle", to(302, "/end"))
    assert (await fetcher.fetch(publisher.at("/start", to(301, "/middle")))).moved is None


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/start", "redirect-loop"),
        ("/far/1", "too-many-redirects"),
        ("file:///etc/passwd", "bad-redirect"),
        ("gopher://x/", "bad-redirect"),
        ("http://169.254.169.254/latest/", "refused-address"),
        ("http://[::ffff:127.0.0.1]:80/", "refused-address"),
        ("http://0.0.0.0:1/", "refused-address"),
        ("http://127.0.0.1:1/", "refused-address"),
        ("http://localhost:1/", "refused-address"),
    ],
)
async def test_redirects_that_are_refused(publisher, fetcher, target: str, expected: str) -> None:
    for hop in range(1, 9):
        publisher.at(f"/far/{hop}", to(302, f"/far/{hop + 1}"))
    assert await reason(fetcher.fetch(publisher.at("/start", to(302, target)))) == expected


async def test_credentials_do_not_travel_to_another_site(publisher, fetcher) -> None:
    publisher.at("/end", BODY)
    other = publisher.url("/end").replace("127.0.0.1", "u:p@127.0.0.1")
    assert (await fetcher.fetch(publisher.at("/start", to(302, other)))).body == BODY


async def test_a_password_is_sent_and_never_told(publisher, fetcher) -> None:
    url = publisher.at("/f", BODY).replace("//", "//ann:secret@")
    assert (await fetcher.fetch(url)).url == publisher.url("/f")
    assert publisher.requests[0].headers["Authorization"].startswith("Basic ")
    loop = publisher.at("/loop", to(302, "/loop")).replace("//", "//ann:secret@")
    for address in (url + "x", loop, "http://ann:secret@[bad/"):
        with pytest.raises(FetchFailed) as caught:
            await fetcher.fetch(address)
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["", "feed", "ftp://a.example/", "http://", "http://[bad/", "//a.example/x"])
async def test_bad_addresses(fetcher, url: str) -> None:
    assert await reason(fetcher.fetch(url)) == "bad-url"


@pytest.mark.parametrize("url", ["http://2130706433/", "http://0177.0.0.1/", "http://127.1/"])
async def test_odd_spellings_of_loopback_are_no_way_in(fetcher, url: str) -> None:
    assert await reason(fetcher.fetch(url)) in ("refused-address", "bad-url", "dns", "connect")


class Names(AbstractResolver):
    """A name server whose answers a test lists; each question takes the next."""

    def __init__(self, *answers: str) -> None:
        self._answers = list(answers)

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        if not self._answers:
            raise OSError("no such name")
        ip = self._answers.pop(0)
        return [ResolveResult(hostname=host, host=ip, port=port, family=2, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing to close."""


async def test_a_name_that_turns_inwards_is_refused(publisher, clock: ManualClock) -> None:
    port = publisher.address[1]
    async with Fetcher(clock, resolver=Names("127.0.0.1", "10.0.0.1")) as outside:
        assert await reason(outside.fetch(f"http://rebind.example:{port}/")) == "refused-address"
    async with Fetcher(clock, resolver=Names()) as nowhere:
        assert await reason(nowhere.fetch("http://gone.example/")) == "dns"
    assert publisher.requests == []


async def test_connections_that_fail(publisher, clock: ManualClock) -> None:
    async def hang_up(request: web.Request) -> web.StreamResponse:
        assert request.transport
        request.transport.abort()
        return web.Response()

    async with Fetcher(clock, allow=[publisher.address, ("127.0.0.1", 1)]) as client:
        assert await reason(client.fetch("http://127.0.0.1:1/")) == "connect"
        assert await reason(client.fetch(publisher.at("/gone", hang_up))) == "disconnected"
        assert await reason(client.fetch(publisher.url("/").replace("http:", "https:"))) == "tls"


async def test_a_server_that_speaks_no_http(clock: ManualClock) -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"hello there\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, Fetcher(clock, allow=[("127.0.0.1", port)]) as client:
        assert await reason(client.fetch(f"http://127.0.0.1:{port}/")) == "bad-http"


async def test_large_headers_are_taken(publisher, fetcher) -> None:
    url = publisher.at("/f", web.Response(body=BODY, headers={"X-Long": "x" * 12_000}))
    assert (await fetcher.fetch(url)).body == BODY


def test_the_library_still_has_the_hook() -> None:
    assert tuple(map(int, aiohttp.__version__.split(".")[:2])) >= (3, 13)
