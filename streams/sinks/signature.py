"""Signatures by Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`, one for every secret in use."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from typing import Final

PREFIX: Final = "whsec_"
LEAST, MOST = 24, 64
"""Bytes of a secret by the specification."""


class BadSecret(ValueError):
    """A secret that cannot be used; the message never shows it."""


def parse_secrets(text: str) -> tuple[bytes, ...]:
    """The keys of a setting that holds one or several secrets apart by white space; raises BadSecret."""
    keys = tuple(_key(part) for part in text.split())
    if not keys:
        raise BadSecret("is empty; write whsec_ and at least 24 random bytes in base64")
    return keys


def _key(text: str) -> bytes:
    plain = text.removeprefix(PREFIX)
    try:
        key = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadSecret("is not base64; write whsec_ and at least 24 random bytes in base64") from error
    if not LEAST <= len(key) <= MOST:
        raise BadSecret(f"has {len(key)} bytes; {LEAST} to {MOST} are needed")
    return key


def signed_headers(keys: tuple[bytes, ...], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of one attempt: the id of the message, the time of the attempt, all signatures."""
    stamp = str(int(at.timestamp()))
    content = f"{message_id}.{stamp}.".encode() + body
    signatures = [base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode() for key in keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
