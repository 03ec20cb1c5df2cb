"""The addresses that hubs call: they verify a subscription with GET and send what is new with POST."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web

from streams.runtimes.base import Unavailable
from streams.sources.websub.subscriber import Subscriber

PATH: Final = "/websub/"
"""What the addresses begin with; a proxy may show them elsewhere."""
READ_WITHIN: Final = 30.0
"""Seconds that a hub has to send one document."""


class Callback:
    """The handlers of one subscriber; `host` is the name under which hubs reach them, `max_bytes` caps a document."""

    def __init__(self, subscriber: Subscriber, host: str, max_bytes: int) -> None:
        self.host = host
        self._subscriber = subscriber
        self._max_bytes = max_bytes

    @property
    def routes(self) -> list[web.RouteDef]:
        """To be added to the application that serves the page."""
        return [
            web.get(f"{PATH}{{address}}", self._intent, allow_head=False),
            web.post(f"{PATH}{{address}}", self._notice),
        ]

    async def _intent(self, request: web.Request) -> web.Response:
        try:
            found = await self._subscriber.find(request.match_info["address"])
            if found is None:
                return web.Response(status=404)
            feed, push = found
            answer = await self._subscriber.intent(feed, push.token, request.query)
        except Unavailable:
            return _later()
        return web.Response(status=404) if answer is None else web.Response(text=answer)

    async def _notice(self, request: web.Request) -> web.Response:
        """The address is looked at before the body is read, so that a stranger cannot make us hold any."""
        try:
            found = await self._subscriber.find(request.match_info["address"])
            if found is None:
                return web.Response(status=404)
            if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
                return web.Response(status=415)  # the signature is over the body as it came
            body = await self._read(request)
            if body is None:
                return web.Response(status=413)
            signature, kind = request.headers.get("X-Hub-Signature", ""), request.headers.get("Content-Type")
            kept = await self._subscriber.receive(*found, body, signature, kind)
        except Unavailable:
            return _later()
        except TimeoutError:
            return web.Response(status=408)
        return web.Response(status=202) if kept else _later()

    async def _read(self, request: web.Request) -> bytes | None:
        """The whole body, or None as soon as it is too large; raises TimeoutError."""
        if (request.content_length or 0) > self._max_bytes:
            return None
        body = bytearray()
        async with asyncio.timeout(READ_WITHIN):
            async for piece in request.content.iter_any():
                body += piece
                if len(body) > self._max_bytes:
                    return None
        return bytes(body)


def _later() -> web.Response:
    return web.Response(status=503, headers={"Retry-After": "60"})
