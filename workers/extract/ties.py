"""Ties between a quantity and a predicate or nominal, and the measure that each gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from workers.extract.doers import doer
from workers.extract.items import Item, Reading
from workers.extract.lexicon import Lexicon, VerbSense
from workers.extract.marks import Marks
from workers.extract.people import handed_over
from workers.extract.predicates import Predicate
from workers.extract.quantity import Quantity
from workers.extract.tokens import SIGN

_FATES: Final = frozenset({"killed", "injured"})
_FIRMS: Final = frozenset({"entities", "companies", "firms", "organisations", "organizations", "businesses", "groups"})
_WARDS: Final = frozenset({"hospital", "hospitals", "hospitalised", "hospitalized", "admitted", "treatment"})

_AIMED: Final = frozenset({"at", "against", "towards", "toward", "into", "over", "across"})
_COUNTRY: Final = 2
"""Letters of the code of a country."""
_OPENING: Final = frozenset({":", "(", "\u2013"})
"""Signs that open a list of kinds: "96 targets overnight: 90 drones and six missiles"."""
_KINDS_REACH: Final = 4
_SUBJECT: Final = 6
"""Items in front of a verb in which its subject is looked for."""
_RAID_REACH: Final = 7
"""Tokens in which the attack must be named: "in the largest air attack"."""


_STRIKE: Final = "strike"
_MAKERS: Final = frozenset({"by", "of", "from"})
_SITES: Final = frozenset({"locations", "sites", "places", "points", "spots", "addresses", "settlements", "facilities"})
_SITES_REACH: Final = 14
"""Tokens behind a figure in which the places that were hit are counted."""


@dataclass(slots=True)
class Attachment:
    """One way in which a quantity hangs on a predicate or nominal: the measure, and how close the tie is."""

    item: Item
    measure: str
    way: str
    """object, subject, passive, reduced, relative ("that they sent"), described ("that crossed"), instrument
    or nominal."""
    rank: int = 0
    lent_by: Quantity | None = None
    """The quantity to the right that this tie was taken over from: "five missiles and 14 drones struck"."""

    @property
    def modifies(self) -> bool:
        """True where the predicate only describes the noun."""
        return self.way in ("relative", "reduced", "described")


class TieMaker:
    """Asks the lexicon what a tie means."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def may_hang(self, marks: Marks, q: Quantity) -> bool:
        """False where no verb and no noun of the sentence has a measure for what is counted, so that nothing ties it.

        What flies is told in more ways than these: "there were 12 drones in our sky".
        """
        obj = q.object or (q.count.object if q.count else None)
        flies = self.lexicon.kinds.get(obj or "") == "air" or (q.noun is not None and q.noun.kind == "air")
        if flies or obj == "target":
            return True
        whatever = obj is None or q.elided
        measure_for = self.lexicon.measure_for
        return any(whatever or measure_for(table, obj) not in (None, "none") for table in _tables(marks) if table)

    def make(self, reading: Reading, q: Quantity, item: Item, way: str) -> Attachment | None:
        """The tie between a quantity and an item in the given way, or None where it gives no measure."""
        obj = q.object or (q.count.object if q.count else None)
        if item.nominal is not None:
            table = item.nominal.of if way == "of" else item.nominal.with_
            measure = self.lexicon.measure_for(table, obj) if table else None
            if handed_over(item.nominal, reading.tok.words):
                return None
            if measure == "launched" and item.nominal.word == _STRIKE and _on_sites(reading, q):
                measure = "hit"
            return self.made(measure, item, "nominal")
        if item.v is None or _beside_firms(reading, q) or _is_ill(reading, q, item.v):
            return None
        if _serves(reading, q, item.v):
            return None
        best: Attachment | None = None
        told: set[str] = set()
        for sense in item.v.senses:
            if (given := self._given(reading, q, item, sense, obj)) is not None:
                return self.made(given, item, way)
            made = self.made(self._measure(reading, q, item.v, sense, obj, way), item, way)
            if made is not None:
                told.add(made.measure)
                best = made if best is None or made.rank > best.rank else best
        if best is not None and told >= _FATES:
            best.measure = "casualties"  # "killed or wounded": nobody says how many of which
        return best

    def _given(self, reading: Reading, q: Quantity, item: Item, sense: VerbSense, obj: str | None) -> str | None:
        """The measure that the words around the verb decide: what is sent to an army, what flies in a raid."""
        if sense.to and (self._handed_over(reading, item.j, q) or self._given_away(reading, item, q)):
            return sense.to
        flies = self.lexicon.kinds.get(obj or "") == "air"
        if sense.defended and flies and _is_defended(reading, item):
            return sense.defended
        return sense.raid if sense.raid and flies and _in_raid(reading, item.j, q) else None

    def _given_away(self, reading: Reading, item: Item, q: Quantity) -> bool:
        """True for "Latvia has sent 2,700 drones": a country that is no main side of a war, and aims at nobody."""
        perfect = item.v is not None and item.v.voice == "active" and item.v.perfect
        behind = reading.tok.word(q.j)
        if behind in _AIMED or not (perfect or behind == "to"):
            return False
        code, conflicts = doer(reading, item).code, self.lexicon.conflicts
        fights = any(conflicts.get(enemy, ("",))[0] == code for enemy in conflicts.get(code or "", ()))
        return code is not None and len(code) == _COUNTRY and not fights

    def _measure(
        self, reading: Reading, q: Quantity, v: Predicate, sense: VerbSense, obj: str | None, way: str
    ) -> str | None:
        """The measure that a sense of the verb gives what stands to it in this way."""
        if (sense.active and v.voice != "active") or (sense.named and q.elided):
            return None
        flies = self.lexicon.kinds.get(obj or "drone") == "air"  # "hit a school with 300 pupils"
        if way == "instrument" and sense.launch and v.voice == "active" and flies:
            return "launched"
        key = {"subject": sense.agent, "described": sense.agent, "instrument": sense.instrument}.get(way, sense.patient)
        if not key:
            return None
        aerial = obj == "target" and (key.get("craft") in ("intercepted", "lost") or _kinds_follow(reading, q, key))
        measure = self.lexicon.measure_for(key, "aerial_target" if aerial else obj or sense.object)
        if measure is None and q.elided and sense.object:
            return self.lexicon.measure_for(key, sense.object)  # "left four dead and nine wounded"
        return measure

    def _handed_over(self, reading: Reading, end: int, q: Quantity) -> bool:
        """True for "sent to the army": the receiver is an office or forces, not a target."""
        marks = reading.marks
        k = q.j if q.i >= end else end
        if marks.tok.word(k) != "to":
            return False
        for n in range(k + 1, min(k + 6, len(marks.tok))):
            if marks.tok.kinds[n] == SIGN and marks.tok.word(n) != "-":
                return False
            if "office" in marks.cues.get(n, {}):
                return True
        return False

    def among_those(self, reading: Reading, q: Quantity, those: Item) -> Attachment | None:
        """The tie of people to the participle in "were among those killed", which is no predicate of its own."""
        mark = reading.marks.verbs.get(those.j)
        if mark is None or q.object != "person" or reading.tok.words[those.i - 1 : those.j] != ["among", "those"]:
            return None
        return self.made(self.lexicon.measure_for(mark[1].patient, "person"), those, "nominal")

    def made(self, measure: str | None, item: Item, way: str) -> Attachment | None:
        """A tie with a known measure."""
        if measure is None or measure == "none":
            return None
        spec = self.lexicon.measures.get(measure)
        return Attachment(item, measure, way, spec.rank if spec else 0)


