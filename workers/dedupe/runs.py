"""Runs of words with small ranks: a sample of a text that its copies share.

Bottom-k sampling (Broder 1997): every run of words gets a rank by hashing, the smallest ranks are taken, and texts
that share most of their runs share most of their smallest ones.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final
from zlib import crc32

LANE: Final = 8
"""Bytes for one word in the big integer that holds a text; a rank uses the lower half, sums run over into the upper."""

FACTORS: Final = (1, 40_503, 30_323, 51_787, 62_969)
"""What the places of a run are multiplied by: odd, below 2**16, so that order counts and five products fit a lane."""

RANKS: Final = 2**32
"""How many ranks there are."""


def runs(words: Sequence[bytes], size: int, number: int, lead: int = 0, lead_words: int = 0) -> list[bytes]:
    """The runs of `size` words with the `number` smallest ranks, and the `lead` smallest of those that begin early.

    A text shorter than a run is one run.
    """
    if len(words) <= size:
        return [b" ".join(words)] if words else []
    ranks = _ranks(words, size)
    chosen = {*_smallest(ranks, number), *sorted(set(ranks[:lead_words]))[:lead]}
    places = {rank: place for place, rank in enumerate(ranks) if rank in chosen}
    return [b" ".join(words[place : place + size]) for place in places.values()]


def _ranks(words: Sequence[bytes], size: int) -> tuple[int, ...]:
    """The rank of each run: the sum of its words' hashes, each multiplied by its place's factor, modulo RANKS.

    All sums are made at once: the hashes stand in one big integer, a lane each, and shifting it by a lane
    moves every word one place.
    """
    count = len(words)
    lanes = int.from_bytes(struct.pack(f"<{count}Q", *map(crc32, words)), "little")
    sums = 0
    for factor in FACTORS[:size]:
        sums += lanes * factor
        lanes >>= 8 * LANE
    halves = struct.unpack(f"<{2 * count}I", sums.to_bytes(LANE * count, "little"))
    return halves[: 2 * (count - size + 1) : 2]


def _smallest(ranks: Sequence[int], number: int) -> list[int]:
    """The smallest ranks; where they are spread as hashes are, only a few have to be sorted."""
    limit = 4 * number * RANKS // len(ranks)
    few = {rank for rank in ranks if rank < limit}
    return sorted(few if len(few) >= number else set(ranks))[:number]
