"""Numbers that share what became of them: rows of one predicate, and lists of regions under one figure."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from workers.extract.slavic.counts import Count
from workers.extract.slavic.ties import Clause, Memory, told_of
from workers.extract.slavic.tokens import Token
from workers.extract.slavic.words import known

_NOUN: Final = 3
_LISTED: Final = frozenset(',:\u2013-;"()')


def rows(clause: Clause) -> None:
    """ "40 ракет і 574 дрони запустила": what stands in one row shares its predicate."""
    pairs = list(pairwise(count for count in clause.counts if not count.whole and not _is_person(count)))
    for one, other in pairs:
        if one.measure and (other.object or other.alien) and _shares(clause, one, other) and not _has_own(other, one):
            _copy(clause, one, other)
    for one, other in reversed(pairs):
        if other.measure and not one.measure and one.object and one.verb is None and _shares(clause, one, other):
            _copy(clause, other, one)


def _is_person(count: Count) -> bool:
    """True for one person told without a number, who is in no row."""
    return count.way == "single" and count.object == "person"


def _shares(clause: Clause, one: Count, other: Count) -> bool:
    """True where only small words and places stand between two numbers."""
    start = max((count.j for count in clause.counts if count.whole and count.j <= other.i), default=0)
    gap = clause.words[max(one.j, start) : other.i]
    if one.alien:
        gap = _behind_noun(gap)
    if one.object is not None and other.object is not None and (one.object == "person") != (other.object == "person"):
        return False
    return bool(gap) and all(_soft(token) for token in gap)


def _behind_noun(gap: list[Token]) -> list[Token]:
    """A gap without the words of a noun that no table knows: "5 танків, 31 артилерійську систему, 384 БпЛА"."""
    first = next((n for n, token in enumerate(gap) if not token.word[0].isalpha() or known("joins", token.word)), None)
    return gap[first:] if first is not None and 0 < first <= _NOUN else []


def _soft(token: Token) -> bool:
    word = token.word
    return (
        word in _LISTED
        or token.capital
        or any(
            known(section, word)
            for section in ("joins", "quiet", "qualifiers", "adjectives", "models", "among", "ground", "of")
        )
        or word in ("типу", "типа", "які", "самолетного", "при", "этом")
        or word.endswith(("ой", "ою", "ими", "ых", "их"))
    )


def _has_own(count: Count, before: Count) -> bool:
    """True where a predicate of its own stands right behind, before or inside a number of a row."""
    if count.measure is None:
        return count.verb is not None
    return count.verb is not None and not count.across and count.verb > before.i and count.verb != before.verb


def _copy(clause: Clause, source: Count, count: Count) -> None:
    """What the predicate of one says of the other."""
    predicate = clause.predicates.get(source.verb) if source.verb is not None else None
    told = source.measure if predicate is None or source.whole else told_of(count, predicate)
    if told is not None:
        count.measure, count.verb, count.status = told, source.verb, source.status
        count.pointing = count.pointing or source.pointing


def items(clause: Clause, memory: Memory) -> None:
    """ "29 БПЛА: 15 – над Брянской областью, пять – над Курской": items of the figure in front of them."""
    first = min((count.i for count in clause.counts), default=0)
    head = memory.head if not any(k < first for k in clause.predicates) else None
    for count in clause.counts:
        bare = count.measure is None and count.verb is None and count.way != "single"
        listed = bare and not count.alien and head is not None
        if (
            listed
            and head is not None
            and count.object in (None, head.object)
            and (_placed(clause, count) or count.pointing)
        ):
            count.object, count.measure, count.way = head.object, head.measure, "listed"
            count.head, count.status, count.verb = head, head.status, head.verb
        elif count.measure is not None and count.object is not None and not count.pointing and not count.whole:
            head = _head(clause, count, head)
            if head is not count:
                count.head = head
    memory.head = head


def _head(clause: Clause, count: Count, head: Count | None) -> Count:
    """The head of a list stays while its items are told behind a colon."""
    if head is None or head not in clause.counts or (head.object, head.measure) != (count.object, count.measure):
        return count
    between = [t.word for t in clause.words[head.j : count.i]]
    return head if ":" in between and count.value <= head.value else count


def _placed(clause: Clause, count: Count) -> bool:
    """True where a place stands right behind a number, or right before it as a label."""
    k = count.j
    while k < len(clause.words) and clause.words[k].word in ("\u2013", "-", ")", '"', "также", "ще", "еще"):
        k += 1
    if k < len(clause.words) and (known("ground", clause.words[k].word) or (clause.words[k].capital and k > count.j)):
        return True
    before = [t.word for t in clause.words[max(0, count.i - 8) : count.i]]
    return bool(before) and before[-1] in ("\u2013", "-", "(", ":", "по") and any(known("quiet", w) for w in before)
