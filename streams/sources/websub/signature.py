"""Checks `X-Hub-Signature` (W3C WebSub, section 8): an HMAC over the body exactly as it came."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

_METHODS: Final = {
    "sha1": hashlib.sha1,
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}
"""The methods that the specification registers; it leaves the choice to the hub."""


def is_signed(body: bytes, header: str, secret: str) -> bool:
    """Whether a body was signed with the secret: `method=hexadecimal digits`, compared in constant time."""
    name, _, given = header.strip().partition("=")
    method = _METHODS.get(name.lower())
    if method is None:
        return False
    expected = hmac.new(secret.encode(), body, method).hexdigest()
    return hmac.compare_digest(expected.encode(), given.strip().lower().encode("utf-8", "surrogateescape"))
