"""Attacks without a number: who attacks whom in the words around a claim, sentence by sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from workers.extract.doers import code_of, doer, of_origin
from workers.extract.items import Item, Reading
from workers.extract.lexicon import Lexicon
from workers.extract.marks import Geo
from workers.extract.spots import before
from workers.lazy import lazy

_AT: Final = frozenset({"in", "at", "near", "from", "off", "outside"})
_ON: Final = frozenset({"on", "against", "at", "toward", "towards", "into", "across", "over"})
_WITH: Final = frozenset({"with", "using"})
_TELLING: Final = frozenset({"nominal", "noun", "v"})
"""Kinds of items that may tell a direction."""
_ENDS: Final = frozenset({"v", "semi", "colon", "sub", "rel", "claims", "stop"})
_AHEAD: Final = frozenset({"v", "claims", "semi", "sub", "stop", "comma"})
"""Kinds of items that end the phrase behind a verb or noun of attack."""
_ARMED: Final = 9
"""Items behind a verb in which it may say with what it struck."""
_NEAR: Final = 10
"""Items around a verb in which what it launched must stand."""
_BEHIND: Final = 7
"""Items behind a verb or noun of attack in which its target or its source must stand."""
_BEFORE_GROUND: Final = 4
"""Items from the verb to such a word: "struck the Yemeni capital"."""
_INTERCEPTORS: Final = frozenset({"interceptor", "interceptors"})
_AT_HOME: Final = 3
"""Times that a country must be named before one town is too little against it."""
HOME: Final = "="
"""In the place of an attacker: the army or the regime of the country that is hit."""


class Pair(NamedTuple):
    """A direction, either side of which may be unknown."""

    attacker: str | None
    target: str | None


def _at_ground(ahead: Sequence[Item], grounds: frozenset[str]) -> bool:
    """True for "struck the capital" and "hit a refugee camp"."""
    return ahead[:1] != [] and ahead[0].kind == "det" and any(i.word in grounds for i in ahead[1:_BEFORE_GROUND])


def _of_a_weapon(reading: Reading, n: int) -> bool:
    """True for the verb of "when a Turkish drone hit a car"; "brought down as two missiles struck" has none before."""
    q = reading.items[n - 1].q if n else None
    v = reading.items[n].v
    flies = q is not None and q.noun is not None and q.noun.kind == "air"
    return flies and v is not None and v.voice == "active" and (n < 2 or reading.items[n - 2].kind != "v")


class FrameReader:
    """Collects the directions that the sentences of an article tell."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def read(self, reading: Reading) -> list[Pair]:
        """The directions of one sentence, in order, whole ones only where both sides are said."""
        pairs: list[Pair] = []
        if not reading.marks.geo:
            return pairs
        for n, item in enumerate(reading.items):
            if item.kind not in _TELLING:
                continue
            pair = self._of(reading, n, item)
            if pair is None or not (pair.attacker or pair.target):
                continue
            if pair.attacker != pair.target or self.lexicon.strikes_itself(pair.target):
                pairs.append(pair)
        return pairs

    def _of(self, reading: Reading, n: int, item: Item) -> Pair | None:
        if item.nominal is not None and "air" in (item.nominal.of | item.nominal.with_):
            measure = (item.nominal.of | item.nominal.with_)["air"]
            return self._doing(reading, n, item, measure)
        if item.kind == "noun" and self._kind(reading, item) in ("air", "event"):
            return self._owned(reading, n)
        if item.v is not None:
            measures = {
                m for s in item.v.senses for t in (s.patient, s.instrument, s.agent) for m in (t.get("air"),) if m
            }
            if "launched" in measures and not any(s.instrument.get("air") or s.agent.get("air") for s in item.v.senses):
                measures = measures if self._flies(reading, n) else set()  # "released a video" is no attack
            if any(s.launch for s in item.v.senses):
                aimed = self._armed_or_aimed(reading, n) or _of_a_weapon(reading, n)
                measures = {"launched"} if aimed else measures if self._flies(reading, n, 0) else set()
            if measures & {"launched", "intercepted"}:
                return self._doing(reading, n, item, "launched" if "launched" in measures else "intercepted")
        return None

    def _armed_or_aimed(self, reading: Reading, n: int) -> bool:
        """True for "struck Ukraine" and "hit the port with nine missiles"; "struck nine missiles" brought them down."""
        ahead = reading.items[n + 1 : n + _ARMED]
        if ahead and ahead[0].geo is not None and ahead[0].geo.form == "noun":
            return True
        if _at_ground(ahead, self.lexicon.hints.grounds):
            return True
        for item, behind in pairwise(ahead):
            armed = item.word in _WITH or item.kind in ("dash", "colon")  # "struck again - 45 drones"
            if armed and behind.q is not None and behind.q.noun is not None:
                return behind.q.noun.kind == "air"
            if item.kind in _ENDS or item.q is not None:
                break
        return False

    def _flies(self, reading: Reading, n: int, back: int = _NEAR) -> bool:
        """True where something that flies stands near the verb, or behind it."""
        near = reading.items[max(0, n - back) : n + _NEAR]
        return any(
            (i.q is not None and (i.q.noun is None or i.q.noun.kind == "air"))
            or (i.kind == "noun" and self._kind(reading, i) in ("air", "event"))
            or i.nominal is not None
            for i in near
        )

    def _kind(self, reading: Reading, item: Item) -> str:
        return reading.marks.nouns[item.i][1].kind

    def _doing(self, reading: Reading, n: int, item: Item, measure: str) -> Pair | None:
        who = doer(reading, item)
        if measure != "launched":
            return Pair(None, who.code)
        if any(s.doer == "target" for s in (item.v.senses if item.v else ())):
            return Pair(None, who.code)
        attacker = None if who.defence else who.code or self._source(reading, n) or (HOME if who.home else None)
        return Pair(attacker, self._target(reading, n))

    def _source(self, reading: Reading, n: int) -> str | None:
        """The side from whose ground it came: "drones came in from Kursk"."""
        for item in reading.items[n + 1 : n + _BEHIND]:
            if item.geo is not None and item.geo.place is not None and before(reading, item.geo) == "from":
                held = self._ground(item.geo) or ""
                code = self.lexicon.spec.stands_for.get(held, held)
                return code if code in self.lexicon.conflicts else None
            if item.kind in _AHEAD:
                break
        return None

    def _owned(self, reading: Reading, n: int) -> Pair | None:
        """ "Ukrainian drones", "Russia's missiles", "the Russian drone attack on Odesa"."""
        items = reading.items
        if not _INTERCEPTORS.isdisjoint(reading.tok.words[items[n].i - 1 : items[n].j]):
            return None  # "Ukraine's interceptor drones" attack nobody
        for k in (n - 1, n - 2, n - 3):
            if k < 0 or items[k].kind not in ("geo", "poss", "w", "adv", "noun"):
                break
            geo = items[k].geo
            if geo is not None:
                usable = (
                    geo.form == "adjective" or items[k + 1].kind == "poss" or geo.place is None
                ) and not of_origin(reading, geo)
                return Pair(code_of(geo), self._target(reading, n)) if usable else None
        return self._of_army(reading, n)

    def _of_army(self, reading: Reading, n: int) -> Pair | None:
        """ "drones of the paramilitary Rapid Support Forces"."""
        behind = reading.items[n + 1 : n + 5]
        if not behind or behind[0].word != "of":
            return None
        owner = next((item.geo for item in behind if item.geo is not None), None)
        owns = owner is not None and owner.acts and not of_origin(reading, owner)
        return Pair(code_of(owner), self._target(reading, n)) if owner is not None and owns else None

    def _target(self, reading: Reading, n: int) -> str | None:
        """The place or country right behind: "on Kyiv", "against Ukraine", or the object of the verb."""
        for k, item in enumerate(reading.items[n + 1 : n + _BEHIND]):
            geo = item.geo
            if geo is not None and geo.place is not None and geo.form == "noun":
                named = before(reading, geo)
                right = k == 0 and reading.items[n].nominal is None and named != "from"
                return self._ground(geo) if right or named in _ON else None
            if item.kind in _AHEAD:
                break
        return None

    def _ground(self, geo: Geo) -> str | None:
        return geo.occupied_by or (geo.place.country if geo.place else None)


