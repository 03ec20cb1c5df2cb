"""Which addresses are public."""

import socket

import pytest

from streams.sources.guard import Guard, Refused, is_public

BAD = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.5.4", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.7", "198.18.0.1", "198.51.100.2", "203.0.113.9",
    "192.88.99.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1",
    "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::",
    "2001:0:7f00:1::1", "2001:db8::1", "3fff::1", "::127.0.0.1", "100::1", "5f00::1", "localhost", "1.2.3",
    "nonsense",
]  # fmt: skip
GOOD = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "2606:4700::1111",
    "2a00:1450:4001::1",
    "64:ff9b::808:808",
    "2002:808:808::1",
]


@pytest.mark.parametrize("address", BAD)
def test_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", GOOD)
def test_passed(address: str) -> None:
    assert is_public(address)


def info(ip: str, port: int) -> tuple[int, int, int, str, tuple[str, int]]:
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))


def test_a_socket_is_made_for_what_is_allowed_only() -> None:
    guard = Guard([("127.0.0.1", 8080)])
    guard.socket(info("127.0.0.1", 8080)).close()
    guard.socket(info("1.1.1.1", 80)).close()
    for ip, port in (("127.0.0.1", 8081), ("127.0.0.2", 8080), ("169.254.169.254", 80)):
        with pytest.raises(Refused, match=ip):
            guard.socket(info(ip, port))
