"""Features of an article for finding what it may be a copy of: a few runs of words that copies share.

Runs are taken from the lead, which truncated copies keep, from the whole text, which copies with a new lead
keep, and from the headline.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from schemas.article import Article
from workers.dedupe.agencies import may_name_agency
from workers.dedupe.digests import slot_of_bytes
from workers.dedupe.runs import runs
from workers.dedupe.story_text import LEAD
from workers.dedupe.tokens import LONGEST, plain, words

RUN: Final = 5
"""Words in one run; with fewer, runs of everyday phrases lead to everything."""

OF_LEAD, OF_TEXT, OF_TITLE = 6, 5, 3
"""Runs taken from each part."""

OF_SHORT: Final = 12
"""Runs taken from a short text: as many as a long one has, since a few edits break most."""

SHORT: Final = 90
"""Words up to which a text is short."""

TITLE_RUN: Final = 2
"""Words in one run of a headline."""


@dataclass(frozen=True, slots=True)
class Features:
    """What dedupe works with: `body` is the text that is compared, `content` the digest of all words in order."""

    body: str
    content: str
    size: int
    keys: tuple[str, ...]
    short: bool
    """Whether it is so short that it shares few runs with whatever it is a copy of."""
    may_name_agency: bool


def features_of(article: Article) -> Features:
    """The features of an article."""
    body = body_of(article)
    title_words, all_words = words(plain(article.title)), words(plain(body))
    body_words = all_words if len(body) <= LONGEST else words(plain(body[:LONGEST]))
    content = slot_of_bytes(b" ".join(title_words) + b"\x1f" + b" ".join(all_words), size=12)
    short = len(body_words) <= SHORT
    keys = [b"b" + run for run in runs(body_words, RUN, OF_SHORT if short else OF_TEXT, OF_LEAD, LEAD)]
    keys += [b"t" + run for run in runs(title_words, TITLE_RUN, OF_TITLE)]
    slots = tuple(sorted(set(map(slot_of_bytes, keys))))
    size = len(title_words) + len(all_words)
    return Features(body, content, size, slots, short, may_name_agency(all_words))


def body_of(article: Article) -> str:
    """The text that is compared: the text, with the summary before it unless the text begins with the same words."""
    if not article.text or not article.summary:
        return article.text or article.summary
    start = " ".join(article.text[: 2 * len(article.summary) + 100].split())
    summary = " ".join(article.summary.split()).rstrip(".… ")
    return article.text if summary in start else f"{article.summary}\n{article.text}"
