"""Who attacks whom, and when, by the words of a sentence and of the whole article."""

from __future__ import annotations

import re
from typing import Final

from schemas.article import Article
from schemas.event import Place
from workers.extract.nights import TimeMention, Timespan, resolve
from workers.extract.nights_model import PartialDate
from workers.extract.slavic.claims import Count
from workers.extract.slavic.words import Token, kind_of, months, times
from workers.extract.world import PlaceMention

_DATE: Final = re.compile(r"(?<![\d.:])([0-3]?\d)(?:-(?:го|те|е))?\s([а-яіїєґ]{3,10})")
_CLOCK: Final = re.compile(r"\b([01]?\d|2[0-3])[:.]([0-5]\d)\b")
_AGAINST: Final = frozenset({"по", "проти", "против", "на"})
_REACH: Final = 5
"""Words before a predicate in which its subject stands."""
_ENEMY: Final = {"RU": "UA", "UA": "RU"}
_PHRASES: Final = re.compile(r"повітрян\w+ сил|воздушн\w+ сил|сил\w* оборони|сил\w* обороны")


def target_of(words: list[Token], count: Count, places: list[PlaceMention]) -> str | None:
    """The country that is attacked, by the sentence alone: what flies, who strikes, who speaks, the ground below."""
    for token in words[count.i : count.j]:
        if (owner := kind_of("sides", token.word)) in _ENEMY:
            return _ENEMY[str(owner)]
    told = _doing(words, count)
    if told is not None:
        return told
    ground = [code for m in places if m.kind != "country" and (code := _held(m)) in _ENEMY]
    if ground:
        return ground[0]
    speaker = next(filter(None, (kind_of("says", token.word) for token in words)), None)
    text = " ".join(token.word for token in words)
    return speaker or ("UA" if _PHRASES.search(text) or any(kind_of("enemy", t.word) for t in words) else None)


def _doing(words: list[Token], count: Count) -> str | None:
    """The target by who launched it or shot it down, or by "по Украине"."""
    for n, token in enumerate(words):
        side = kind_of("sides", token.word)
        if side in _ENEMY and words[n - 1].word in _AGAINST and n:
            return side
    for n, token in enumerate(words):
        if kind_of("measures", token.word) != count.measure:
            continue
        struck = kind_of("sides", words[n + 1].word) if n + 1 < len(words) else None
        if count.measure == "launched" and struck in _ENEMY:
            return struck  # "атакував Україну"
        near = words[max(0, n - _REACH) : n]
        doer = next(filter(None, (kind_of("sides", t.word) for t in reversed(near))), None)
        if doer in _ENEMY:
            return _ENEMY[str(doer)] if count.measure == "launched" else doer
    return None


def _held(mention: PlaceMention) -> str | None:
    """Crimea counts as its holder's; other ground as its country's."""
    crimean = mention.place.region in ("Crimea", "Sevastopol") or mention.place.name == "Crimea"
    return (mention.occupied_by if crimean else None) or mention.place.country


def attacker_of(target: str | None) -> str | None:
    """The other side of the war."""
    return _ENEMY.get(target or "")


def place_of(places: list[PlaceMention]) -> Place | None:
    """The region or town of a sentence, where it names one alone."""
    local = {m.place.name: m.place for m in places if m.kind in ("region", "city", "district", "water")}
    return next(iter(local.values())) if len(local) == 1 else None


def time_of(text: str, article: Article, target: str | None) -> Timespan | None:
    """The time that a stretch of small letters tells; None where it tells none."""
    for period, pattern in times().items():
        found = pattern.search(text)
        if found is None:
            continue
        if period in ("cumulative", "multi_day", "24h"):
            return Timespan(period, None, None, None, "stated")  # type: ignore[arg-type]
        kind = "night" if period == "night" else "day"
        dates = tuple(_dates(text)) if kind == "night" else ()
        clocks = tuple((int(hour), int(minute)) for hour, minute in _CLOCK.findall(text)[:2])
        if len(clocks) == 2 and kind == "night":
            mention = TimeMention(found.start(), found.end(), "clock", dates=dates[:1], clocks=clocks)
        else:
            mention = TimeMention(found.start(), found.end(), kind, dates=dates[-1:])  # type: ignore[arg-type]
        return resolve(mention, article.published, target)
    return None


def _dates(text: str) -> list[PartialDate]:
    found = []
    for day, word in _DATE.findall(text):
        month = next((int(n) for n, pattern in months().items() if pattern.match(word)), None)
        if month is not None and 1 <= int(day) <= 31:
            found.append(PartialDate(None, month, int(day)))
    return found
