"""Keeps a webhook from reaching into the private network: checks every address that is about to be connected to."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from streams.sources.guard import Address, is_public, meant

LOOPBACK_NAMES: Final = frozenset({"localhost", "localhost."})


class Forbidden(OSError):
    """The target is an address that this webhook may not reach; the message says how to allow it."""


def is_loopback(host: str) -> bool:
    """Whether a URL names this machine itself, by word or by number; a name that merely resolves to it does not."""
    if host.lower() in LOOPBACK_NAMES:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def check_url(url: str, allow_private: bool) -> None:
    """Raise Forbidden for a URL that may not be called, as far as that shows without asking DNS."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_loopback(host):
        return
    if parts.scheme != "https" and not allow_private:
        raise Forbidden("the address is not https; plain http is for loopback, or for allow_private: true")
    try:
        address = ip_address(host)
    except ValueError:
        return
    check_address(address, allow_private)


def check_address(address: Address, allow_private: bool) -> None:
    """Raise Forbidden for an address outside the public internet, unless private ones are allowed."""
    for real in meant(address):
        if real.is_multicast or real.is_unspecified:
            raise Forbidden(f"the address leads to {real}, which no webhook may reach; configure another url")
        if not allow_private and not is_public(str(real)):
            raise Forbidden(f"the address leads to {real} in a private network; set allow_private: true to permit that")


class GuardedResolver(AbstractResolver):
    """Resolves names and lets only permitted addresses through: what is checked is what is connected to."""

    def __init__(self, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """All addresses of a host; raises Forbidden when one of them is not permitted."""
        found = await self._inner.resolve(host, port, family)
        for result in found:
            if not is_loopback(host):
                check_address(ip_address(result["host"].partition("%")[0]), self._allow_private)
        return found

    async def close(self) -> None:
        """Nothing is held open."""
        await self._inner.close()
