"""Who may change anything through the API: nobody through a page of another site, and nobody without the token."""

from __future__ import annotations

import hmac
from typing import Final, Literal
from urllib.parse import urlsplit

from aiohttp import web

from schemas.config import Address
from streams.web.guard import LOOPBACK
from streams.web.query import refusal

OWN: Final = frozenset({"same-origin", "none"})
"""What `Sec-Fetch-Site` says when the asker is this page, or a person who typed the address."""


class Writers:
    """Who may change anything: whoever has the token; without one only people at this machine, on its loopback."""

    def __init__(self, listen: Address, token: str | None) -> None:
        self._loopback = listen.host in LOOPBACK
        self._token = token

    @property
    def terms(self) -> Literal["open", "token", "read-only"]:
        """What a page has to offer: nothing more, the token, or no way to change anything."""
        if self._token is not None:
            return "token"
        return "open" if self._loopback else "read-only"

    def refuse(self, request: web.Request) -> web.Response | None:
        """The refusal of a request that may not change anything; None for one that may."""
        if not _same_origin(request):
            return refusal(403, "other-site", "a page of another site asked for this; nothing was changed")
        if request.content_type != "application/json" and request.can_read_body:
            return refusal(415, "not-json", "send the body as Content-Type: application/json")
        if self._token is not None:
            return None if self._knows(request) else _unknown()
        if self._loopback:
            return None
        message = "this server listens beyond its own machine; set api_token in the configuration to change anything"
        return refusal(403, "read-only", message)

    def _knows(self, request: web.Request) -> bool:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        wanted = (self._token or "").encode()
        return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), wanted)


def _unknown() -> web.Response:
    response = refusal(401, "token", "send the configured api_token as Authorization: Bearer …")
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _same_origin(request: web.Request) -> bool:
    """Whether no page of another site sent the request; programs send neither header and are let through."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in OWN
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc.lower() == request.headers.get("Host", "").lower()
