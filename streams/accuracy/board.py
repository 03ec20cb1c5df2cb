"""The board: value, roles, nights and alarms over a set, for every tag, with the calibration of the confidence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from streams.accuracy.gold import Answer, Counted, GoldArticle, GoldClaim, GoldNight, Row
from streams.accuracy.readers import Told, over

ARMS: Final = {
    "drone", "missile", "rocket", "glide_bomb", "naval_drone", "aerial_target", "aircraft", "helicopter",
}  # fmt: skip
OBJECTS: Final = ARMS | {"person"}
MEASURES: Final = {"launched", "intercepted", "lost", "hit", "destroyed", "killed", "injured"}
BINS: Final = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
"""Borders of the calibration table."""


@dataclass
class Score:
    """The figures of one set of articles."""

    articles: int = 0
    value: Counted = field(default_factory=Counted)
    roles: Counted = field(default_factory=Counted)
    nightly: Counted = field(default_factory=Counted)
    dated: int = 0
    date_right: int = 0
    exact: int = 0
    must_be_quiet: int = 0
    quiet: int = 0
    must_alarm: int = 0
    missed_alarms: int = 0
    false_alarms: int = 0


@dataclass
class Board:
    """The score of the whole set and of every tag, and how often each confidence was right."""

    whole: Score = field(default_factory=Score)
    tags: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    sure: Counter[float] = field(default_factory=Counter)
    sure_right: Counter[float] = field(default_factory=Counter)

    def add(self, gold: GoldArticle, told: Told) -> None:
        """Count one article."""
        for score in (self.whole, *(self.tags[tag] for tag in gold.tags)):
            _count(score, gold, told)
        wanted = _wanted(gold)
        for answer in _core(told.answers):
            border = max(low for low in BINS if low <= answer.confidence)
            self.sure[border] += 1
            self.sure_right[border] += any(_same(answer, claim) and _roles(claim, answer) for claim in wanted)


def _count(score: Score, gold: GoldArticle, told: Told) -> None:
    wanted, answers = _wanted(gold), _core(told.answers)
    score.articles += 1
    score.value += _counted(wanted, answers, lambda *_: True)
    score.roles += _counted(wanted, answers, _roles)
    want_rows = [row for row in gold.nightly if row.object in ARMS and row.measure in MEASURES and row.value]
    rows = [row for row in told.rows if row.object in ARMS and row.measure in MEASURES]
    pairs = _pairs(want_rows, rows, _roles)
    score.nightly += Counted(hits=len(pairs), told=len(rows), wanted=len(want_rows))
    dated = [(want, row) for want, row in pairs if want.night_of and gold.line().get("published")]
    score.dated += len(dated)
    score.date_right += sum(want.night_of == row.night_of for want, row in dated)
    score.exact += len(pairs) == len(rows) == len(want_rows)
    if not gold.nightly:
        score.must_be_quiet += 1
        score.quiet += not rows
    _count_alarms(score, must_alarm(want_rows), told.alarm)


def _count_alarms(score: Score, wanted: bool, told: bool) -> None:
    score.must_alarm += wanted
    score.missed_alarms += wanted and not told
    score.false_alarms += told and not wanted


def must_alarm(rows: Iterable[GoldNight]) -> bool:
    """Whether annotated figures cross the headline limit: the larger of launched and what was met in the air."""
    nights: dict[tuple[Any, ...], dict[str, GoldNight]] = defaultdict(dict)
    for row in rows:
        if row.object == "drone":
            night = nights[row.attacker, row.target_country, row.night_of]
            if row.measure not in night or row.value > night[row.measure].value:
                night[row.measure] = row
    return any(_crosses(night) for night in nights.values())


def _crosses(night: dict[str, GoldNight]) -> bool:
    launched = night.get("launched")
    met = [night[measure] for measure in ("intercepted", "lost", "hit") if measure in night]
    total = sum(row.value for row in met)
    if launched and launched.value >= total:
        return over(launched.value, launched.qualifier)
    return over(total, met[0].qualifier if len(met) == 1 else "at_least") if met else False


def _wanted(gold: GoldArticle) -> list[GoldClaim]:
    return [claim for claim in gold.claims if claim.status == "asserted" and claim.value and _is_core(claim)]


def _core(answers: Iterable[Answer]) -> list[Answer]:
    return [answer for answer in answers if _is_core(answer)]


def _is_core(claim: GoldClaim | Answer) -> bool:
    return claim.object in OBJECTS and claim.measure in MEASURES


def _same(a: Any, b: Any) -> bool:
    return bool((a.object, a.measure, a.value) == (b.object, b.measure, b.value))


def _roles(want: GoldClaim | GoldNight, told: Answer | Row) -> bool:
    return all(getattr(want, role) in (None, getattr(told, role)) for role in ("attacker", "target_country"))


def _counted(wanted: Sequence[Any], told: Sequence[Any], agree: Callable[[Any, Any], bool]) -> Counted:
    return Counted(hits=len(_pairs(wanted, told, agree)), told=len(told), wanted=len(wanted))


def _pairs(wanted: Sequence[Any], told: Sequence[Any], agree: Callable[[Any, Any], bool]) -> list[tuple[Any, Any]]:
    """Each wanted item with the first item told that is the same and not taken yet."""
    rest, pairs = list(told), []
    for want in wanted:
        found = next((item for item in rest if _same(want, item) and agree(want, item)), None)
        if found is not None:
            rest.remove(found)
            pairs.append((want, found))
    return pairs
