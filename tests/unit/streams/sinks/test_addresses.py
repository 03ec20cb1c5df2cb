"""A webhook reaches the public internet and loopback, and the private network only where that is allowed."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from aiohttp.abc import AbstractResolver

from streams.sinks.addresses import Forbidden, GuardedResolver, check_address, check_url

PRIVATE = ["10.0.0.1", "192.168.1.1", "172.16.0.1", "100.64.0.1", "127.0.0.1", "fc00::1", "::1", "::ffff:10.0.0.1"]
TUNNELS = ["2001:0:a00:1::5601:fed3", "2001:0:5db8:d822::f5ff:fffe"]
"""Teredo, with a private server and with a private client."""
NEVER = ["169.254.169.254", "fe80::1", "224.0.0.1", "0.0.0.0", "::", "ff02::1", "64:ff9b::a9fe:a9fe"]


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "64:ff9b::5db8:d822"])
def test_public_addresses_are_reached(address: str) -> None:
    check_address(ip_address(address), allow_private=False)


@pytest.mark.parametrize("address", [*PRIVATE, *TUNNELS])
def test_private_addresses_need_a_permit(address: str) -> None:
    with pytest.raises(Forbidden, match="allow_private"):
        check_address(ip_address(address), allow_private=False)
    check_address(ip_address(address), allow_private=True)


@pytest.mark.parametrize("address", NEVER)
def test_some_addresses_are_never_reached_by_default(address: str) -> None:
    with pytest.raises(Forbidden):
        check_address(ip_address(address), allow_private=False)


@pytest.mark.parametrize(
    "url", ["https://example.com/h", "http://localhost:1/h", "http://127.0.0.1/h", "https://[::1]/h"]
)
def test_urls_that_may_be_called(url: str) -> None:
    check_url(url, allow_private=False)


@pytest.mark.parametrize(
    "url", ["http://example.com/h", "https://10.0.0.1/h", "https://[fc00::1]/", "http://10.1.1.1/"]
)
def test_urls_that_may_not(url: str) -> None:
    with pytest.raises(Forbidden):
        check_url(url, allow_private=False)


class _Names(AbstractResolver):
    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list:
        return [
            {"hostname": host, "host": a, "port": port, "family": 2, "proto": 0, "flags": 0} for a in self._addresses
        ]

    async def close(self) -> None: ...


async def test_a_name_that_leads_into_the_private_network_is_refused_when_it_is_resolved() -> None:
    resolver = GuardedResolver(allow_private=False)
    resolver._inner = _Names("93.184.216.34", "127.0.0.1")
    with pytest.raises(Forbidden, match=r"127\.0\.0\.1"):
        await resolver.resolve("rebind.example.com", 443)
    assert len(await resolver.resolve("localhost", 80)) == 2
