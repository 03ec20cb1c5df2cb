"""Numbers that leave their noun out count what was told last; a part takes over what became of the whole."""

from __future__ import annotations

from workers.extract.slavic.counts import Count
from workers.extract.slavic.ties import Clause, Memory
from workers.extract.slavic.words import kind_of, known


def retold(clause: Clause, memory: Memory) -> None:
    """ "Сообщалось о 19", "называл цифру 24", "счет достиг 900": what was told last, again."""
    last, measure = memory.object, memory.measure
    for count in clause.counts:
        if count.object is None and not count.alien and count.verb is None and last and _speaks_of(clause, count):
            named = memory.main if _is_score(clause, count) else last
            count.object, count.measure, count.way = named, measure, "elided"
        if count.object is not None and count.measure is not None and not count.pointing:
            last, measure = count.object, count.measure
    memory.measure = measure


def _speaks_of(clause: Clause, count: Count) -> bool:
    words = [t.word for t in clause.words[max(0, count.i - 6) : count.i]]
    close = words[-3:]
    if any(known("says", word) for word in words) and any(
        word in ("о", "об", "про") or known("figure", word) for word in close
    ):
        return True
    if _is_score(clause, count):
        return True
    been = bool(close) and close[-1] in ("было", "було")
    return been and any(known("older", word) or word in ("їх", "их") for word in words)


def _is_score(clause: Clause, count: Count) -> bool:
    """True for "счет достиг 900"."""
    words = [t.word for t in clause.words[max(0, count.i - 6) : count.i]]
    return any(known("score", word) for word in words) and any(kind_of("toll", word) == "verb" for word in words)


def elided(clause: Clause, memory: Memory) -> None:
    """A number without a noun counts what was told last; a part takes over what became of it too."""
    last = memory.object
    previous: Count | None = memory.head
    for count in clause.counts:
        if count.object is None and not count.alien and (count.measure or count.pointing):
            count.object, count.way = _fitting(clause, count, last, memory), "elided"
        if count.pointing and count.measure is None and count.verb is None and previous is not None:
            _named_behind(clause, count)
            if count.object in (None, previous.object):
                count.object, count.measure, count.verb = previous.object, previous.measure, previous.verb
            elif (count.object == "person") == (previous.object == "person"):
                count.measure, count.verb = previous.measure, previous.verb
        if count.object is not None:
            last = count.object
            if count.measure is not None and not count.pointing:
                previous = count
            if count.object != "person":
                memory.flying = count.object
                memory.main = memory.main or count.object
    memory.object = last


def _named_behind(clause: Clause, count: Count) -> None:
    """ "330 из них – «Шахеды»": the noun stands behind a dash."""
    k = count.j
    while k < len(clause.words) and clause.words[k].word in ("\u2013", "-", '"', "це", "это"):
        k += 1
    if count.j < k < len(clause.words) and (noun := kind_of("objects", clause.words[k].word)) is not None:
        count.object, count.noun, count.model = noun, k, kind_of("models", clause.words[k].word)


def _fitting(clause: Clause, count: Count, last: str | None, memory: Memory) -> str | None:
    """What was told last and fits the predicate: people are killed and hurt, what flies is launched and shot down."""
    predicate = clause.predicates.get(count.verb) if count.verb is not None else None
    if predicate is None or (last is not None and predicate.verb.measure(last) == count.measure):
        return last
    return "person" if predicate.verb.measure("person") == count.measure else memory.flying
