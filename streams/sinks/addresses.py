"""Keeps a webhook from reaching into the private network: checks every address that is about to be connected to."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

NAT64: Final = IPv6Network("64:ff9b::/96")
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


def check_address(address: IPv4Address | IPv6Address, allow_private: bool) -> None:
    """Raise Forbidden for an address outside the public internet, unless private ones are allowed."""
    real = _embedded(address)
    if real.is_multicast or real.is_unspecified or (real.is_link_local and not allow_private):
        raise Forbidden(f"the address leads to {real}, which no webhook may reach")
    if not real.is_global and not allow_private:
        raise Forbidden(f"the address leads to {real} in a private network; set allow_private: true to permit that")


def _embedded(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address stands for, or the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


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
