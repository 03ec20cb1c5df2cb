"""Cuts a document into its entries without parsing it, so that those which were read before need not be read again.

Most documents that changed have one new entry, or none and a new date at the top. An entry that stands
there byte for byte as it stood when it was read says what it said then.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from streams.sources.raw import MAX_ENTRIES, RawEntry

MARK_DIGITS: Final = 16
"""Hexadecimal digits of a mark: two pieces of one feed never share one by chance."""
_KINDS: Final = tuple((re.compile(rb"<%s[\s>]" % name), b"</%s>" % name) for name in (b"item", b"entry"))


@dataclass(frozen=True, slots=True)
class Cut:
    """A UTF-8 document as its pieces: from each start of an entry to its end, and what stands around them all."""

    head: bytes
    pieces: list[bytes]
    marks: list[str]
    tail: bytes

    def fresh(self, familiar: Mapping[str, str]) -> list[int]:
        """The positions of the pieces whose mark is not a familiar one."""
        return [position for position, mark in enumerate(self.marks) if mark not in familiar]

    def only(self, positions: Sequence[int]) -> bytes:
        """The document with no other entries than these."""
        return b"\n".join((self.head, *(self.pieces[position] for position in positions), self.tail))


def cut(text: bytes) -> Cut | None:
    """The pieces of a document that is a plain row of entries; None for any other, and for one without entries."""
    for opener, closer in _KINDS:
        starts = [match.start() for match in opener.finditer(text)]
        if starts:
            return _cut(text, starts, closer) if len(starts) <= MAX_ENTRIES else None
    return None


def _cut(text: bytes, starts: list[int], closer: bytes) -> Cut | None:
    end = text.rfind(closer) + len(closer)
    pieces = [text[start:stop].rstrip() for start, stop in zip(starts, [*starts[1:], end], strict=True)]
    if not all(piece.endswith(closer) for piece in pieces):
        return None
    marks = [blake2b(piece, digest_size=MARK_DIGITS // 2).hexdigest() for piece in pieces]
    return Cut(text[: starts[0]], pieces, marks, text[end:])


def marks_of(text: bytes, entries: Sequence[RawEntry]) -> list[str]:
    """The marks of the entries that were read of a document; none where a piece may not be just one entry.

    Every entry has a start that is found here; so when there are as many pieces as entries, each piece
    is one. A guid that several entries share tells them apart only when all of them are read.
    """
    guids = [entry.guid for entry in entries if entry.guid]
    if len(set(guids)) < len(guids):
        return []
    found = cut(text)
    return found.marks if found and len(found.pieces) == len(entries) else []
