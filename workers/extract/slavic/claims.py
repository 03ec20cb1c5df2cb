"""Claims of one sentence: a number, its noun, and the predicate right before or behind it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from schemas.event import Qualifier
from workers.extract.slavic.words import Token, kind_of

_BEFORE: Final = 6
"""Words that may stand between a predicate and the number behind it: "атакувала Україну 86 ударними БпЛА"."""
_BEHIND: Final = 4
"""Words between the noun and the predicate behind it."""
_NOUN: Final = 6
"""Words between a number and its noun."""
_OVER: Final = frozenset({"над", "в", "во", "у", "на"})
_BREAKS: Final = frozenset({";", ":", "\u2013", ".", "(", ")"})


@dataclass(slots=True)
class Count:
    """A number at tokens [i, j) of a sentence, what it counts and what became of it."""

    i: int
    j: int
    value: int
    object: str | None
    measure: str | None = None
    qualifier: Qualifier = "exact"
    whole: bool = False
    """True for the Y of "X з Y"."""
    way: str = "object"
    head: Count | None = None
    """The total that this item of a list is a part of."""


def counts_of(sentence: list[Token], last: str | None) -> list[Count]:
    """The numbers of a sentence with their noun; one without a noun counts `last` where a predicate touches it."""
    found = [_count(sentence, i) for i, token in enumerate(sentence) if token.value is not None]
    found = [c for c in found if not _is_aside(sentence, c)]
    for count in found:
        count.measure = _measure(sentence, count)
    _join(sentence, found)
    _list(sentence, found)
    for count in found:
        last = count.object or last
        if count.object is None and count.measure is not None:
            count.object, count.way = last, "elided"
    return [c for c in found if c.object is not None]


def _count(sentence: list[Token], i: int) -> Count:
    count = Count(i, i + 1, sentence[i].value or 0, None)
    for k in range(i + 1, min(i + 1 + _NOUN, len(sentence))):
        word = sentence[k].word
        if (noun := kind_of("objects", word)) is not None:
            count.object, count.j = noun, k + 1
        elif count.object is not None or not _describes(word):
            break
    for back in (i - 1, i - 2):
        if back >= 0 and (kind := kind_of("qualifiers", sentence[back].word)) is not None:
            count.qualifier = kind  # type: ignore[assignment]
            break
    return count


def _describes(word: str) -> bool:
    """True for adjectives, participles of the same table ("вісім знищених шахедів"), and quotation marks."""
    return kind_of("adjectives", word) is not None or _participle(word) or word in ('"', "або", "или", "та", "и", "і")


def _participle(word: str) -> bool:
    return kind_of("measures", word) is not None and word.endswith(("их", "ых", "ими", "ыми", "ий", "ый", "ті", "тые"))


def _is_aside(sentence: list[Token], count: Count) -> bool:
    """True for dates, "у 5 областях", "по одному", ordinals and the numbers of models."""
    before = sentence[count.i - 1].word if count.i else ""
    after = sentence[count.j].word if count.j < len(sentence) else ""
    if kind_of("months", after) is not None or before in ("по", "-", "№", "су", "х", "с"):
        return True
    return count.object is None and after in ("%", "років", "лет", "год", "тисяч", "тысяч", "тис", "тыс", "млн")


def _measure(sentence: list[Token], count: Count) -> str | None:
    """The predicate that touches the number: inside its phrase, before it, or behind its noun."""
    inside = (kind_of("measures", t.word) for t in sentence[count.i + 1 : count.j])
    if (told := next(filter(None, inside), None)) is not None:
        return told
    reach = _BEFORE if count.object else 2
    for k in range(count.i - 1, max(-1, count.i - 1 - reach), -1):
        word = sentence[k].word
        if (told := kind_of("measures", word)) is not None:
            denied = any(t.word == "не" for t in sentence[max(0, k - 2) : k])
            return None if _participle(word) or denied else told
        if word in _BREAKS or sentence[k].value is not None:
            break
    return _behind(sentence, count)


def _behind(sentence: list[Token], count: Count) -> str | None:
    """ "29 БПЛА уничтожены", "151 з них знищено", "11 знищено"."""
    reach = _BEHIND if count.object else 1
    start = count.j + 2 * _of_them(sentence, count.j)
    for k in range(start, min(start + reach, len(sentence))):
        word = sentence[k].word
        if (told := kind_of("measures", word)) is not None:
            return told if sentence[k - 1].word != "не" else None
        if word in _BREAKS or word in (",", "на", "над", "в", "у") or sentence[k].value is not None:
            return None
    return None


def _of_them(sentence: list[Token], k: int) -> bool:
    return (
        k + 1 < len(sentence) and bool(kind_of("of_them", sentence[k].word)) and sentence[k + 1].word in ("них", "яких")
    )


def _join(sentence: list[Token], found: list[Count]) -> None:
    """ "40 ракет і 574 дрони" share their predicate; "14 з 20 дронів" is a part of what was launched."""
    for one, other in pairwise(found):
        gap = [t.word for t in sentence[one.j : other.i]]
        if len(gap) == 1 and kind_of("of_them", gap[0]) and one.object is None and other.object is not None:
            one.object, one.j = other.object, other.i
            one.measure = one.measure or other.measure or _behind(sentence, other)
            other.measure, other.whole = "launched", True
        elif one.measure and other.measure is None and other.object and gap and all(map(_links, gap)):
            other.measure = one.measure


def _list(sentence: list[Token], found: list[Count]) -> None:
    """ "29 БПЛА: 15 – над Брянской областью, пять – над Курской": items of the figure in front of them."""
    head: Count | None = None
    for count in found:
        if count.measure is not None and count.object is not None:
            head = count
        elif head is not None and count.object is None and count.measure is None and _placed(sentence, count.j):
            count.object, count.measure, count.way, count.head = head.object, head.measure, "listed", head


def _placed(sentence: list[Token], k: int) -> bool:
    k += 2 * _of_them(sentence, k)
    k += k < len(sentence) and sentence[k].word in ("–", "-")
    return k < len(sentence) and sentence[k].word in _OVER


def _links(word: str) -> bool:
    return word == "," or kind_of("joins", word) is not None or kind_of("qualifiers", word) is not None
