"""Signatures of pushes, against values that another program made."""

import pytest

from streams.sources.websub.signature import is_signed

BODY, KEY = b"what do ya want for nothing?", "Jefe"
"""Test case 2 of RFC 2202 and RFC 4231."""
SHA1 = "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
SHA256 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


@pytest.mark.parametrize("header", [f"sha1={SHA1}", f"sha256={SHA256}", f"SHA256={SHA256.upper()}", f" sha1={SHA1} "])
def test_good_ones(header: str) -> None:
    assert is_signed(BODY, header, KEY)


@pytest.mark.parametrize(
    "header",
    ["", "sha1", "sha1=", SHA1, f"sha256={SHA1}", f"md5={SHA1}", f"sha1={SHA1}0", f"sha1={SHA1[:-1]}", "sha1=\udcff"],
)
def test_bad_ones(header: str) -> None:
    assert not is_signed(BODY, header, KEY)
    assert not is_signed(BODY + b" ", f"sha1={SHA1}", KEY)
    assert not is_signed(BODY, f"sha1={SHA1}", KEY + " ")
