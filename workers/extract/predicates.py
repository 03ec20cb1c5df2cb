"""Predicates: a verb with its auxiliaries, its voice, and whether it is negated or only possible."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from workers.extract.lexicon import Lexicon, VerbSense
from workers.extract.lexicon.build import PARTICLES
from workers.extract.marks import Marks
from workers.extract.quantity import Quantity
from workers.extract.tokens import NUMBER, WORD

Voice = Literal["active", "passive", "reduced"]
_DETERMINERS: Final = frozenset(
    {
        "a",
        "an",
        "the",
        "its",
        "their",
        "his",
        "her",
        "this",
        "these",
        "those",
        "of",
        "'s",
        "our",
        "my",
        "your",
        "no",
        "any",
    }
    | {"every", "each", "another", "massive", "large", "big", "major", "new", "latest", "recent", "overnight", "deadly"}
    | {"mass", "combined", "record"}
)
_OBJECTS: Final = frozenset(
    {"it", "them", "several", "some", "at", "more", "all", "up", "residential", "two", "three", "one"}
)
_CONNECTORS: Final = frozenset({"using", "involving", "employing"})
"""Participles that join an instrument to the verb before: "struck the port using 26 drones"."""
_AUX_REACH: Final = 6
_WHEN: Final = frozenset(
    {"overnight", "today", "yesterday", "tonight", "last", "early", "late", "earlier", "later", "next", "again"}
    | {"alone", "there", "here", "nearby", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
    | {"so", "before", "than", "but", "which", "who", "that", "where", "is", "are", "was", "were", "has", "have", "had"}
)
"""Words behind a participle that are no object: "seven drones hit early on Monday"."""
_WATCHING: Final = frozenset({"saw", "see", "sees", "seen", "seeing", "watched"})
_GETTING: Final = frozenset({"get", "gets", "got", "getting"})
_ACTING: Final = frozenset({"forces", "authorities"})
"""Offices in the plural, in front of which a word that may be a noun is their verb."""
_DONE: Final = frozenset({"bombed", "bombarded"})
"""Verbs in front of a place that are verbs also in front of an article: "bombed a market"."""
_BETWEEN: Final = frozenset({'"', "as"})
"""What may stand between an auxiliary and its verb: "were confirmed as destroyed"."""
_REPORTED: Final = frozenset({"confirmed", "reported", "recorded", "feared", "believed", "presumed", "listed"})
"""Participles that only report another one: "have been confirmed shot down"."""


def _brings_down(marks: Marks, q: Quantity) -> bool:
    """True for the word before a figure in "air defences down 26 drones", which elsewhere is no verb."""
    words, k = marks.tok.words, q.i - 1
    if k < 1 or words[k] != "down" or not words[k - 1].endswith("s"):
        return False
    return words[k - 1] == "forces" or marks.back(k, "office") is not None


@dataclass(slots=True)
class Predicate:
    """A verb group at tokens [i, j): its senses (coordinated verbs are one group), voice and polarity."""

    i: int
    j: int
    senses: list[VerbSense]
    voice: Voice
    negated: bool = False
    modal: str | None = None
    perfect: bool = False
    gerund: bool = False
    infinitive: bool = False


class PredicateReader:
    """Finds the predicates of a sentence outside its quantities."""

    def __init__(self, lexicon: Lexicon) -> None:
        cues = lexicon.cues
        self.be, self.have, self.modal, self.skip = cues["be"], cues["have"], cues["modal"], cues["skip"]
        self.aux = self.be | self.have | self.modal | {"did", "does", "do"}
        self.nots = frozenset({"not", "never", "'t", "nor", "neither", "hardly"})
        self.prep = cues["prep"]
        self.pron = cues["pron"]
        self.down = next(e.sense for e in lexicon.entries["downs"] if isinstance(e.sense, VerbSense))
        self.numerals = lexicon.spec.numbers.words.keys() - {"one"}

    def find(self, marks: Marks, quantities: list[Quantity]) -> list[Predicate]:
        """All predicates, left to right."""
        inside = marks.counted = {k for q in quantities for k in range(q.i, q.j)}
        ends = {q.j for q in quantities if q.raid is None}
        found: list[Predicate] = []
        reach = 0
        for k in marks.verbs:  # entered from left to right
            if k >= reach and k not in inside and (predicate := self._at(marks, k, ends, inside)):
                found.append(predicate)
                reach = predicate.j
        split = {predicate.i: predicate for predicate in self._split_phrasals(marks, quantities)}
        split |= {q.i - 1: Predicate(q.i - 1, q.i, [self.down], "active") for q in quantities if _brings_down(marks, q)}
        found = [p for p in found if p.i not in split and p.j - 1 not in split]
        return sorted([*found, *split.values()], key=lambda p: p.i)

    def _at(self, marks: Marks, k: int, ends: set[int], inside: set[int]) -> Predicate | None:
        end, sense = marks.verbs[k]
        start, words = self._auxiliaries(marks, k, inside)
        if not words and marks.tok.word(k - 1) == "-" and marks.tok.glued(k) and marks.tok.glued(k - 1):
            return None  # "the U.S.-made system": says what it is
        if marks.tok.words[k] in _CONNECTORS and (min(marks.verbs) < k or min(marks.nominals, default=k) < k):
            return None
        if marks.cue(k, "claims") and end - k == 1 and not any(w in self.be for w in words):
            return None
        if not words and (self._unplaced(marks, k, end, sense) or self._is_noun(marks, k, end, sense, ends)):
            return None
        reported = bool(words) and marks.tok.word(k) in _REPORTED
        got = marks.tok.word(k) in _GETTING and end == k + 1  # "three got shot down"
        told = marks.verbs.get(end + (marks.tok.word(end) == "as"))  # "confirmed as destroyed"
        if (reported or got) and told is not None and "part" in told[1].forms:
            return None
        voice = self._voice(marks, k, end, sense, words, ends)
        if voice is None:
            return None
        predicate = Predicate(start, end, [sense], voice)
        predicate.negated = any(w in self.nots for w in words)
        if predicate.negated and sense.negated:
            predicate.senses, predicate.negated = [replace(sense, agent=sense.negated)], False
        modals = [w for w in words if w in self.modal and w != "to"]
        predicate.modal = modals[0] if modals else None
        predicate.perfect = any(w in self.have for w in words)
        predicate.gerund = "ing" in sense.forms
        predicate.infinitive = "to" in words
        self._coordinate(marks, predicate, inside)
        return predicate

    def _unplaced(self, marks: Marks, k: int, end: int, sense: VerbSense) -> bool:
        """True where a verb that needs a place behind it has none: "bombed Kharkiv", "bombed a market"."""
        if not sense.placed or marks.place_at(end) is not None:
            return False
        return marks.tok.word(k) not in _DONE or "det" not in marks.cues.get(end, ())

    def _auxiliaries(self, marks: Marks, k: int, inside: set[int]) -> tuple[int, list[str]]:
        """The start of the group and its auxiliaries; adverbs in between are passed over."""
        start, words = k, []
        for back in range(k - 1, max(-1, k - 1 - _AUX_REACH), -1):
            word = marks.tok.words[back]
            if back in inside:
                break
            if (
                word in self.aux
                or word in self.nots
                or word in ("didn", "wasn", "weren", "hasn", "haven", "couldn", "don")
            ):
                words.append(word)
                start = back
                if word == "to":
                    break
            elif not (word in self.skip or word.endswith("ly") or word in _BETWEEN or word in _REPORTED):
                break
        if marks.tok.word(start - 1) in ("failed", "fails", "unable", "failing") and "to" in words:
            words.append("not")
        return start, words

    def _is_noun(self, marks: Marks, k: int, end: int, sense: VerbSense, ends: set[int]) -> bool:
        """True when the word is a noun or an adjective here: "the attack", "Russian strikes", "a downed drone"."""
        before = marks.tok.word(k - 1)
        if before == "of" and "ing" in sense.forms and marks.tok.word(end) != "of":
            return False
        if before in _DETERMINERS and k not in ends:
            return True
        geo = marks.geo_before.get(k)
        if geo is not None and marks.tok.word(geo.i - 1) == "of" and sense.forms <= {"base", "s"}:
            return True  # "launchers of US make"
        owned = geo is not None and geo.form == "adjective" and not marks.tok.word(geo.i).endswith("ese")
        if owned and sense.forms <= {"base", "s"}:
            return True  # "shelled Ukrainian positions"
        ambiguous = k in marks.nominals
        if end in marks.counted and sense.forms & {"past", "base"}:
            return False
        if not ambiguous:
            return before.endswith("'s") or (before in self.prep and not sense.forms & {"ing", "part"})
        if sense.forms & {"part", "past"} and not sense.forms & {"base"}:
            return False
        if "ing" in sense.forms:
            return marks.tok.word(end) == "of"
        if geo is not None:
            return geo.form in ("adjective",) or (geo.place is None and not geo.acts)
        named = before in self.pron or before in _ACTING or self._behind_plural(marks, k, ends)
        return not named and before not in ("who", "which", "that", "and")

    def _voice(self, marks: Marks, k: int, end: int, sense: VerbSense, aux: list[str], ends: set[int]) -> Voice | None:
        if any(w in self.be for w in aux):
            return "active" if "ing" in sense.forms and not {"being"} & set(aux) else "passive"
        if aux:
            return "active"
        if "ing" in sense.forms or "s" in sense.forms:
            return "active"
        if sense.forms & {"past", "part"}:
            if not sense.patient or "part" not in sense.forms:
                return "active"
            if "past" not in sense.forms:
                return "reduced"
            return self._past_or_participle(marks, k, end, sense, ends)
        return "active" if self._plain_base(marks, k, ends) else None

    def _plain_base(self, marks: Marks, k: int, ends: set[int]) -> bool:
        """A base form is a verb after its plural subject: "drones hit", "they launch"."""
        before = marks.tok.word(k - 1)
        if before in self.pron or self._behind_plural(marks, k, ends):
            return True
        return self._several(marks, k) or self._watched(marks, k)

    def _behind_plural(self, marks: Marks, k: int, ends: set[int]) -> bool:
        """True behind a quantity or a noun in the plural, which can be the subject of a base form."""
        return k in ends or any(end == k and sense.plural for end, sense in marks.nouns.values())

    def _several(self, marks: Marks, k: int) -> bool:
        """True behind a plural that acts, with a figure next: "air defences destroy 58", "Houthis fire two"."""
        if marks.verbs[k][0] not in marks.counted or not marks.tok.word(k - 1).endswith(("s", "forces")):
            return False
        geo = marks.geo_before.get(k)
        acts = geo is not None and geo.acts and (geo.form == "people" or geo.place is None)
        return acts or marks.back(k, "office") is not None

    def _watched(self, marks: Marks, k: int) -> bool:
        """ "The night saw Russia launch 47 missiles"."""
        geo = marks.geo_before.get(k)
        return geo is not None and geo.acts and marks.tok.word(geo.i - 1) in _WATCHING

    def _after_agent(self, marks: Marks, k: int) -> bool:
        """True behind a "by" phrase: "drones launched by Ukraine destroyed over Crimea"; and at the very start."""
        return k <= 1 or "by" in marks.tok.words[max(0, k - 6) : k]

    def _closed(self, marks: Marks, end: int) -> bool:
        """True when no object can follow: a preposition, a sign, or the end."""
        after = marks.tok.word(end)
        if end in marks.counted:
            return False
        return not after or after in self.prep or after in (",", ".", ";", ":", ")", '"', "overnight")

    def _past_or_participle(self, marks: Marks, k: int, end: int, sense: VerbSense, ends: set[int]) -> Voice:
        """ "20 drones downed over Kursk" against "Ukraine downed 20 drones"."""
        tok, after = marks.tok, marks.tok.word(end)
        while tok.word(k - 1).endswith("ly") or tok.word(k - 1) in self.skip or tok.word(k - 1) in _REPORTED:
            k -= 1
        if after in ("and", "or") and end + 1 in marks.verbs:
            end = marks.verbs[end + 1][0]  # "tracked and shot down two drones"
            after = tok.word(end)
        headed = k in ends or any(e == k for e, _ in marks.nouns.values()) or self._trailing(marks, k)
        if after == "by":
            return "reduced"
        if not headed:
            bare = not sense.agent and not sense.instrument and self._closed(marks, end)
            return "reduced" if bare and self._after_agent(marks, k) else "active"
        if not after or tok.kinds[end] not in (WORD, NUMBER):
            return "reduced"
        if sense.launch and after in self.prep and self._flies_up_to(marks, k):
            return "active"  # "24 drones struck at 12 locations"
        if after in self.prep or after in (
            "and",
            "or",
            "overnight",
            "during",
            "when",
            "while",
            "after",
            "as",
            "today",
            "yesterday",
            "since",
        ):
            return "reduced"
        return "active" if self._object_follows(marks, end) or self._bare_object(marks, end, sense) else "reduced"

    def _flies_up_to(self, marks: Marks, k: int) -> bool:
        """True behind the noun of something that flies, which hits far more often than it is hit."""
        return any(end == k and noun.kind == "air" for end, noun in marks.nouns.values())

    def _bare_object(self, marks: Marks, end: int, sense: VerbSense) -> bool:
        """ "five drones struck grain silos": an object without an article, of a verb that drones and people do."""
        word = marks.tok.word(end)
        small = word in self.skip or word in _WHEN or (end in marks.verbs and not marks.tok.glued(end + 1))
        return bool(sense.agent) and not small and not word.endswith("ly")

    def _trailing(self, marks: Marks, k: int) -> bool:
        """True when a comma or bracket closes right before: "33, suppressed by jamming"."""
        return marks.tok.word(k - 1) in (",", ")", '"') and marks.tok.word(k) not in ("said",) and k > 1

    def _object_follows(self, marks: Marks, end: int) -> bool:
        word = marks.tok.word(end)
        named = end in marks.geo or end in marks.nouns or end in marks.counted
        return named or word in _DETERMINERS or word in _OBJECTS or word in self.numerals or marks.tok.kinds[end] == "n"

    def _coordinate(self, marks: Marks, predicate: Predicate, inside: set[int]) -> None:
        """Join "intercepted and destroyed", "shot down or suppressed" into one group."""
        tok = marks.tok
        for _ in range(3):
            k = predicate.j
            if tok.word(k) not in ("and", "or", "/", ",", "&", "and/or"):
                return
            k += 1
            while (
                tok.word(k) in ("and", "or", "then", '"', "/")
                or tok.word(k) in self.skip
                or tok.word(k) in ("otherwise",)
            ):
                k += 1
            if k not in marks.verbs or k in inside:
                return
            end, sense = marks.verbs[k]
            if not sense.forms & predicate.senses[0].forms:
                return
            if predicate.voice != "active" and end in inside:
                return  # "one was seized, and killed four sailors"
            predicate.senses.append(sense)
            predicate.j = end

    def _split_phrasals(self, marks: Marks, quantities: list[Quantity]) -> list[Predicate]:
        """ "shot 20 drones down", "brought another 12 down": the particle behind the object."""
        found = []
        for q in quantities:
            particle = marks.tok.word(q.j)
            if particle not in PARTICLES:
                continue
            for k in range(q.i - 1, max(-1, q.i - 3), -1):
                senses = [s for p, s in marks.phrasals.get(k, ()) if p == particle]
                if senses:
                    found.append(Predicate(k, k + 1, [senses[0]], "active"))
        return found
