"""Names what aiohttp and the sockets raise: one table from exception to reason, the most exact first."""

from __future__ import annotations

import ssl
from typing import Final

import aiohttp
from aiohttp import http_exceptions

from streams.sources.faults import FetchFailed
from streams.sources.guard import Refused

REASONS: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (Refused, "refused-address"),
    (TimeoutError, "timeout"),
    (aiohttp.ClientConnectorDNSError, "dns"),
    (aiohttp.ClientSSLError, "tls"),
    (ssl.SSLError, "tls"),
    (ssl.CertificateError, "tls"),
    (aiohttp.ClientConnectorError, "connect"),
    (aiohttp.InvalidURL, "bad-url"),
    (http_exceptions.ContentEncodingError, "bad-encoding"),
    (http_exceptions.HttpProcessingError, "bad-http"),
    (aiohttp.ClientResponseError, "bad-http"),
    (aiohttp.ClientPayloadError, "disconnected"),
    (aiohttp.ClientConnectionError, "disconnected"),
    (OSError, "connect"),
    (ValueError, "bad-url"),
)


def as_fault(error: BaseException, total: float) -> FetchFailed:
    """The fault that an exception means; what lies beneath it counts where that is more exact."""
    chain = _beneath(error)
    if Refused.MARK in str(error):  # several refused addresses of one name come back as words in one OSError
        return FetchFailed("refused-address", _words(error))
    for kind, reason in REASONS:
        found = next((link for link in chain if isinstance(link, kind)), None)
        if found is not None:
            detail = f"no whole answer within {total:g} s" if reason == "timeout" else _words(found)
            return FetchFailed(reason, detail)
    return FetchFailed("bad-http", _words(error))


def _beneath(error: BaseException) -> list[BaseException]:
    """The exception, the OS error that aiohttp wraps, and the causes, at most eight deep."""
    chain: list[BaseException] = []
    pending: list[BaseException | None] = [error]
    while pending and len(chain) < 8:
        link = pending.pop(0)
        if link is None or link in chain:
            continue
        chain.append(link)
        pending += [getattr(link, "os_error", None), link.__cause__, link.__context__]
        pending += list(link.exceptions) if isinstance(link, BaseExceptionGroup) else []
    return chain


def _words(error: BaseException) -> str:
    text = " ".join(str(error).split())[:200]
    return text or type(error).__name__
