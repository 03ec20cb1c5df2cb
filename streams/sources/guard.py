"""Refuses connections to addresses that are not public, at the moment of connecting, on every hop.

A check of the name beforehand is not enough: names are rebound between check and use, and a literal
address in a redirect is never resolved at all.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from typing import Any, Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
AddrInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[Any, ...]]

_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_NO_V4: Final = tuple(map(ipaddress.IPv4Network, ("192.88.99.0/24", "192.0.0.0/24", "240.0.0.0/4")))
_NO_V6: Final = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))
"""Ranges that `ipaddress` of some Python versions calls global and that no publisher uses."""


class Refused(OSError):
    """The address is not one that may be fetched; the message names it and holds `MARK`."""

    MARK = "no public address"


def is_public(text: str) -> bool:
    """Whether a text is an address that a publisher on the open internet can have."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return all(map(_is_public, meant(address)))


def meant(address: Address) -> tuple[Address, ...]:
    """The addresses that packets to an address end at: the IPv4 ones inside an IPv6 one, else the address itself."""
    inside = _embedded(address) if isinstance(address, ipaddress.IPv6Address) else ()
    return inside or (address,)


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv4Address):
        return _public_v4(address)
    in_a_hole = any(address in network for network in _NO_V6)
    return address in _GLOBAL_UNICAST and address.is_global and not address.is_multicast and not in_a_hole


def _public_v4(address: ipaddress.IPv4Address) -> bool:
    in_a_hole = any(address in network for network in _NO_V4)
    return address.is_global and not address.is_multicast and not address.is_reserved and not in_a_hole


def _embedded(address: ipaddress.IPv6Address) -> tuple[ipaddress.IPv4Address, ...]:
    """What is mapped, 6to4, Teredo (its server and its client) or NAT64."""
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address.sixtofour:
        return (address.sixtofour,)
    if address.teredo:
        return address.teredo
    if address in _NAT64:
        return (ipaddress.IPv4Address(int(address) & 0xFFFFFFFF),)
    return ()


class Guard:
    """Makes the sockets of a client; `allow` holds exact (ip, port) pairs that are let through: tests, a proxy."""

    def __init__(self, allow: Iterable[tuple[str, int]] = ()) -> None:
        self._allow = frozenset(allow)

    def permits(self, ip: str, port: int) -> bool:
        """Whether a connection to this very address and port may be made."""
        return (ip, port) in self._allow or is_public(ip)

    def socket(self, info: AddrInfo) -> socket.socket:
        """A socket for an address that is about to be connected to; raises Refused."""
        family, kind, protocol, _, address = info
        ip, port = str(address[0]), int(address[1])
        if not self.permits(ip, port):
            raise Refused(f"{ip} port {port} is {Refused.MARK}")
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made
