"""Signatures agree with an independent implementation, and secrets are checked without being shown."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import Webhook

from streams.sinks.signature import BadSecret, parse_secrets, signed_headers

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OTHER = "whsec_" + base64.b64encode(bytes(range(1, 33))).decode().rstrip("=")
AT = datetime(2026, 9, 4, 4, 5, tzinfo=UTC)


def test_the_signature_is_the_one_of_the_reference_implementation() -> None:
    body = '{"type":"alert.opened","text":"Київ"}'
    headers = signed_headers(parse_secrets(SECRET), "msg_1", AT, body.encode())
    assert headers["webhook-id"] == "msg_1"
    assert headers["webhook-timestamp"] == "1788494700"
    assert headers["webhook-signature"] == Webhook(SECRET).sign("msg_1", AT, body)


def test_during_a_change_of_secrets_both_sign() -> None:
    headers = signed_headers(parse_secrets(f"{SECRET}\n{OTHER}\n"), "m", AT, b"{}")
    assert headers["webhook-signature"].split() == [Webhook(s).sign("m", AT, "{}") for s in (SECRET, OTHER)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("whsec_!!!!", "not base64"),
        ("whsec_" + base64.b64encode(b"short").decode(), "has 5 bytes; 24 to 64"),
        (base64.b64encode(bytes(65)).decode(), "has 65 bytes"),
    ],
)
def test_an_unusable_secret_is_told_without_showing_it(text: str, says: str) -> None:
    with pytest.raises(BadSecret, match=says) as caught:
        parse_secrets(text)
    assert not text.strip() or text.strip() not in str(caught.value)
