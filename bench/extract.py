"""Articles a second on one core over the seed corpus, beside a baseline that only pairs numbers with nouns.

usage: python bench/extract.py [--seconds S]

The time is that of the processor, and of the best pass. The baseline is a plain regular expression, a number followed
within four words by a noun of the lexicon, with no grammar behind it; spaCy's blank English pipeline with a matcher and
quantulum3 are run too where they are installed.
"""

from __future__ import annotations

import argparse
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


def pairs() -> Callable[[str], object]:
    """Number-noun pairs by one expression."""
    number = r"\b\d[\d,]*\b"
    return re.compile(rf"{number}(?: [\w-]+){{0,3}} (?:drones?|missiles?|rockets?|UAVs?|people|troops)\b").findall


def spacy_pairs() -> Callable[[str], object]:
    import spacy
    from spacy.matcher import Matcher

    nlp = spacy.blank("en")
    matcher = Matcher(nlp.vocab)
    nouns = {"LOWER": {"IN": ["drones", "drone", "missiles", "rockets", "uavs", "people", "troops"]}}
    matcher.add("pair", [[{"LIKE_NUM": True}, {"IS_ALPHA": True, "OP": "*"}, nouns]])
    return lambda text: matcher(nlp(text))


def quantulum() -> Callable[[str], object]:
    from quantulum3 import parser

    parse: Callable[[str], object] = parser.parse
    return parse


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=3.0)
    seconds = options.parse_args().seconds
    texts = [path.read_text(encoding="utf-8") for path in sorted(CORPUS.glob("*.txt"))]
    extractor = Extractor()
    ours = rate(lambda text: extractor.extract(article(text)), texts, seconds)
    idle = rate(lambda text: extractor.extract(article(text)), [(IDLE * 20)[:SIZE]] * 100, seconds)
    print(f"{'extract, seed corpus':34} {ours:10.0f} articles of 3 KB a second")
    print(f"{'extract, no subject word':34} {idle:10.0f}")
    for name, make in (
        ("regular expression, pairs", pairs),
        ("spaCy blank + matcher", spacy_pairs),
        ("quantulum3", quantulum),
    ):
        try:
            baseline = rate(make(), texts, seconds)
        except ImportError:
            print(f"{name:34} {'not installed':>10}")
            continue
        print(f"{name:34} {baseline:10.0f}  ({ours / baseline:.2f} of it)")


if __name__ == "__main__":
    main()
