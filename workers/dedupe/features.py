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
from workers.dedupe.slots import slot_of
from workers.dedupe.story_text import LEAD
from workers.dedupe.tokens import LONGEST, plain, words

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


def features_of(article: Article) -> Features:
    """The features of an article; kept for the last batch, since a record is looked at several times."""
    small = len(article.text) + len(article.summary) <= 4 * LONGEST
    return _kept(article) if small else _kept_large(article)


@lru_cache(maxsize=128)
def _kept(article: Article) -> Features:
    return _features(article)


@lru_cache(maxsize=2)
def _kept_large(article: Article) -> Features:
    return _features(article)


def _features(article: Article) -> Features:
    body = body_of(article)
    title_words, all_words = words(plain(article.title)), words(plain(body))
    body_words = all_words if len(body) <= LONGEST else words(plain(body[:LONGEST]))
    content = slot_of(" ".join(title_words), " ".join(all_words), size=12)
    keys = [f"b{run}" for run in _runs(body_words, RUN, OF_TEXT, lead=OF_LEAD)]
    keys += [f"t{run}" for run in _runs(title_words, TITLE_RUN, OF_TITLE)]
    slots = tuple(sorted({slot_of(key) for key in keys}))
    return Features(body, content, len(title_words) + len(all_words), slots)


def body_of(article: Article) -> str:
    """The text that is compared: the text, with the summary before it unless the text begins with the same words."""
    if not article.text or not article.summary:
        return article.text or article.summary
    start = " ".join(article.text[: 2 * len(article.summary) + 100].split())
    summary = " ".join(article.summary.split()).rstrip(".… ")
    return article.text if summary in start else f"{article.summary}\n{article.text}"


def _runs(words: Sequence[str], size: int, number: int, lead: int = 0) -> list[str]:
    """The runs of words with the smallest hashes, of all and of the lead; a text shorter than a run is one."""
    if len(words) <= size:
        return [" ".join(words)] if words else []
    encoded = _sized(" ".join(words))
    ends = list(accumulate([2 * len(word) + 2 for word in words]))
    hashes = [crc32(encoded[a:b]) for a, b in zip([0, *ends], ends[size - 1 :], strict=False)]
    chosen = {*nsmallest(number, set(hashes)), *nsmallest(lead, set(hashes[:LEAD]))}
    return [" ".join(words[place : place + size]) for place in sorted(map(hashes.index, chosen))]


def _sized(text: str) -> bytes:
    """Two bytes for each character, so that places in the text are places in the bytes; a blank at the end."""
    encoded = f"{text} ".encode("utf-16-le", "surrogatepass")
    if len(encoded) == 2 * len(text) + 2:
        return encoded
    return _sized("".join(c if c <= "\uffff" else "\ufffd" for c in text))
