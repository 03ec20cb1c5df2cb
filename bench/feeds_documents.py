"""Feed documents of real sizes, made of a seed: what the other measurements read and serve."""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random

WORDS = [
    "river", "bridge", "night", "city", "water", "people", "report", "official", "morning", "company",
    "children", "weather", "market", "signal", "harbour", "minister", "season", "museum", "region", "station",
    "village", "economy", "library", "storm", "ferry", "council", "record", "winter", "summer", "engineers",
    "doctors", "farmers", "students", "drivers", "neighbours", "visitors", "around", "before", "against",
    "during", "without", "between",
]  # fmt: skip
START = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
ENTRIES = 25
"""Entries of a usual feed: with these bodies some 30 KB."""


def sentence(rng: Random, words: int) -> str:
    """A sentence of random words."""
    return " ".join(rng.choice(WORDS) for _ in range(words)).capitalize() + "."


def paragraph(rng: Random) -> str:
    """A paragraph of HTML with a link, an emphasis and an entity here and there, as editors write them."""
    text = html.escape(sentence(rng, rng.randint(12, 40)))
    spice = rng.random()
    if spice < 0.25:
        text += f' <a href="https://news.example/{rng.randrange(10**6)}" rel="nofollow">{sentence(rng, 3)}</a>'
    elif spice < 0.4:
        text = f"<strong>{text}</strong> &ndash; said &#8220;{sentence(rng, 4)}&#8221;"
    return f"<p>{text}</p>"


def entry(rng: Random, number: int, paragraphs: int) -> str:
    """One RSS item as a publishing system writes it, with a description and a whole body."""
    body = "\n".join(paragraph(rng) for _ in range(paragraphs))
    when = format_datetime(START - timedelta(minutes=37 * number))
    page = f"https://news.example/{number}"
    categories = "".join(f"<category><![CDATA[{rng.choice(WORDS)}]]></category>\n" for _ in range(4))
    return (
        f"<item>\n<title>{html.escape(sentence(rng, 9))}</title>\n<link>{page}</link>\n<comments>{page}#c</comments>\n"
        f"<dc:creator><![CDATA[{sentence(rng, 2)}]]></dc:creator>\n<pubDate>{when}</pubDate>\n{categories}"
        f'<guid isPermaLink="false">news-{number}</guid>\n<description>{html.escape(paragraph(rng))}</description>\n'
        f"<content:encoded><![CDATA[{body}]]></content:encoded>\n"
        f'<media:content url="{page}.jpg" width="1200" height="800" medium="image"><media:credit>{sentence(rng, 2)}'
        f"</media:credit></media:content>\n<slash:comments>{rng.randrange(90)}</slash:comments>\n</item>\n"
    )


def document(seed: int, entries: int = ENTRIES, paragraphs: int = 2, first: int = 0) -> bytes:
    """A whole feed; `first` numbers its oldest entry, so that a later document shares all but the newest."""
    items = "".join(
        entry(Random(f"{seed}/{number}"), number, paragraphs) for number in range(first + entries - 1, first - 1, -1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
        ' xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel>\n<title>News of the river</title>\n'
        f"<link>https://news.example/</link>\n<language>en</language>\n{items}</channel></rss>\n"
    ).encode()


def sizes() -> list[bytes]:
    """Forty feeds from a few to some hundred KB, spread as on the web: most are small, a few are long."""
    shapes = [(10, 1)] * 8 + [(20, 1)] * 10 + [(25, 2)] * 10 + [(30, 6)] * 6 + [(50, 12)] * 4 + [(100, 12)] * 2
    return [document(seed, entries, paragraphs) for seed, (entries, paragraphs) in enumerate(shapes)]
