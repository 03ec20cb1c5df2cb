"""Which predicate says what became of a number: the nearest one inside its phrase, before or behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from workers.extract.slavic.counts import Count
from workers.extract.slavic.predicates import Predicate
from workers.extract.slavic.tokens import Token
from workers.extract.slavic.words import kind_of, known

LEFT: Final = 14
RIGHT: Final = 12
_SINGLE_REACH: Final = 3
_NEAR: Final = 5
"""How far the predicate of a number without a noun may be, in steps of `_COSTS`."""
_COSTS: Final = {
    ",": 3,
    "\u2013": 3,
    "-": 1,
    '"': 0,
    ":": 3,
    "та": 2,
    "і": 2,
    "и": 2,
    "й": 2,
    "а": 4,
    "але": 5,
    "но": 5,
}
WALLS: Final = frozenset(";.()!?\u2026")


class Tie(NamedTuple):
    """A predicate that a number may belong to, and how far it is."""

    cost: int
    predicate: Predicate


class Clause(NamedTuple):
    """The words of a sentence and what is known of them."""

    words: list[Token]
    predicates: dict[int, Predicate]
    counts: list[Count]


class Memory:
    """What earlier sentences of a field leave behind: the thing told last, and the head of a list that goes on."""

    def __init__(self) -> None:
        self.object: str | None = None
        self.head: Count | None = None
        self.measure: str | None = None
        self.flying: str | None = None
        self.main: str | None = None
        """What a field tells of first."""


def own(clause: Clause, count: Count) -> None:
    """The predicate inside the phrase, or the nearer one of those before and behind."""
    if count.object == "person" and (told := _victims(clause, count)) is not None:
        count.measure, count.verb = told, count.noun
        return
    inside = next((clause.predicates[k] for k in range(count.i + 1, count.j) if k in clause.predicates), None)
    ties = sorted(_ties(clause, count), key=lambda tie: tie.cost)
    if inside is not None and not (ties and _outcome(count, inside, ties[0])):
        ties = [Tie(0, inside)]
    if count.way == "single":
        ties = [tie for tie in ties if _touches(clause, count, tie.predicate)]
    if ties and (count.object is not None or count.pointing or ties[0].cost <= _NEAR):
        take(count, ties[0].predicate)
        between = clause.words[count.j : ties[0].predicate.k]
        count.across = any(token.word == "," for token in between)


def _touches(clause: Clause, count: Count, predicate: Predicate) -> bool:
    """True for "загинула жінка" and "мужчина погиб": nothing but words between, and few of them."""
    between = clause.words[min(count.j, predicate.k + 1) : max(count.i, predicate.k)]
    if any(known("with", token.word) for token in clause.words[max(0, predicate.k - 2) : predicate.k]):
        return False
    plain = all(token.word[0].isalnum() and not known("with", token.word) for token in between)
    return len(between) <= _SINGLE_REACH and plain


def _victims(clause: Clause, count: Count) -> str | None:
    words = (clause.words[k].word for k in range(count.i + 1, count.j))
    return next(filter(None, (kind_of("victims", word) for word in words)), None)


def _outcome(count: Count, inside: Predicate, tie: Tie) -> bool:
    """True for "сбито 12 запущенных дронов": the outcome is the claim."""
    thing = count.object or "drone"
    told = tie.predicate.verb.measure(thing)
    return inside.verb.measure(thing) == "launched" and tie.cost <= 2 and told not in (None, "launched")


def take(count: Count, predicate: Predicate) -> None:
    """Give a number the measure that a predicate tells; a denied one takes it and tells nothing."""
    count.verb = predicate.k
    if predicate.denied:
        count.measure = None
    elif (told := told_of(count, predicate)) is not None:
        count.measure, count.status = told, predicate.status


def told_of(count: Count, predicate: Predicate) -> str | None:
    """What a predicate says of a thing; where the noun is left out, of what flies or of people."""
    verb = predicate.verb
    return verb.measure(count.object) if count.object else verb.measure("drone") or verb.measure("person")


def _ties(clause: Clause, count: Count) -> Iterator[Tie]:
    for step, start, reach in ((-1, count.i - 1, LEFT), (1, count.j, RIGHT)):
        tie = tie_on(clause, count, range(start, -1 if step < 0 else len(clause.words), step), reach)
        if tie is not None:
            yield tie


def tie_on(clause: Clause, count: Count, way: range, reach: int) -> Tie | None:
    """The first predicate on the way that says something of the thing, if no wall and no other number comes before."""
    cost, relative = 0, None
    for k in way:
        token = clause.words[k]
        predicate = clause.predicates.get(k)
        if predicate is not None and not (predicate.long and way.step < 0):
            if _belongs(clause, predicate, count, cost):
                return relative
            if told_of(count, predicate) is not None or not predicate.verb.measures or predicate.denied:
                if not (predicate.long and clause.words[k - 1].word == ","):
                    return Tie(cost, predicate)
                relative = relative or Tie(cost, predicate)  # "12 дронов, запущенных ночью, сбиты"
        cost += _COSTS.get(token.word, 1 if not known("adjectives", token.word) else 0)
        wall = token.word in WALLS or token.value is not None or (way.step > 0 and token.word == ":")
        if wall or cost > reach:
            break
    return relative


def _belongs(clause: Clause, predicate: Predicate, count: Count, cost: int) -> bool:
    """True for a predicate of another number across a comma: "11 знищено, 5 ..." and "5 ..., сбиты 11"."""
    k = predicate.k - 1 if predicate.k < count.i else predicate.k + 1
    return 0 <= k < len(clause.words) and cost >= _COSTS[","] and clause.words[k].value is not None
