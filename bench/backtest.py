"""Articles a second of a backtest on one core, over a made-up month of news, and where the time goes.

usage: python bench/backtest.py [--days 2] [--a-day 10000] [--thorough] [--profile]

`--days 30` is the month of 300,000 articles that is to take less than two minutes, 2,500 a second. The lines are
made before the clock starts; what is timed is what `nightwire backtest` does with them: reading the JSON lines,
sorting, every room, the report. The time is that of the processor.

The month is invented, and drawn as news falls: of 10,000 articles a day 800 carry subject words. Of these 70 are
reports of the night (who launched how many, how many were shot down, in which regions), 50 earlier reports with
some of their sentences replaced and new figures, 280 copies with another byline, and 400 only speak of weapons: each
night some sixty articles tell of either side's drones. The rest is about councils, harvests and orchestras. Texts
are of about 3,000 characters, sentences are drawn from patterns with invented names and numbers, so that two
articles share runs of words as seldom as real ones do.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import json
import pstats
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from schemas.rule import Rule
from streams.app import build_readers, house_config
from streams.archive import by_publication
from streams.articles import BadLine, read_drafts
from streams.backtest.circles import rare_collections
from streams.backtest.report import report_of
from streams.backtest.trial import Trial
from streams.rules import load_rules

START: Final = datetime(2026, 3, 1, tzinfo=UTC)
SIZE: Final = 3000
SUBJECTS: Final = 8
"""Articles in a hundred that carry subject words."""
KINDS: Final = {"report": 7, "rewrite": 5, "copy": 28, "mention": 40}
"""What these are, in eighty."""


def words(text: str, sign: str | None = None) -> list[str]:
    """The words of a text, or the parts between signs."""
    return text.split(sign)


WHO: Final = words("council cabinet board museum university ministry club theatre union library court orchestra")
DID: Final = words("approved discussed postponed praised published reviewed welcomed questioned extended opened")
WHAT: Final = words(
    "budget timetable exhibition contract curriculum harvest forecast bridge reform tournament archive garden tariff"
    " concert lease vaccine railway orchard tender fishery recipe pension census"
)
HOW: Final = words(
    "after a long debate,in a short session,despite some doubts,with a narrow majority,to general surprise,as planned,"
    "for the second year in a row,without a vote,on the advice of experts,ahead of the holidays",
    ",",
)
PATTERNS: Final = (
    "The {who} of {town} {did} the {what} {how}, said {name}.",
    "{name}, who has led the {who} since {year}, called the {what} a matter of {number} families in {town}.",
    "According to {name} the {what} will cost {number} million and be ready by {year}.",
    "In {town} the {who} {did} a {what} and a {what2} {how}.",
    "{number} people from {town} came to see the {what} of the {who}, {name} wrote.",
    "The {what} in {town} grew by {number} percent, while the {what2} of {name} did not change.",
)
REGIONS: Final = ("Kyiv", "Sumy", "Kharkiv", "Odesa", "Poltava", "Dnipro")
ENEMY_REGIONS: Final = ("Bryansk", "Kursk", "Belgorod", "Rostov", "Tula", "Oryol")
MENTIONS: Final = (
    "Parliament debated the delivery of {number} drones to the army next year.",
    "The factory in {town} will build missile parts, {name} said.",
    "Since the start of the war more than {number}000 drones have been launched, {name} recalled.",
)
NIGHTS: Final = (
    "Russia launched {launched} drones at Ukraine overnight, the Ukrainian air force said. Air defences shot down"
    " {down} of them, and {lost} were lost to jamming. {part} drones were shot down over the {region} region.",
    "Ukraine's air force said that it had shot down {down} of {launched} drones that Russia launched overnight."
    " In the {region} region {part} of them were destroyed.",
    "Russia's defence ministry said its air defences had intercepted {enemy} Ukrainian drones overnight, including"
    " {part} over the {enemy_region} region.",
)


@dataclass
class Night:
    """What happened in one night, as the reports of it tell with small differences."""

    launched: int
    down: int
    enemy: int


class Month:
    """Prints the articles of some days in order of publication, the same for the same seed."""

    def __init__(self, seed: int = 7) -> None:
        self._chance = random.Random(seed)
        parts = [a + b for a in words("ka lo mi ru te sha vo ne bri dal") for b in words("ra ven sto lin mar dov")]
        self._names = [f"{self._chance.choice(parts)}{self._chance.choice(parts)}".capitalize() for _ in range(4_000)]
        self._printed: list[dict[str, Any]] = []
        self.kinds: Counter[str] = Counter()

    def lines(self, days: int, a_day: int) -> Iterator[bytes]:
        """One JSON line an article."""
        for number in range(days * a_day):
            at = START + timedelta(seconds=number * 86_400 / a_day)
            yield json.dumps(self._article(number, at), ensure_ascii=False).encode()

    def _article(self, number: int, at: datetime) -> dict[str, Any]:
        kind = "other"
        if self._chance.randrange(100) < SUBJECTS:
            kind = self._chance.choices(list(KINDS), list(KINDS.values()))[0]
            if kind in ("copy", "rewrite") and not self._printed:
                kind = "report"
        self.kinds[kind] += 1
        body = getattr(self, f"_{kind}")(at)
        source = f"outlet {self._chance.randrange(300)}"
        name = f"a{number:07}"
        return {
            "id": name, "url": f"https://news.example/{name}", "source": source, "lang": "en",
            "published": at.isoformat(), **body,
        }  # fmt: skip

    def _other(self, at: datetime) -> dict[str, Any]:
        return {"title": self._sentence(), "text": self._filled([])}

    def _mention(self, at: datetime) -> dict[str, Any]:
        first = self._chance.choice(MENTIONS).format_map(self._words())
        return {"title": self._sentence(), "text": self._filled([first])}

    def _report(self, at: datetime) -> dict[str, Any]:
        body = {"title": self._title(at), "text": self._filled([self._told(at)])}
        self._printed = [*self._printed[-40:], body]
        return body

    def _copy(self, at: datetime) -> dict[str, Any]:
        body = self._chance.choice(self._printed)
        return {"title": body["title"], "text": f"{self._chance.choice(self._names)} News Agency. {body['text']}"}

    def _rewrite(self, at: datetime) -> dict[str, Any]:
        lines = self._chance.choice(self._printed)["text"].split("\n")
        kept = [line for line in lines if self._chance.random() > 0.3]
        body = {"title": self._title(at), "text": self._filled([*kept[:8], self._told(at)])}
        self._printed = [*self._printed[-40:], body]
        return body

    def _night(self, at: datetime) -> Night:
        chance = random.Random(at.date().toordinal())
        launched = chance.randint(20, 400)
        return Night(launched, int(launched * 0.7), chance.randint(5, 160))

    def _title(self, at: datetime) -> str:
        return f"{self._chance.choice(self._names)}: what is known of the drones of the night to {at:%d %B}"

    def _told(self, at: datetime) -> str:
        night, chance = self._night(at), self._chance
        return chance.choice(NIGHTS).format(
            launched=night.launched, down=night.down + chance.randint(-2, 2), lost=night.launched // 10,
            enemy=night.enemy + chance.randint(0, 1), part=chance.randint(2, 15),
            region=chance.choice(REGIONS), enemy_region=chance.choice(ENEMY_REGIONS),
        )  # fmt: skip

    def _sentence(self) -> str:
        return self._chance.choice(PATTERNS).format_map(self._words())

    def _words(self) -> dict[str, Any]:
        pick = self._chance.choice
        return {
            "who": pick(WHO), "did": pick(DID), "what": pick(WHAT), "what2": pick(WHAT), "how": pick(HOW),
            "town": pick(self._names), "name": f"{pick(self._names)} {pick(self._names)}",
            "year": self._chance.randint(1990, 2030), "number": self._chance.randint(2, 999),
        }  # fmt: skip

    def _filled(self, first: list[str]) -> str:
        lines, size = list(first), sum(map(len, first))
        while size < SIZE:
            lines.append(self._sentence())
            size += len(lines[-1]) + 1
        return "\n".join(lines)


async def run(trial: Trial, lines: list[bytes]) -> None:
    """What the command does with its input."""
    articles = (item for item in read_drafts(lines, START) if not isinstance(item, BadLine))
    for article in by_publication(articles):
        await trial.take(article)
    await trial.finish()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=2)
    parser.add_argument("--a-day", type=int, default=10_000)
    parser.add_argument("--thorough", action="store_true", help="all articles through all rooms")
    parser.add_argument("--profile", action="store_true", help="tell where the time goes")
    given = parser.parse_args()
    settings = house_config(None, mode="replay")
    rules: tuple[Rule, ...] = load_rules(settings.rules).rules
    month = Month()
    lines = list(month.lines(given.days, given.a_day))
    trial = Trial(build_readers(settings), rules, thorough=given.thorough)
    profiler = cProfile.Profile() if given.profile else None
    began = time.process_time()
    if profiler:
        profiler.enable()
    with rare_collections():
        asyncio.run(run(trial, lines))
    report = report_of(trial)
    if profiler:
        profiler.disable()
    seconds = time.process_time() - began
    told = {
        "articles": len(lines),
        "kinds": dict(month.kinds),
        "bytes": round(sum(map(len, lines)) / len(lines)),
        "seconds": round(seconds, 1),
        "per_second": round(len(lines) / seconds),
        "unread": dict(trial.unread),
        "notices": len(trial.new.notices),
        "alerts": len(report.fired),
    }
    print(json.dumps(told))
    if profiler:
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(70)


if __name__ == "__main__":
    main()
