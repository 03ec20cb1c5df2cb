"""Reads the body of a response in pieces, with a cap on its size and on how far it unpacks."""

from __future__ import annotations

from typing import Final

import aiohttp

from streams.sources.faults import FetchFailed

_SMALL: Final = 1_000_000
"""Decompressed bytes below which any ratio is harmless."""


async def read_body(answer: aiohttp.ClientResponse, max_bytes: int, max_ratio: float) -> tuple[bytes, int]:
    """The decoded body and its size on the wire; raises FetchFailed as soon as a limit is passed."""
    declared = answer.content_length
    if declared is not None and declared > max_bytes and "Content-Encoding" not in answer.headers:
        raise FetchFailed("too-large", f"{declared:,} bytes announced, the limit is {max_bytes:,}")
    pieces: list[bytes] = []
    size = 0
    async for piece in answer.content.iter_any():
        size += len(piece)
        if size > _SMALL and size > max_ratio * _compressed(answer, size):
            raise FetchFailed("bomb", f"unpacks to more than {max_ratio:g} times its size")
        if size > max_bytes:
            raise FetchFailed("too-large", f"more than {max_bytes:,} bytes")
        pieces.append(piece)
    return b"".join(pieces), _compressed(answer, size)


def _compressed(answer: aiohttp.ClientResponse, size: int) -> int:
    """Bytes on the wire so far; aiohttp's count is undocumented, so it may be missing."""
    count = getattr(answer.content, "total_compressed_bytes", None)
    return count if isinstance(count, int) and count > 0 else size
