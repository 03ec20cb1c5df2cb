"""What every answer and every request must satisfy: security headers, and a Host that is ours (DNS rebinding)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from schemas.config import Address

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""On every answer; nothing of the page comes from elsewhere, and nothing inline runs."""

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, not listened on


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Put the security headers on an answer; what changes with the board is never stored by a cache."""
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")


def host_guard(listen: Address, hosts: Iterable[str], also: Mapping[str, str] = MappingProxyType({})) -> Middleware:
    """Refuse requests for a name that is not ours: a foreign page may have pointed its own name at this machine.

    Where the server listens on every address, a bare IP address is taken too: no name can be rebound to it.
    `also` holds names that are taken for one part of the site only: host to the beginning of the path.
    """
    names = LOOPBACK | {listen.host.lower(), *map(host_name, hosts)}
    everywhere = listen.host in _EVERYWHERE

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        host = host_name(request.headers.get("Host", ""))
        part = also.get(host)
        if host in names or (everywhere and _is_address(host)) or (part and request.path.startswith(part)):
            return await handler(request)
        text = "This name is not served here. If it should be, add it to `hosts` in the configuration.\n"
        return web.Response(status=421, text=text)

    return guard


def host_name(header: str) -> str:
    """The name in a Host header, without its port and in lower case."""
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].lower()


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
