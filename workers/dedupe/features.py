"""Features of an article for finding what it may be a copy of: a few runs of words that copies share.

Bottom-k sampling (Broder 1997): of all runs, those with the smallest hashes; texts that share most of their
runs share most of their smallest ones. Runs are taken from the lead, which truncated copies keep, from the
whole text, which copies with a new lead keep, and from the headline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from itertools import accumulate
from typing import Final
from zlib import crc32

from schemas.article import Article
from schemas.base import digest
from workers.dedupe.slots import slot_of
from workers.dedupe.story_text import LEAD
from workers.dedupe.tokens import LONGEST, forms, plain

RUN: Final = 5
"""Words in one run; with fewer, runs of everyday phrases lead to everything."""

OF_LEAD, OF_TEXT, OF_TITLE = 6, 5, 3
"""Runs taken from each part."""

TITLE_RUN: Final = 2
"""Words in one run of a headline."""


@dataclass(frozen=True, slots=True)
class Features:
    """What dedupe works with: `body` is the text that is compared, `content` the digest of all words in order."""

    body: str
    content: str
    size: int
    keys: tuple[str, ...]


@lru_cache(maxsize=256)
def features_of(article: Article) -> Features:
    """The features of an article; kept for the last few, since a record is looked at several times."""
    body = body_of(article)
    title_forms = forms(plain(article.title))
    body_forms = forms(plain(body[:LONGEST]))
    rest = forms(plain(body[LONGEST:])) if len(body) > LONGEST else []
    content = digest(" ".join(title_forms), " ".join([*body_forms, *rest]), size=16)
    lead = _runs(body_forms[: LEAD + RUN - 1], RUN, OF_LEAD)
    keys = {f"b{run}" for run in (*lead, *_runs(body_forms, RUN, OF_TEXT))}
    keys |= {f"t{run}" for run in _runs(title_forms, TITLE_RUN, OF_TITLE)}
    size = len(title_forms) + len(body_forms) + len(rest)
    return Features(body, content, size, tuple(sorted(slot_of(key) for key in keys)))


def body_of(article: Article) -> str:
    """The text that is compared: the text, with the summary before it unless the text begins with the same words."""
    if not article.text or not article.summary:
        return article.text or article.summary
    start = " ".join(article.text[: 2 * len(article.summary) + 100].split())
    summary = " ".join(article.summary.split()).rstrip(".… ")
    return article.text if summary in start else f"{article.summary}\n{article.text}"


def _runs(words: Sequence[str], size: int, number: int) -> list[str]:
    """The runs of words with the smallest hashes; a text shorter than a run is one."""
    if len(words) <= size:
        return [" ".join(words)] if words else []
    encoded = _sized(" ".join(words))
    starts = [0, *accumulate(2 * len(word) + 2 for word in words)]
    hashes = {crc32(encoded[a : b - 2]): i for i, (a, b) in enumerate(zip(starts, starts[size:], strict=False))}
    return [" ".join(words[place : place + size]) for place in (hashes[h] for h in nsmallest(number, hashes))]


def _sized(text: str) -> bytes:
    """Two bytes for each character, so that places in the text are places in the bytes."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    if len(encoded) == 2 * len(text):
        return encoded
    return "".join(c if c <= "\uffff" else "\ufffd" for c in text).encode("utf-16-le", "surrogatepass")
