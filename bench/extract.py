"""Articles a second on one core over the seed corpus, beside three peers that only pair numbers with nouns.

usage: python bench/extract.py [--seconds S] [--articles FILE.jsonl]

The time is that of the processor, of the best pass, and all rates are scaled to articles of 3,000 characters; FILE
holds articles of your own, one JSON object with a `text` a line. The peers find a number and, within four words, one of
a few nouns, with no grammar behind it: a plain regular expression, spaCy's blank English pipeline with a matcher (it
needs no model), and quantulum3, which reads a number and its unit. The last two run where they can be imported:

    pip install --target DIR spacy quantulum3
    PYTHONPATH=DIR python bench/extract.py
"""

from __future__ import annotations

import argparse
import json
import math
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from schemas.article import Article
from workers.extract.extractor import Extractor

CORPUS = Path(__file__).parents[1] / "seeds" / "corpus"
WHEN = datetime(2025, 9, 10, 9, tzinfo=UTC)
SIZE = 3000
IDLE = (
    "The council met on Tuesday to discuss the library budget for the coming year. Members praised the gardeners for"
    " their work in the park, and the mayor thanked volunteers who planted trees along the river. "
)


def article(text: str) -> Article:
    return Article(id="a", revision="r", text=text, published=WHEN, fetched=WHEN)


def rate(work: Callable[[str], object], texts: list[str], seconds: float) -> float:
    """Calls a second of the best pass, scaled to texts of 3,000 characters; all are read once before the clock starts.

    The best pass, since a shared machine makes the others slower and none faster.
    """
    for text in texts:
        work(text)
    best, start = math.inf, time.process_time()
    while (began := time.process_time()) - start < seconds:
        for text in texts:
            work(text)
        best = min(best, time.process_time() - began)
    return sum(map(len, texts)) / SIZE / best


NOUNS = ("drone", "drones", "missile", "missiles", "rocket", "rockets", "uav", "uavs", "people", "troops")


def pairs() -> Callable[[str], object]:
    """Number-noun pairs by one expression."""
    return re.compile(rf"\b\d[\d,]*\b(?: [\w-]+){{0,3}} (?:{'|'.join(NOUNS)})\b", re.IGNORECASE).findall


def spacy_pairs() -> Callable[[str], object]:
    """The same with spaCy's tokens; numbers in words too."""
    import spacy
    from spacy.matcher import Matcher

    nlp = spacy.blank("en")
    matcher = Matcher(nlp.vocab)
    matcher.add("pair", [[{"LIKE_NUM": True}, {"IS_PUNCT": False, "OP": "{0,3}"}, {"LOWER": {"IN": list(NOUNS)}}]])
    return lambda text: matcher(nlp(text))


def quantulum() -> Callable[[str], object]:
    """Quantities with their units, as quantulum3 reads them."""
    from quantulum3 import parser

    parse: Callable[[str], object] = parser.parse
    return parse


PEERS = (
    ("regular expression, pairs", pairs),
    ("spaCy blank + matcher, pairs", spacy_pairs),
    ("quantulum3, quantities", quantulum),
)


def show(what: str, texts: list[str], seconds: float) -> None:
    """The rates over one set of texts, the extractor first."""
    extractor = Extractor()
    ours = rate(lambda text: extractor.extract(article(text)), texts, seconds)
    print(f"{what}: {len(texts)} articles of {sum(map(len, texts)) / len(texts):.0f} characters")
    print(f"  {'extract':34} {ours:10.0f} articles of 3 KB a second")
    for name, make in PEERS:
        try:
            peer = make()
        except ImportError:
            print(f"  {name:34} {'SKIPPED':>10}: not installed; see the head of this file")
            continue
        theirs = rate(peer, texts, seconds)
        print(f"  {name:34} {theirs:10.0f}  (extract does {ours / theirs:.2g} of it)")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=3.0, help="processor time of each measurement (default 3)")
    options.add_argument("--articles", type=Path, help="JSON lines of articles to measure beside the seed corpus")
    given = options.parse_args()
    show("seed corpus", [path.read_text(encoding="utf-8") for path in sorted(CORPUS.glob("*.txt"))], given.seconds)
    if given.articles:
        lines = given.articles.read_text(encoding="utf-8").splitlines()
        show(given.articles.name, [text for line in lines if (text := json.loads(line).get("text"))], given.seconds)
    show("no subject word", [(IDLE * 20)[:SIZE]] * 100, given.seconds)


if __name__ == "__main__":
    main()
