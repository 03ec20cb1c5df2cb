"""Events without a number: a foiled attack, a fire at a refinery, a village taken, an airport closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from workers.extract.doers import after_by, code_of, doer
from workers.extract.frames import Frames, Pair
from workers.extract.items import Reading
from workers.extract.lexicon import Lexicon, NounSense, TypedSense
from workers.extract.lexicon.schema import TypedSpec
from workers.extract.marks import Geo
from workers.extract.speakers import Speaker
from workers.extract.spots import before, ground

_REACH: Final = 9
"""Tokens between verb and noun."""
_PAIR: Final = 2
"""Words of a rule that make an event: a verb and a noun."""
_MANY: Final = 8
"""Words of one rule in one sentence that are looked at."""
_BREAKS: Final = frozenset({",", ";", ":", "and", "but", "while", "who", "which", "as", "after", "when"})
_UNREAL: Final = frozenset(
    {"could", "may", "might", "would", "if", "can", "should", "must", "plans", "whether", "ongoing", "continues"}
    | {"no", "not", "never", "without", "nor"}
)
"""Words that make an event only possible, or deny it."""
_HERE: Final = frozenset(
    {"in", "at", "near", "on", "over", "of", "around", "against", "to", "for", "surrounding", "from"}
)


@dataclass(slots=True, eq=False)
class Untold:
    """An event without a number, at tokens [i, j) of its sentence."""

    reading: Reading
    rule: TypedSpec
    i: int
    j: int
    object: str | None
    place: Geo | None
    attacker: str | None = None
    target: str | None = None
    speaker: Speaker | None = None
    before: str | None = None
    """Who acted in the sentence before, for "it has retaken"."""
    sure: bool = False
    """True where the sentence itself says who attacks."""


class UntoldReader:
    """Finds events without a number."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.rules = lexicon.spec.typed
        typed = [
            (first, entry.sense)
            for first, entries in lexicon.entries.items()
            for entry in entries
            if isinstance(entry.sense, TypedSense)
        ]
        self._verbs = frozenset(first for first, sense in typed if sense.verb)
        self._nouns = frozenset(first for first, sense in typed if not sense.verb)
        self._flying = {
            first: entry.sense.object
            for first, entries in lexicon.entries.items()
            for entry in reversed(entries)
            if not entry.rest and isinstance(entry.sense, NounSense) and entry.sense.kind == "air"
        }
        """What flies, by the one word that names it."""

    def read(self, reading: Reading) -> list[Untold]:
        """One event per rule and sentence at most, and one attack."""
        found: list[Untold] = []
        if self._verbs.isdisjoint(reading.tok.words) or self._nouns.isdisjoint(reading.tok.words):
            return found
        for number, words in reading.marks.typed.items():
            if len(words) < _PAIR:
                continue
            rule = self.rules[number]
            if rule.type == "attack" and any(e.rule.type == "attack" for e in found):
                continue
            made = (self._event(reading, rule, i, j) for i, j in self._spans(reading, words))
            event = next((e for e in made if e is not None), None)
            if event is not None:
                found.append(event)
        return found

    def _spans(self, reading: Reading, words: list[tuple[int, int, bool]]) -> list[tuple[int, int]]:
        """Verb and noun of a rule within one clause, the closest pairs first."""
        verbs = [w for w in words if w[2]][:_MANY]
        nouns = [w for w in words if not w[2]][:_MANY]
        if not verbs or not nouns:
            return []
        found = []
        for v in verbs:
            for n in nouns:
                first, second = (v, n) if v[0] < n[0] else (n, v)
                gap = second[0] - first[1]
                if 0 <= gap <= _REACH and _BREAKS.isdisjoint(reading.tok.words[first[1] : second[0]]):
                    found.append((gap, first[0], second[1]))
        return [(i, j) for _, i, j in sorted(found)]

    def _event(self, reading: Reading, rule: TypedSpec, i: int, j: int) -> Untold | None:
        words = reading.tok.words
        if not _UNREAL.isdisjoint(words[max(0, i - 4) : j]):
            return None
        if any(i - 2 <= q.i < j + 1 for q in reading.quantities if q.number.kind != "article"):
            return None
        obj = self._weapon(reading, i, j)
        if rule.weapon and obj is None:
            return None
        place = self._place(reading, i, j, rule)
        if rule.placed and place is None:
            return None
        return Untold(reading, rule, i, j, rule.object or obj, place)

    def _weapon(self, reading: Reading, i: int, j: int) -> str | None:
        """What attacks, by a noun of the clause or by the first half of "drone attack"."""
        flying = map(self._flying.get, reading.tok.words[max(0, i - 1) : j])
        return next(filter(None, flying), None)

    def _place(self, reading: Reading, i: int, j: int, rule: TypedSpec) -> Geo | None:
        """The place right behind, else the nearest place of the clause that says where."""
        unknown = reading.tok.word(j) == "of" and reading.tok.capital(j + 1) and j + 1 not in reading.marks.geo
        local = [
            g
            for g in reading.marks.geo.values()
            if g.place is not None
            and g.form == "noun"
            and not (g.kind == "country" and rule.placed and not unknown)
            and self._same_clause(reading, i, j, g)
        ]
        inside = [g for g in local if i <= g.i < j]
        if inside and not rule.placed:
            return inside[0]
        behind = [
            g
            for g in local
            if j <= g.i <= j + 6 and (reading.tok.word(g.i - 1) in _HERE or before(reading, g) in _HERE or g.i == j)
        ]
        if behind or rule.placed:
            return behind[0] if behind else None
        near = [
            g
            for g in local
            if i - 9 <= g.i < j + 10
            and not reading.marks.cue(g.j, "claims")
            and (before(reading, g) in _HERE or g.kind in ("facility", "city", "district"))
        ]
        return min(near, key=lambda g: abs(g.i - i)) if near else None

    def _same_clause(self, reading: Reading, i: int, j: int, geo: Geo) -> bool:
        between = reading.tok.words[j : geo.i] if geo.i >= j else reading.tok.words[geo.j : i]
        return not {";", ":"} & set(between)

    def settle(self, event: Untold, frames: Frames) -> None:
        """Find attacker and target, where the rule asks for them."""
        pair = Pair(None, None)
        here = self._ground(event)
        if event.rule.type == "territory":
            pair = Pair(self._taker(event), None)
        elif event.rule.direction and (attacker := self._striker(event)) is not None:
            event.sure = True
            pair = Pair(attacker, frames.enemy(attacker) if here in (None, attacker) else here)
        elif event.rule.direction and not event.rule.weapon and event.speaker is not None and event.speaker.side:
            pair = frames.completed(Pair(None, event.speaker.side)) or pair
        elif event.rule.direction or event.rule.type == "damage":
            pair = (
                frames.near(event.reading, Pair(None, self._ground(event)))
                or frames.main(Pair(None, self._ground(event)))
                or pair
            )
        event.attacker, event.target = pair.attacker, pair.target or self._ground(event)
        if event.attacker is not None and event.attacker == event.target:
            event.target = frames.enemy(event.attacker)

    def _striker(self, event: Untold) -> str | None:
        """The owner of the attack: "a Ukrainian drone attack", or the subject of "failed to launch", "launched"."""
        words = event.reading.tok.words[event.i : event.j]
        for item in event.reading.items:
            inside = event.i - 2 <= item.i < event.j
            if inside and item.geo is not None and item.geo.form == "adjective":
                return code_of(item.geo)
            if (
                inside
                and item.v is not None
                and item.v.voice == "active"
                and (event.rule.weapon or words[0].startswith("fail"))
            ):
                return doer(event.reading, item).code
        if words[0].startswith("fail"):
            first = [g for g in event.reading.marks.geo.values() if event.i - 6 <= g.i < event.i and g.acts]
            return code_of(first[-1]) if first else None
        return None

    def _ground(self, event: Untold) -> str | None:
        return ground(event.place, None) if event.place is not None else None

    def _taker(self, event: Untold) -> str | None:
        """The subject of "retook", or of the sentence before where it is a pronoun."""
        for n, item in enumerate(event.reading.items):
            if item.v is not None and event.i <= item.i < event.j:
                code = doer(event.reading, item).code or after_by(event.reading, n).code
                if code:
                    return code
        first = [g for g in event.reading.marks.geo.values() if g.i < event.i and g.acts]
        if first:
            return code_of(first[-1])
        return event.before or (event.speaker.side if event.speaker else None)