def _beside_firms(reading: Reading, q: Quantity) -> bool:
    """True for "have hit 1,900 people and entities": sanctions, which hurt nobody."""
    words = reading.tok.words[q.j : q.j + 2]
    return q.object == "person" and len(words) > 1 and words[0] in ("and", "or") and words[1] in _FIRMS


def _serves(reading: Reading, q: Quantity, v: Predicate) -> bool:
    """True for "a drone used to map the floods", in a sentence without a word of attack."""
    words = reading.tok.words
    flown = q.object == "drone" and v.voice != "active" and words[v.j - 1] in ("used", "employed")
    return flown and words[v.j : v.j + 1] in (["for"], ["to"]) and reading.hints.attack.isdisjoint(words)


def _is_ill(reading: Reading, q: Quantity, v: Predicate) -> bool:
    """True for "203 patients were in hospital", which tells of no attack."""
    words = reading.tok.words
    return words[q.j - 1] == "patients" and not _WARDS.isdisjoint(words[v.i : v.j])


def _tables(marks: Marks) -> Iterator[dict[str, str]]:
    """The measures that the verbs and nouns of a sentence give, each by what is counted."""
    for _, verb in marks.verbs.values():
        yield from _tables_of(verb)
    for senses in marks.phrasals.values():
        for _, verb in senses:
            yield from _tables_of(verb)
    for _, nominal in marks.nominals.values():
        yield nominal.of
        yield nominal.with_
        if nominal.count:
            yield {"any": nominal.count}


