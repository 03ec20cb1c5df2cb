"""Words that say what became of things: the measure by what is counted; what is denied, planned or managed."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final, NamedTuple

from schemas.event import Status
from workers.extract.lexicon import Lexicon
from workers.extract.slavic.tokens import Token
from workers.extract.slavic.words import kind_of, known, stems, table
from workers.extract.tokens import REMEMBERED

_LONG: Final = re.compile(
    r"[\w'-]{2,}(?:[иеаояє]нн?|т|вш|м|[юуяа][щч])(?:[иы]х|[иы]ми|[иы]й|[ое]го|ой|ої|[иы]м|ая|ую|[ыи]е)"
)
"""A participle in its long form, which stands at a noun: "збитих", "уничтоженных"."""
_PLURAL: Final = re.compile(r"[\w'-]{2,}(?:[еєао]ні|ті)")
"""The Ukrainian plural, which stands at a noun or for a verb: "збиті"."""
_INFINITIVE: Final = re.compile(r"[\w'-]+(?:ти|ть)")
_SHOTS: Final = ("shoot down", "destroy")
_JOINED: Final = {
    **{("jam", reach): _SHOTS for reach in (-2, 2)},
    **{("launch", reach): ("repel",) for reach in (-2, -1)},
    **{("get", reach): ("injure",) for reach in (-2, -1, 1, 2)},
}
"""Verbs that say the same as another one so many words away."""
_PREDICATIVE: Final = ("поранені", "травмовані", "загиблі")
"""Nouns of people that are as often said of them."""
_MODAL_REACH: Final = 4


class Verb(NamedTuple):
    """One row of the table: a measure by object or class of objects; none for what takes a number to itself."""

    name: str
    measures: dict[str, str]

    def measure(self, thing: str) -> str | None:
        """What it says of a thing."""
        kind = Lexicon.default().kinds.get(thing, "")
        return self.measures.get(thing) or (None if thing == "naval_drone" else self.measures.get(kind))


class Predicate(NamedTuple):
    """A verb, participle or noun of doing at a token of a sentence."""

    k: int
    verb: Verb
    long: bool
    """True for a participle that belongs to a noun."""
    denied: bool
    status: Status


@cache
def _verbs() -> tuple[tuple[re.Pattern[str], Verb], ...]:
    rows = table("verbs")["verb"]
    kept = ("name", "stems")
    return tuple((stems(r["stems"]), Verb(r["name"], {k: v for k, v in r.items() if k not in kept})) for r in rows)


@lru_cache(maxsize=REMEMBERED)
def verb_of(word: str) -> Verb | None:
    """The verb that a word is a form of."""
    return next((verb for pattern, verb in _verbs() if pattern.match(word)), None)


def is_participle(word: str) -> bool:
    """True for a form that can stand between a number and its noun."""
    return verb_of(word) is not None and bool(_LONG.fullmatch(word) or _PLURAL.fullmatch(word))


def predicates_of(sentence: list[Token]) -> dict[int, Predicate]:
    """All predicates of a sentence, by their token."""
    found: dict[int, Predicate] = {}
    supposed = next((k for k, token in enumerate(sentence) if token.word in ("якщо", "если", "якби")), len(sentence))
    for k, token in enumerate(sentence):
        noun = known("objects", token.word) and not token.word.endswith(_PREDICATIVE)
        verb = verb_of(token.word) if token.value is None and not noun else None
        if verb is not None:
            before = [t.word for t in sentence[max(0, k - _MODAL_REACH) : k]]
            long = _LONG.fullmatch(token.word) is not None
            status: Status = "hypothetical" if k > supposed else _status(token.word, before)
            found[k] = Predicate(k, verb, long, _denied(verb, before), status)
    _join(found)
    return found


def _join(found: dict[int, Predicate]) -> None:
    """Two words that are one predicate: "збито/подавлено", "отражена атака", "дістали поранення"."""
    for k, predicate in list(found.items()):
        for reach in (-2, -1, 1, 2):
            other = found.get(k + reach)
            if other is not None and other.verb.name in _JOINED.get((predicate.verb.name, reach), ()):
                found[k] = predicate._replace(verb=other.verb, status=other.status)


def _denied(verb: Verb, before: list[str]) -> bool:
    """True for "не збили" and "не удалось сбить"; "не досягли цілей" is what became of the lost ones."""
    if token_fails(verb.name, before):
        return False
    close = before[-2:]
    return "не" in close or (any(known("managed", w) for w in before[-2:]) and "не" in before)


def token_fails(name: str, before: list[str]) -> bool:
    """True for "did not reach", which is the affirmative of getting lost."""
    return name == "lose" and bool(before) and before[-1] == "не"


def _status(word: str, before: list[str]) -> Status:
    """Planned and hypothetical by the words in front; an infinitive that nobody managed is no more than that."""
    if any(known("managed", w) for w in before):
        return "asserted"
    told = next(filter(None, (kind_of("modal", w) for w in reversed(before))), None)
    if told is None and _INFINITIVE.fullmatch(word) and not word.endswith(("сть", "ость")):
        return "planned"
    return told or "asserted"  # type: ignore[return-value]
