"""Numbers of one sentence and what each of them counts, and single things told without a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from schemas.event import Qualifier, Status
from workers.extract.slavic.predicates import is_participle, verb_of
from workers.extract.slavic.tokens import Token
from workers.extract.slavic.voices import side_of
from workers.extract.slavic.words import kind_of, known, table

_PHRASE: Final = 8
"""Words between a number and the end of its noun."""
_ADJECTIVE: Final = re.compile(r"[\w'-]{2,}(?:[иы]х|[иы]ми|[иіы]й|[ыи]е|[ое]го|ої|ая|ую|ою|[нклтвщш][іуа]|ой|[иы]м)")
_LONG_FORM: Final = re.compile(r"[\w'-]+(?:[иы]х|[иы]ми|[иы]й|[ое]го|ой|ої|[иы]м|ая|ые)")
_INSTRUMENTAL: Final = re.compile(r"[\w'-]+[ая]ми")
_ROUND: Final = {24: 10, 200: 100, 2000: 1000}
"""The least that a plural means, and the number whose genitive is spelled like it."""
_DENIED: Final[dict[str, Qualifier]] = {"over": "up_to", "under": "at_least"}
_PLAIN: Final[dict[str, Qualifier]] = {"under": "up_to"}
_NTH: Final = re.compile(r"(\d{1,3})-(?:й|ый|ий)")
_FLYING: Final = re.compile(r"\w+вш(?:их|ие|ими)(?:ся)?")
"""What the things did stands for the things: "12 летевших на Москву"."""
_SOFT: Final = re.compile(r"[\"'-]")
_ENDS: Final = frozenset(",;:.()\u2013-!?/\u2026")


@dataclass(slots=True, eq=False)
class Count:
    """A number at tokens [i, j) of a sentence, what it counts and what became of it."""

    i: int
    j: int
    value: int
    high: int | None = None
    qualifier: Qualifier = "exact"
    object: str | None = None
    model: str | None = None
    measure: str | None = None
    noun: int | None = None
    """The token of the noun, where the text has one."""
    way: str = "object"
    owner: str | None = None
    """The country whose weapons they are, where the phrase says it."""
    enemy: bool = False
    pointing: bool = False
    """True for "9 of them" and "including 9": counts a part of the figure before."""
    all: bool = False
    whole: bool = False
    """True for the Y of "X of Y", which is what was launched."""
    more: bool = False
    """True for "another 9"."""
    each: bool = False
    """True for "one each over A, B and C"."""
    alien: bool = False
    """True where the number counts what no table knows."""
    older: bool = False
    head: Count | None = None
    """The total that this item of a list is a part of."""
    verb: int | None = None
    """The token of the predicate that told the measure."""
    across: bool = False
    """True where that predicate stands behind a comma, so that it may begin another clause."""
    status: Status = "asserted"


def counts_of(sentence: list[Token]) -> list[Count]:
    """The numbers of a sentence, with their nouns where they have one; dates, ages and sums of money are left out."""
    found: list[Count] = []
    for i, token in enumerate(sentence):
        value = _same_again(sentence, i, found) if token.value is None else _genitive(sentence, i)
        if value is not None and not _is_aside(sentence, count := _count(sentence, i, value)):
            found.append(count)
    for count in found:
        _around(sentence, count)
    return _ranges(sentence, found)


def _same_again(sentence: list[Token], i: int, found: list[Count]) -> int | None:
    """ "чотири Х-22 і стільки ж «Калібрів»": the number told before."""
    again = sentence[i].word in ("стільки", "столько") and i + 1 < len(sentence) and sentence[i + 1].word in ("ж", "же")
    return found[-1].value if again and found else None


def _genitive(sentence: list[Token], i: int) -> int | None:
    """The value of a number; "до тисячі" and "более сотни" are one thousand and one hundred."""
    token = sentence[i]
    limited = i > 0 and known("qualifiers", sentence[i - 1].word) and token.qualifier == "at_least"
    return _ROUND.get(token.value or 0, token.value) if limited else token.value


def _count(sentence: list[Token], i: int, value: int) -> Count:
    first = i + 2 if sentence[i].value is None else i + 1  # "стільки ж" are two words
    count = Count(i, first, value, qualifier=sentence[i].qualifier)
    skipped: list[str] = []
    for k in range(first, min(i + 1 + _PHRASE, len(sentence))):
        word = sentence[k].word
        if sentence[k].value is not None:
            break
        if (noun := kind_of("objects", word)) is not None and _fits(count, word, skipped):
            _take(count, word, noun, k, skipped)
        elif not _goes_on(count, word, skipped):
            break
        skipped.append(word)
    after = sentence[count.j].word if count.j < len(sentence) else ""
    count.alien = count.object is None and not _ends(after)
    return count


def _take(count: Count, word: str, noun: str, k: int, skipped: list[str]) -> None:
    """A noun of the phrase; a name behind the noun tells the model only."""
    if count.object is None or count.object == "person":
        count.object, count.noun = _refined(noun, skipped), k
    count.j = k + 1
    count.model = count.model or kind_of("models", word)


def _refined(noun: str, skipped: list[str]) -> str | None:
    """The thing that noun and adjective name together."""
    names = {name for word in skipped if (name := kind_of("refine", word)) is not None}
    if noun == "shell" and "rocket" in names:
        return "rocket"
    if noun in ("drone", "boat"):
        return "naval_drone" if "naval_drone" in names else (noun if noun == "drone" else None)
    return noun


def _fits(count: Count, word: str, skipped: list[str]) -> bool:
    """True for a noun that can be counted here: not what the things were done with, and not what they belong to."""
    if count.object is not None:
        name = known("models", word) or (count.object == "person" and bool(_LONG_FORM.fullmatch(skipped[-1])))
        return name or skipped[-1] in ('"', "/")
    if not _INSTRUMENTAL.fullmatch(word):
        return True
    return all(_INSTRUMENTAL.fullmatch(s) or s.endswith(("ими", "ыми")) or _SOFT.match(s) for s in skipped)


def _goes_on(count: Count, word: str, skipped: list[str]) -> bool:
    """True for a word that may stand before the noun, or between it and the name of a model."""
    if word in ('"', "(") or (known("owners", word) and count.object is None):
        return True
    if count.object is not None:
        return word in (
            "типу",
            "типа",
            "-",
            "/",
            "класса",
            "класу",
            "комплексу",
            "комплекса",
            "моделі",
            "модели",
        ) or bool(skipped and skipped[-1] in ("типу", "типа") and _SOFT.match(word))
    if known("aside", word) or known("of", word) or known("months", word):
        return False
    if known("adjectives", word) or known("light", word) or (side_of(word) and skipped and is_participle(skipped[-1])):
        return True
    if verb_of(word) is not None:
        return is_participle(word)
    return _ADJECTIVE.fullmatch(word) is not None and not known("quiet", word)


def _ends(word: str) -> bool:
    """True for what may stand behind a number that has left its noun out."""
    return (
        not word
        or word in _ENDS
        or known("free", word)
        or verb_of(word) is not None
        or _FLYING.fullmatch(word) is not None
        or any(known(section, word) for section in ("quiet", "joins", "of", "among", "toll"))
    )


def _is_aside(sentence: list[Token], count: Count) -> bool:
    """True for dates, ordinals, "у 5 областях" and the numbers of things."""
    before = sentence[count.i - 1].word if count.i else ""
    after = sentence[count.j].word if count.j < len(sentence) else ""
    if count.object is not None:
        ranged = count.i > 1 and sentence[count.i - 2].value is not None
        return not ranged and before in ("№", "-") and sentence[count.i - 1].end == sentence[count.i].start
    if known("joins", after) and count.j + 2 < len(sentence) and sentence[count.j + 1].value is not None:
        after = sentence[count.j + 2].word  # "61 і 58 років"
    return known("months", after) or known("aside", after) or before in ("№", "-", "су", "х")


def _around(sentence: list[Token], count: Count) -> None:
    """What stands at the phrase: qualifiers, owners, "of them", "all", "another"."""
    words = [token.word for token in sentence[max(0, count.i - 4) : count.i]]
    _qualify(count, words)
    inside = [token.word for token in sentence[count.i : count.j + 1]]
    count.owner = next(filter(None, (kind_of("owners", word) for word in inside)), None)
    count.owner = count.owner or _army(sentence, count.j)
    count.enemy = any(known("enemy", word) for word in inside)
    last = words[-1] if words else ""
    count.all = known("all", last)
    count.more = last in ("ще", "еще") or "другие" in words or "інші" in words
    count.each = last == "по"
    if count.j + 1 < len(sentence) and known("of", sentence[count.j].word) and _back(sentence[count.j + 1].word):
        count.j, count.pointing = count.j + 2, True
        if count.object is None and known("victims", sentence[count.j - 1].word):
            count.object, count.noun, count.alien = "person", count.j - 1, False
    elif _points(words):
        count.pointing = True


def _army(sentence: list[Token], j: int) -> str | None:
    """The side of "беспилотников Вооруженных сил Украины"."""
    words = [token.word for token in sentence[j : j + 3]]
    forces = len(words) == 3 and words[0].startswith(("вооруженн", "збройн")) and words[1].startswith("сил")
    return side_of(words[2]) if forces else None


def _points(words: list[str]) -> bool:
    """True behind "з них", "среди них" and "у тому числі"."""
    pair = len(words) > 1 and known("them", words[-1]) and (known("of", words[-2]) or known("among", words[-2]))
    return pair or any(known("among", word) for word in words[-2:])


def _back(word: str) -> bool:
    """True for "з них" and "з убитих"."""
    return known("them", word) or known("victims", word)


def _qualify(count: Count, words: list[str]) -> None:
    for n in range(len(words) - 1, max(-1, len(words) - 4), -1):
        kind = kind_of("qualifiers", words[n])
        if kind is None and words[n] not in (
            "ніж",
            "як",
            "чем",
            "ще",
            "еще",
            "на",
            "мере",
            "мірі",
            "уже",
            "вже",
            "с",
            "з",
            "о",
            "про",
        ):
            return
        if kind is not None:
            turned = _DENIED if n and words[n - 1] == "не" else _PLAIN
            if kind != "up_to" or _is_limit(words, n, count):
                count.qualifier = turned.get(kind, kind)  # type: ignore[arg-type]
            return


def _is_limit(words: list[str], n: int, count: Count) -> bool:
    """True for "up to 50 drones", not for "rose to 50" and "from 40 to 50"."""
    return count.object is not None and not any(known("toll", word) for word in words[:n])


def _ranges(sentence: list[Token], found: list[Count]) -> list[Count]:
    """ "10-12 дронів" is one count."""
    out: list[Count] = []
    for count in found:
        last = out[-1] if out else None
        between = sentence[last.j : count.i] if last else []
        tight = len(between) == 1 and between[0].word in ("-", "\u2013") and between[0].end == sentence[count.i].start
        if last and tight and last.object is None and last.value < count.value and count.object:
            count.i, count.value, count.high = last.i, last.value, count.value
            out[-1] = count
        else:
            out.append(count)
    return out


def singles(sentence: list[Token], taken: list[Count]) -> list[Count]:
    """Things told one by one without a number: "загинула жінка", "сбит беспилотник"."""
    used = {k for count in taken for k in range(count.i, count.j)}
    found = []
    for k, token in enumerate(sentence):
        if k in used or not known("singular", token.word) or (k and _governed(sentence[k - 1].word)):
            continue
        name = kind_of("objects", token.word)
        i, value = _nth(sentence, k)
        found.append(Count(i, k + 1, value, object=name, noun=k, way="single", model=kind_of("models", token.word)))
    return found


def _nth(sentence: list[Token], k: int) -> tuple[int, int]:
    """Where a single thing begins, and its number: "шестой за 26 октября беспилотник" is the sixth of six."""
    for back in range(k - 1, max(-1, k - 5), -1):
        word = sentence[back].word
        if (value := ordinal(word)) is not None:
            return back, value
        if sentence[back].value is None and word != "за" and not known("months", word):
            break
    return k, 1


@cache
def _ordinals() -> dict[str, int]:
    return {form: int(n) for n, forms in table("numbers")["ordinals"].items() for form in forms.split("|")}


def ordinal(word: str) -> int | None:
    """ "уже десятый беспилотник" is the tenth of ten; None for what is no such word."""
    digits = _NTH.fullmatch(word)
    return int(digits[1]) if digits else _ordinals().get(word)


def _governed(word: str) -> bool:
    """True for a word after which a noun is no subject and no object of its own."""
    return (
        known("ground", word)
        or known("of", word)
        or word in ("без", "від", "от", "про", "как", "як", "не", "ни", "жоден")
    )