def _tables_of(verb: VerbSense) -> Iterator[dict[str, str]]:
    """The tables of one verb; what it gives to whatever is sent to somebody is one of them."""
    yield from (verb.patient, verb.agent, verb.instrument, verb.negated)
    if verb.to:
        yield {"any": verb.to}


def _kinds_follow(reading: Reading, q: Quantity, key: dict[str, str]) -> bool:
    """True for "neutralised 69 targets: nine missiles and 60 drones", targets that are told to have flown."""
    near = reading.tok.words[q.j : q.j + _KINDS_REACH]
    listed = not _OPENING.isdisjoint(near) or near[:1] in ([","], ["-"], ["including"])
    if key.get("air") != "intercepted" or not listed:
        return False
    return any(other.noun is not None and other.noun.kind == "air" for other in reading.quantities if other.i > q.i)


def _is_defended(reading: Reading, item: Item) -> bool:
    """True where an air defence, a warplane or a warship does it, and where "by" tells who: "engaged by frigates"."""
    if item.v is not None and item.v.voice != "active":
        return True
    n = reading.items.index(item)
    armed = any(_guards(reading, before) for before in reading.items[max(0, n - _SUBJECT) : n])
    return armed or doer(reading, item).defence


def _guards(reading: Reading, item: Item) -> bool:
    """True for the words of those who only bring down what flies."""
    noun = reading.marks.nouns[item.i][1] if item.kind == "noun" else None
    return not reading.hints.guards.isdisjoint(reading.tok.words[item.i : item.j]) or (
        noun is not None and noun.kind == "craft"
    )


def _on_sites(reading: Reading, q: Quantity) -> bool:
    """True for "strikes by 17 drones on nine sites": where the places are counted, they were hit."""
    words = reading.tok.words
    if not _MAKERS.intersection(words[max(0, q.i - _SITES_REACH) : q.i]):
        return False
    for k in range(q.j, min(q.j + _SITES_REACH, len(words))):
        if words[k] in (";", ".", ":"):
            break
        if words[k] in _SITES:
            return not {"on", "at", "in"}.isdisjoint(words[q.j : k])
    return False


def _in_raid(reading: Reading, end: int, q: Quantity) -> bool:
    """True for what was "deployed in an overnight attack", "against Ukraine" or "overnight"."""
    marks, k = reading.marks, q.j if q.i >= end else end
    word = marks.tok.word(k)
    if word in ("overnight", "against"):
        return True
    near = range(k + 1, min(k + _RAID_REACH, len(marks.tok)))
    return word in ("in", "during") and any("air" in marks.nominals[n][1].with_ for n in near if n in marks.nominals)
