"""Numbers whose noun stands elsewhere: "14 of 20", and nouns in front of their number."""

from __future__ import annotations

from itertools import pairwise

from workers.extract.slavic.counts import Count
from workers.extract.slavic.ties import LEFT, RIGHT, WALLS, Clause, take, tie_on
from workers.extract.slavic.words import kind_of, known


def wholes(clause: Clause) -> None:
    """ "14 з 20 дронів збито": what was shot down, and what was launched."""
    for one, other in pairwise(clause.counts):
        gap = [t.word for t in clause.words[one.j : other.i]]
        if not gap or not known("of", gap[0]) or len(gap) > 2 or one.alien or other.object is None:
            continue
        if one.object is None:
            one.object, one.way = other.object, "object"
            if one.measure is None or one.verb == other.verb:
                _rebind(clause, one, other)
        if other.object == one.object and one.measure != "launched" and other.object != "person":
            other.measure, other.whole, other.verb = "launched", True, None
    for count in clause.counts:
        before = clause.words[count.i - 1].word if count.i else ""
        opens = count.i < 2 or clause.words[count.i - 2].word in (",", ":", "\u2013", "що", "что")
        if known("of", before) and opens and count.object not in (None, "person") and not count.pointing:
            count.measure, count.whole, count.verb = "launched", True, None


def _rebind(clause: Clause, one: Count, other: Count) -> None:
    """The predicate of X, which stands before it or behind the Y."""
    ties = [tie for tie in (tie_on(clause, one, range(one.i - 1, -1, -1), LEFT),) if tie]
    behind = tie_on(clause, other, range(other.j, len(clause.words)), RIGHT)
    best = min([*ties, *([behind] if behind else [])], key=lambda tie: tie.cost, default=None)
    if best is not None:
        take(one, best.predicate)


def tolls(clause: Clause) -> None:
    """ "Число погибших выросло до 12", "постраждалих уже 22", "БпЛА – 14": the noun stands before its number."""
    for count in clause.counts:
        people = count.object == "person" and count.measure is None
        if (count.object is not None and not people) or count.alien:
            continue
        label = _label(clause, count)
        if label is None or (count.measure is not None and label < count.i - 1 and not _grows(clause, label, count)):
            continue
        word = clause.words[label].word
        if people and not known("victims", word):
            continue
        count.object, count.noun, count.way = kind_of("objects", word), label, "toll"
        count.model = kind_of("models", word)
        told = kind_of("victims", word) if count.object == "person" else None
        near = (clause.predicates[k] for k in range(max(0, label - 6), label) if k in clause.predicates)
        if told is None and count.object is not None:
            told = next((m for p in near if (m := p.verb.measure(count.object))), None)
        count.measure = told or count.measure


def _grows(clause: Clause, label: int, count: Count) -> bool:
    return any(kind_of("toll", token.word) == "verb" for token in clause.words[label : count.i])


def _label(clause: Clause, count: Count) -> int | None:
    """The noun that stands before a number, across a verb of growth or a dash."""
    words = [token.word for token in clause.words]
    grows = None
    for k in range(count.i - 1, max(-1, count.i - 14), -1):
        if known("toll", words[k]) and kind_of("toll", words[k]) == "verb":
            grows = k
        if kind_of("toll", words[k]) == "noun" and grows is not None:
            return next((n for n in range(k, min(k + 8, count.i)) if known("objects", words[n])), None)
        if known("objects", words[k]) and not (
            grows is not None and "," not in words[k + 1 : count.i] and _headed(words, k)
        ):
            close = all(_is_link(word) for word in words[k + 1 : count.i])
            if grows is None and any(other.i < k < other.j for other in clause.counts if other is not count):
                return None
            return k if close or (grows is not None and "," not in words[k + 1 : count.i]) else None
        dated = clause.words[k].value is not None and not known("months", words[k + 1])
        if dated or words[k] in WALLS:
            break
    if grows is not None or (count.i and words[count.i - 1] == "до"):
        return _fronted(clause, words, count)
    return None


def _headed(words: list[str], k: int) -> bool:
    """True where "число" stands before the noun, further left."""
    return any(kind_of("toll", word) == "noun" for word in words[max(0, k - 8) : k])


def _fronted(clause: Clause, words: list[str], count: Count) -> int | None:
    """ "До 27 выросло число погибших": the noun behind."""
    stop = min(len(words), count.j + 6)
    if not any(kind_of("toll", word) == "verb" for word in words[count.j : count.j + 3]):
        return None
    return next((k for k in range(count.j, stop) if known("objects", words[k])), None)


def _is_link(word: str) -> bool:
    return word in (":", "\u2013", "-", '"', ")", "уже", "вже", "стало", "всього", "всего", "наразі", "пока") or known(
        "qualifiers", word
    )