def _speaks(geo: Geo) -> bool:
    """True for states and armed groups; a people or a town says little about who fights."""
    return geo.place is None or (geo.form != "people" and (geo.kind == "country" or geo.capital))


class Frames:
    """The directions of an article: per sentence, and how often each is told; read where a claim asks for them."""

    def __init__(self, reader: FrameReader, readings: list[Reading], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._reader = reader
        self._readings = readings
        self._enemies: dict[str, str | None] = {}
        self._pairs: dict[int, list[Pair]] = {}

    @lazy
    def voices(self) -> Counter[str]:
        """How often each side is named in the article."""
        named = (geo for reading in self._readings for geo in reading.marks.geo.values() if _speaks(geo))
        return Counter(code for geo in named if (code := code_of(geo)))

    @lazy
    def lands(self) -> Counter[str]:
        """How often the article names each country, or a place in it."""
        named = (geo.place for reading in self._readings for geo in reading.marks.geo.values() if geo.place is not None)
        return Counter(place.country for place in named if place.country)

    @lazy
    def home(self) -> str | None:
        """The country that most places of the article are in, where it is one at war with itself or with nobody."""
        told = self.lands.most_common(1)
        if not told or told[0][1] < _AT_HOME or not self._lexicon.strikes_itself(told[0][0]):
            return None
        return told[0][0] if 2 * told[0][1] > self.lands.total() else None

    def is_stray(self, geo: Geo) -> bool:
        """True for a town that is all an article says of its country, while it keeps to another: a namesake, likely."""
        country = geo.place.country if geo.place is not None else None
        if country is None or geo.kind != "city" or geo.capital or self.lands[country] > 1:
            return False
        return self.lands.most_common(1)[0][1] >= _AT_HOME

    @lazy
    def votes(self) -> Counter[Pair]:
        """How often each direction is told in the article."""
        told = (pair for reading in self._readings for pair in self._of(reading.index))
        return Counter(whole for pair in told if (whole := self.completed(pair)))

    def _of(self, index: int) -> list[Pair]:
        """The directions of one sentence, read once."""
        if index not in self._pairs:
            self._pairs[index] = self._reader.read(self._readings[index])
        return self._pairs[index]

    def completed(self, pair: Pair) -> Pair | None:
        """Both sides, the missing one by the conflict that the article is about; None where it stays open."""
        itself = self._lexicon.strikes_itself(pair.target)
        if pair.target and itself and pair.attacker in (HOME, pair.target):
            return Pair(pair.target, pair.target)
        pair = Pair(None, pair.target) if pair.attacker == HOME else pair
        attacker = pair.attacker or (self.enemy(pair.target) if pair.target else None)
        target = pair.target or (self._foe(pair.attacker) if pair.attacker else None)
        return Pair(attacker, target) if attacker and target and attacker != target else None

    def _foe(self, side: str) -> str | None:
        """Whom a side attacks: its enemy, unless that one fights another side of the article and not this one.

        Lithuania, whose border Russian drones cross, is at war with nobody.
        """
        foe = self.enemy(side)
        foes = self._lexicon.conflicts.get(foe or "", ())
        return None if side not in foes and any(self.voices[code] for code in foes) else foe

    def enemy(self, side: str) -> str | None:
        """The other side of a conflict: the enemy that the article names most, or the only one that it has.

        Its own enemies come first, then those who count it as theirs: Pakistan's are India, and the Taliban.
        """
        if side not in self._enemies:
            self._enemies[side] = self._find_enemy(side)
        return self._enemies[side]

    def _find_enemy(self, side: str) -> str | None:
        enemies = self._lexicon.conflicts.get(side, ())
        for row in (enemies, tuple(code for code, foes in self._lexicon.conflicts.items() if side in foes)):
            if named := [code for code in row if self.voices[code]]:
                return max(named, key=lambda code: self.voices[code])
        return enemies[0] if len(enemies) == 1 else None

    def near(self, reading: Reading, pair: Pair, back: int = 2) -> Pair | None:
        """A direction told in this sentence, or in those `back` before it, that agrees with what is known."""
        for index in range(reading.index, max(-1, reading.index - back - 1), -1):
            for told in self._of(index):
                whole = self.completed(told)
                if whole and agree(whole, pair):
                    return whole
        return None

    def attacker(self, reading: Reading) -> str | None:
        """Who attacks in this sentence where it does not say whom: "killed in Israeli strikes"."""
        return next((pair.attacker for pair in self._of(reading.index) if pair.attacker and not pair.target), None)

    def striker(self, target: str) -> str | None:
        """The enemy that the article tells most often to attack a country, whatever the sentence aims it at."""
        told = Counter(
            target if pair.attacker == HOME else pair.attacker
            for reading in self._readings
            for pair in self._of(reading.index)
            if pair.target in (None, target)
        )
        enemies = self._lexicon.conflicts.get(target, ())
        own = (target,) if self._lexicon.strikes_itself(target) else ()
        fitting = [code for code in (*enemies, *own) if told[code]]
        return max(fitting, key=lambda code: told[code]) if fitting else None

    @lazy
    def scene(self) -> str | None:
        """The country of the first place that the article says something happened in."""
        for reading in self._readings:
            for _, geo in sorted(reading.marks.geo.items()):
                if geo.place is not None and geo.form == "noun" and before(reading, geo) in _AT:
                    return geo.place.country
        return None

    def main(self, pair: Pair) -> Pair | None:
        """The direction that the article tells most, among those that agree with what is known."""
        fitting = [(count, told) for told, count in self.votes.items() if agree(told, pair)]
        return max(fitting, key=lambda row: row[0])[1] if fitting else None


def agree(a: Pair, b: Pair) -> bool:
    """True when no side is told otherwise."""
    return all(x is None or y is None or x == y for x, y in zip(a, b, strict=True))
