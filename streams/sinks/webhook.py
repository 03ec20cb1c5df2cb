"""The webhook sink: one signed POST by Standard Webhooks 1.0, and what each answer means."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import aiohttp

from schemas.alert import NoticeKind
from schemas.notification import Notification
from streams.clock import Clock
from streams.sinks.addresses import Forbidden, GuardedResolver, check_url
from streams.sinks.base import Refused, RetryLater, SendResult, Sent
from streams.sinks.signature import signed_headers
from streams.sources.headers import retry_after
from workers.deliver.line import json_line, notice_fields
from workers.deliver.message import clean, message

TYPES: Final[dict[NoticeKind, str]] = {
    "open": "alert.opened",
    "escalate": "alert.escalated",
    "update": "alert.updated",
    "correct": "alert.corrected",
    "repeat": "alert.repeated",
    "resolve": "alert.resolved",
    "withdraw": "alert.withdrawn",
    "close": "alert.closed",
}
RETRIED: Final = frozenset({408, 425, 429})
"""Statuses below 500 that say "not now"; every other one says "not this"."""

LARGEST: Final = 20_000
"""Bytes of a body, as the specification advises; evidence beyond it is left out and counted."""

DETAIL: Final = 200
"""Bytes of an error answer that are kept for the operator."""


class WebhookSink:
    """POSTs to one URL; connections are kept between sends, redirects are never followed."""

    def __init__(
        self, url: str, keys: tuple[bytes, ...], clock: Clock, timeout: float = 15.0, allow_private: bool = False
    ) -> None:
        self._url = url
        self._keys = keys
        self._clock = clock
        self._timeout = timeout
        self._allow_private = allow_private
        self._session: aiohttp.ClientSession | None = None

    async def send(self, notification: Notification) -> SendResult:
        """One attempt; the answer decides between sent, later and never."""
        body = webhook_body(notification)
        headers = signed_headers(self._keys, notification.id, self._clock.now(), body)
        headers |= {"content-type": "application/json", "user-agent": "nightwire"}
        try:
            check_url(self._url, self._allow_private)
            async with self._open().post(self._url, data=body, headers=headers, allow_redirects=False) as response:
                return await self._judge(response)
        except Forbidden as error:
            return Refused(str(error))
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, Forbidden):
                return Refused(str(error.os_error))
            return RetryLater(f"no connection: {error.os_error.strerror or error.os_error}")
        except aiohttp.InvalidURL:
            return Refused("the address is not a URL")
        except TimeoutError:
            return RetryLater(f"no answer within {self._timeout:g} s")
        except (aiohttp.ClientError, OSError) as error:
            return RetryLater(f"the connection broke: {type(error).__name__}")

    async def close(self) -> None:
        """Close the connections."""
        if self._session:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=GuardedResolver(self._allow_private)),
                timeout=aiohttp.ClientTimeout(total=self._timeout),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def _judge(self, response: aiohttp.ClientResponse) -> SendResult:
        status = response.status
        if 200 <= status < 300:
            return Sent()
        if 300 <= status < 400:
            return Refused(f"HTTP {status}: redirects are not followed; configure the address it leads to")
        said = clean((await response.content.read(DETAIL)).decode("utf-8", "replace"))
        why = f"HTTP {status}: {said}" if said else f"HTTP {status}"
        if status in RETRIED or status >= 500:
            asked = retry_after(response.headers, self._clock.now())
            return RetryLater(why, None if asked is None else timedelta(seconds=asked))
        return Refused(why)


def webhook_body(notification: Notification) -> bytes:
    """The body of all attempts: type, time and data of the notice, with its text for people; at most `LARGEST`."""
    notice = notification.notice
    text = message(notice, notification.instead_of)
    fields = notice_fields(notice) | {"receiver": notification.receiver, "text": text}
    evidence: list[Any] = fields["evidence"]
    for kept in range(len(evidence), -1, -1):
        left_out = len(evidence) - kept
        data = fields | {"evidence": evidence[:kept]} | ({"evidence_left_out": left_out} if left_out else {})
        body = json_line({"type": TYPES[notice.notice], "timestamp": fields["at"], "data": data}).encode()
        if len(body) <= LARGEST:
            break
    return body
