"""Fetches one document over HTTP: conditionally, within limits, and never from an address that is not public."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from types import TracebackType
from typing import Final, Self
from urllib.parse import urldefrag

import aiohttp
from aiohttp.abc import AbstractResolver
from multidict import CIMultiDictProxy
from yarl import URL

from streams.clock import Clock
from streams.sources.body import read_body
from streams.sources.faults import FetchFailed
from streams.sources.guard import Guard
from streams.sources.headers import fresh_for, retry_after
from streams.sources.markup import shown
from streams.sources.mishaps import as_fault

ACCEPT: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PERMANENT: Final = frozenset({301, 308})
_SAME_METHOD: Final = frozenset({307, 308})
_REASON: Final = 200
"""Bytes that are read of why a form was refused."""
_MAX_HEADER: Final = 16_384
"""Bytes of one header field: real feeds send more than aiohttp's 8 KB."""
_MAX_HEADERS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a server's answer is taken; times in seconds, sizes in bytes after decompression."""

    total: float = 30.0
    connect: float = 10.0
    read: float = 15.0
    redirects: int = 5
    max_bytes: int = 10_000_000
    max_ratio: float = 200.0
    """Decompressed to compressed size: feeds reach 30, bombs begin at 1,000."""
    connections: int = 200


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to recognise a version of a document by, byte for byte; both or none may be there."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """An answer of 200 or 304.

    `url` is the final address without a password, so that links may be made with it; `moved` is that
    address whole, when every hop to it was a permanent redirect.
    """

    status: int
    url: str
    body: bytes = b""
    content_type: str | None = None
    validators: Validators = Validators()
    fresh_for: float | None = None
    moved: str | None = None
    size: int = 0
    """Bytes as they came over the wire, as far as the library tells."""
    links: tuple[str, ...] = ()
    """The `Link` headers as they came."""


class Fetcher:
    """One HTTP client for all feeds: no cookies, no referrer, no environment proxies, one User-Agent with a contact."""

    def __init__(
        self,
        clock: Clock,
        *,
        contact: str | None = None,
        allow: Iterable[tuple[str, int]] = (),
        limits: Limits | None = None,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`allow`: exact (ip, port) pairs that are let through the guard; `tls`: which authorities are trusted."""
        self._clock = clock
        self._limits = limits or Limits()
        self._guard = Guard(allow)
        self._resolver = resolver
        self._tls: ssl.SSLContext | bool = tls or True
        self._agent = f"nightwire/{version('nightwire')} ({f'+{contact}' if contact else 'news feed reader'})"
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            limit=self._limits.connections,
            force_close=True,  # with one feed a host, idle connections only pile up
            ttl_dns_cache=300,
            resolver=self._resolver,
            ssl=self._tls,
            socket_factory=self._guard.socket,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._agent, "Accept": ACCEPT},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._limits.connect, sock_read=self._limits.read),
            trust_env=False,
            max_field_size=_MAX_HEADER,
            max_line_size=_MAX_HEADER,
            max_headers=_MAX_HEADERS,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()

    async def fetch(self, url: str, known: Validators | None = None) -> Response:
        """Get a document, or 304 if it is still the known one; raises FetchFailed for everything else."""
        async with self._bounded():
            return await self._follow(_address(url), known or Validators())

    async def submit(self, url: str, form: Mapping[str, str]) -> None:
        """Post a form, also where 307 and 308 lead; raises FetchFailed for every answer but 2xx."""
        async with self._bounded():
            await self._post(_address(url), form)

    @contextlib.asynccontextmanager
    async def _bounded(self) -> AsyncIterator[None]:
        """The time of one request with all its hops; what the client and the sockets raise comes as FetchFailed."""
        try:
            async with asyncio.timeout(self._limits.total):
                yield
        except (aiohttp.ClientError, aiohttp.http_exceptions.HttpProcessingError, OSError, ValueError) as error:
            raise as_fault(error, self._limits.total) from error

    async def _post(self, url: URL, form: Mapping[str, str]) -> None:
        assert self._session, "use the fetcher as a context manager"
        for _ in range(self._limits.redirects + 1):
            async with self._session.post(url, data=form, allow_redirects=False) as answer:
                if 200 <= answer.status < 300:
                    return
                if answer.status not in _SAME_METHOD or "Location" not in answer.headers:
                    said = " ".join((await answer.content.read(_REASON)).decode("utf-8", "replace").split())
                    wait = retry_after(answer.headers, self._clock.now())
                    raise FetchFailed(f"http-{answer.status}", said or shown(str(url)), answer.status, wait)
                target = _join(url, answer.headers["Location"])
                if (url.scheme, target.scheme) == ("https", "http"):
                    raise FetchFailed("bad-redirect", f"from https to {shown(str(target))}", answer.status)
                url = target
        raise FetchFailed("too-many-redirects", f"more than {self._limits.redirects}, the last to {shown(str(url))}")

    async def _follow(self, url: URL, known: Validators) -> Response:
        seen, permanent = {str(url)}, True
        for hop in range(self._limits.redirects + 1):
            answer = await self._get(url, known, permanent and hop > 0)
            if isinstance(answer, Response):
                return answer
            status, target = answer
            permanent = permanent and status in _PERMANENT
            url = _join(url, target)
            if str(url) in seen:
                raise FetchFailed("redirect-loop", f"it leads back to {shown(str(url))}", status)
            seen.add(str(url))
        raise FetchFailed("too-many-redirects", f"more than {self._limits.redirects}, the last to {shown(str(url))}")

    async def _get(self, url: URL, known: Validators, moved: bool) -> Response | tuple[int, str]:
        """One request: the answer, or the status and target of a redirect."""
        assert self._session, "use the fetcher as a context manager"
        async with self._session.get(url, headers=_conditions(known), allow_redirects=False) as answer:
            headers = answer.headers
            if answer.status in _REDIRECTS and "Location" in headers:
                return answer.status, headers["Location"]
            if answer.status == 304 and known != Validators():
                return self._response(answer.status, url, headers, b"", 0, moved)
            if answer.status != 200:
                wait = retry_after(headers, self._clock.now())
                raise FetchFailed(f"http-{answer.status}", shown(str(url)), answer.status, wait)
            body, size = await read_body(answer, self._limits.max_bytes, self._limits.max_ratio)
            return self._response(answer.status, url, headers, body, size, moved)

    def _response(
        self, status: int, url: URL, headers: CIMultiDictProxy[str], body: bytes, size: int, moved: bool
    ) -> Response:
        return Response(
            status=status,
            url=shown(str(url)),
            body=body,
            content_type=headers.get("Content-Type"),
            validators=Validators(_opaque(headers.get("ETag")), _opaque(headers.get("Last-Modified"))),
            fresh_for=fresh_for(headers, self._clock.now()),
            moved=str(url) if moved else None,
            size=size,
            links=tuple(headers.getall("Link", ())),
        )


def _conditions(known: Validators) -> dict[str, str]:
    pairs = (("If-None-Match", known.etag), ("If-Modified-Since", known.last_modified))
    return {name: value for name, value in pairs if value}


def _opaque(value: str | None) -> str | None:
    """A validator exactly as sent; one that is no UTF-8 could not be sent back byte for byte and is not kept."""
    if not value:
        return None
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return None
    return value


def _address(url: str) -> URL:
    try:
        address = URL(urldefrag(url.strip())[0])
    except ValueError as error:
        raise FetchFailed("bad-url", f"{shown(url)!r}: {error}") from error
    if address.scheme not in ("http", "https") or not address.host:
        raise FetchFailed("bad-url", f"{shown(url)!r} is no http address")
    return address


def _join(url: URL, target: str) -> URL:
    try:
        joined = url.join(URL(target)).with_fragment(None)
    except ValueError as error:
        raise FetchFailed("bad-redirect", f"to {shown(target)!r}: {error}") from error
    if joined.scheme not in ("http", "https") or not joined.host:
        raise FetchFailed("bad-redirect", f"to {shown(target)!r}")
    if joined.user and joined.origin() != url.origin():
        return joined.with_user(None)
    return joined
