"""The noun behind a number: past adjectives, through compounds, with its people, models and second kinds."""

from __future__ import annotations

from typing import Final

from workers.extract.lexicon import Lexicon, NounSense
from workers.extract.marks import Geo, Marks
from workers.extract.quantity import Quantity
from workers.extract.tokens import NUMBER, WORD

NOUN_REACH: Final = 7
"""Tokens between a number and its noun: "six long-range Iranian-designed one-way attack drones"."""
_STOP_KINDS: Final = frozenset({"prep", "rel", "sub", "pron", "be", "have", "modal", "det", "claims", "conj"})
_JOINING: Final = frozenset({"and", "or"})
_FAILED: Final = frozenset(
    {"failed", "attempted", "unsuccessful", "foiled", "thwarted", "planned", "alleged", "suspected"}
)
_PREFIXES: Final = frozenset({"anti", "counter"})
_AGENTLESS: Final = frozenset({"by", "when", "in", "after", "as", "during", "at", "on"})
"""Words behind a participle: "12 injured in", where the number counts people."""
_LOOSE: Final = frozenset(
    {"overnight", "today", "yesterday", "tonight", "alone", "altogether", "total", "again", "there", "down"}
)
"""Words behind a number that name nothing: "29 on Thursday and 48 overnight"."""
_DENYING: Final = frozenset({"did", "does", "do", "not", "never", "failed"})
"""Words with which a verb begins: "11 did not reach their targets" leaves its noun out."""
_WHEN: Final = frozenset(
    {"overnight", "today", "yesterday", "tonight", "last", "early", "late", "this", "again", "alone", "near", "there"}
    | {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "altogether", "simultaneously"}
)
"""Words behind a noun that are no noun: "47 UAV overnight"."""
_SORTS: Final = frozenset(
    {"type", "types", "kind", "kinds", "class", "make", "modification", "modifications", "family"}
)
"""Behind "of" these end the name of what is counted: "47 drones of the Shahed type"."""
_SORT_REACH: Final = 6
_MADE_FOR: Final = frozenset(
    {"attack", "strike", "decoy", "reconnaissance", "imitator", "imitation", "simulator", "surveillance", "cruise"}
    | {"ballistic", "aeroballistic", "hypersonic", "guided", "jet", "propeller", "combat", "kamikaze", "explosive"}
    | {"spy", "guided", "long", "short", "medium", "dummy", "fpv", "quadcopter", "aircraft", "winged", "wing"}
)
"""Words for kinds of one thing, which "and" may join before it: "58 attack and decoy drones"."""
_CALIBRES: Final = frozenset({"mm", "millimetre", "millimeter", "kg", "pound", "ton", "tonne"})
_DESCRIBED: Final = frozenset({("thing", "person"), ("event", "air"), ("event", "craft")})
"""Kinds of a noun that only describes the one behind it: "a truck driver", "a strike drone"."""
_STRIKING: Final = frozenset({"struck", "hit"})
"""Participles that never stand between a number and its noun."""
_PIECES: Final = frozenset({"type", "debris", "parts", "force", "forces", "launch", "unit", "units"})


def _attacks(marks: Marks, q: Quantity, k: int) -> bool:
    """True for the noun of "two barrages": behind a plural number no verb ends like that."""
    nominal = marks.nominals[k][1] if k in marks.nominals and k in marks.verbs else None
    return nominal is not None and nominal.plural and q.number.value > 1 and marks.verbs[k][1].forms == {"s"}


def _hangs(marks: Marks, k: int) -> bool:
    """True for the hyphen of "short- and long-range", whose second half comes later."""
    tok = marks.tok
    return k > 0 and tok.word(k) == "-" and tok.glued(k) and (tok.word(k + 1) == "," or not tok.glued(k + 1))


class NounPhraseReader:
    """Finds the noun of a number."""

    def __init__(self, lexicon: Lexicon) -> None:
        numbers = lexicon.spec.numbers
        self.compound = lexicon.cues["compound"]
        self.stop = (
            frozenset().union(*(lexicon.cues[kind] for kind in _STOP_KINDS)) - {"one", "all", "other"} | _DENYING
        )
        self.enemy = lexicon.cues["enemy"]
        self.group = numbers.group
        self.numerals = frozenset([*numbers.words, *numbers.scale, *numbers.group, *numbers.vague])

    def read(self, marks: Marks, q: Quantity, start: int) -> None:
        """Find the noun from `start` on, past adjectives; sets noun, model, nation, count or unknown."""
        k, seen = start, False
        grouped = q.number.kind == "vague" or marks.tok.word(q.number.j - 1) in self.group
        if marks.tok.word(k) == "of" and grouped:
            k += 1
        limit = min(len(marks.tok), k + NOUN_REACH)
        while k < limit:
            if k in marks.nouns:
                if self.head(marks, q, k):
                    return
                k = marks.nouns[k][0]
                limit = max(limit, min(len(marks.tok), k + NOUN_REACH - 2))
                seen = True
                continue
            if self._people(marks, q, k) or self._counted_nominal(marks, q, k):
                return
            if _attacks(marks, q, k):
                q.unknown = marks.tok.words[k]
                return
            step = self._premodifier(marks, q, k)
            if not step:
                break
            word = marks.tok.word(k)
            if word in (",", "and"):
                limit = min(len(marks.tok), step + NOUN_REACH)
            seen = seen or (k not in marks.verbs and word not in _LOOSE and not word.endswith("ly"))
            k = step
        if seen:
            q.unknown = marks.tok.word(start)

    def head(self, marks: Marks, q: Quantity, k: int) -> bool:
        """Take the noun at `k` when it is the head; False when another noun or a compound follows."""
        end, sense = marks.nouns[k]
        tok, after = marks.tok, marks.tok.word(end)
        if end in marks.nouns and marks.nouns[end][1].kind == sense.kind and not tok.word(end).startswith("("):
            q.model = q.model or sense.model
            return False
        if after == "-" and tok.glued(end) and (tok.glued(end + 1) or tok.word(end + 1) in _JOINING):
            return False  # "Shahed-type drones", "Shahed- and Geran-type drones": what only describes
        if not sense.plural and self._made_for(marks, sense, end):
            q.model = q.model or sense.model
            return False
        behind = marks.nouns[end][1].kind if end in marks.nouns and not sense.plural else None
        if (sense.kind, behind) in _DESCRIBED:
            return False
        if marks.tok.word(k - 1) == "-" and marks.tok.word(k - 2) in _PREFIXES:
            return False  # "anti-ship missiles": what they are meant against
        if self._is_compound(marks, q, sense, end) or (after == '"' and end + 1 in marks.nouns):
            return False  # 'sixteen "terrorist" drones'
        if q.premod is None and marks.tok.word(k - 1) in _FAILED:
            q.unknown = marks.tok.word(k - 1)
            return True
        q.noun, q.model, q.j = sense, sense.model or q.model, end
        self._sorted(marks, q)
        self._coordinated(marks, q)
        return True

    def _made_for(self, marks: Marks, sense: NounSense, end: int) -> bool:
        """True for the "Shahed" of "Shahed strike drones", "Shahed attack and decoy drones"."""
        k = end
        while marks.tok.word(k) in _MADE_FOR or (k > end and self._joins_kinds(marks, k)):
            k += 1
        return k > end and k in marks.nouns and marks.nouns[k][1].kind == sense.kind

    def _sorted(self, marks: Marks, q: Quantity) -> None:
        """Take "of the Shahed type", "of various types" to the noun."""
        words = marks.tok.words
        if marks.tok.word(q.j) != "of":
            return
        for k in range(q.j + 1, min(q.j + 1 + _SORT_REACH, len(words))):
            if words[k] in _SORTS:
                q.j = k + 1
                return
            if words[k] in (",", ".", "of") or words[k] in self.numerals:
                return

    def _is_compound(self, marks: Marks, q: Quantity, sense: NounSense, end: int) -> bool:
        after = marks.tok.word(end)
        if not sense.plural and self._joins_kinds(marks, end):
            return True
        if after in self.compound:
            return not self._acts(marks, sense, end) and not (sense.plural and after in _PIECES)
        singular_of_many = not sense.plural and q.number.value > 1 and q.number.kind != "article"
        if singular_of_many and after and marks.tok.kinds[end] == WORD and sense.model is None:
            return after not in self.stop and end not in marks.verbs and after not in _WHEN
        return False

    def _acts(self, marks: Marks, sense: NounSense, end: int) -> bool:
        """True where the word behind the noun is its verb: "drones hit", "a drone hit the roof"."""
        return end in marks.verbs and (not sense.singular or self._object_follows(marks, end + 1))

    def _object_follows(self, marks: Marks, k: int) -> bool:
        """True where the word before is a verb: "a drone hit the roof"."""
        return (
            k in marks.nouns
            or marks.tok.word(k) in ("into", "near", "at")
            or marks.cue(k, "det") > 0
            or marks.place_at(k) is not None
        )

    def _counted_nominal(self, marks: Marks, q: Quantity, k: int) -> bool:
        """ "567 arrests", "11 dead": the number counts what happened."""
        if k not in marks.nominals:
            return False
        end, sense = marks.nominals[k]
        if sense.count is None or (end in marks.nouns and k not in marks.verbs):
            return False
        if sense.count == "launched" and not sense.plural and self._names_a_thing(marks, end):
            return False  # "12 launch containers"
        if k in marks.verbs and "part" in marks.verbs[k][1].forms and marks.tok.word(end) in _AGENTLESS:
            return False
        if marks.tok.word(k - 1) in _FAILED:
            q.unknown = marks.tok.word(k - 1)
            return True
        q.count, q.j = sense, end
        return True

    def _names_a_thing(self, marks: Marks, end: int) -> bool:
        """True where a plain word follows, which is what is counted."""
        kinds = marks.tok.kinds[end : end + 1]
        return kinds == [WORD] and marks.tok.word(end) not in self.stop | _WHEN and end not in marks.verbs

    def _premodifier(self, marks: Marks, q: Quantity, k: int) -> int:
        """The position after a word that may stand between number and noun, or 0."""
        tok = marks.tok
        geo = marks.place_at(k)
        if geo is not None and geo.form != "people":
            if q.nation is None or geo.form == "adjective":
                q.nation = geo
            return geo.j + (tok.word(geo.j) == "'s")
        word, kind = tok.words[k], tok.kinds[k]
        if kind == WORD and tok.word(k - 1) == "-" and tok.glued(k) and word not in self.stop:
            return k + 1  # "500-pound bombs"
        if kind == WORD:
            return self._word_between(marks, q, k, word)
        if kind == NUMBER:
            return k + 1 if tok.glued(k) or self._names(marks, k) else 0
        if word in ("-", "/") and tok.glued(k):
            return k + 1
        if word == "," and (tok.word(k - 1) == "type" or _hangs(marks, k - 1)):
            return k + 1  # "110 Shahed-type, Gerbera-type and other drones", "short-, medium- and long-range"
        return k + 1 if word == '"' else 0

    def _names(self, marks: Marks, k: int) -> bool:
        """True for the number of "47 107-mm rockets", "6 Hermes 900 drones", which belongs to the noun."""
        tok = marks.tok
        if (tok.word(k + 1) == "-" and tok.glued(k + 1)) or tok.word(k + 1) in _CALIBRES:
            return True
        named = k + 1 in marks.nouns or tok.word(k + 1) in ("-", "/")
        return named and tok.capital(k - 1) and marks.place_at(k - 1) is None

    def _word_between(self, marks: Marks, q: Quantity, k: int, word: str) -> int:
        if self._joins_kinds(marks, k):
            return k + 1
        if word in self.stop and not (word in ("other", "more", "one") or self._such(marks, k)):
            return 0
        if word in self.enemy:
            q.enemy = True
        if k in marks.verbs:
            end, sense = marks.verbs[k]
            if word in _STRIKING or (end > k + 1 and end not in marks.nouns):
                return 0  # "the other seven struck silos", "47 drones, 31 shot down, 14 jammed"
            if not sense.forms & {"part", "ing"} and k not in marks.nominals:
                return 0
            if marks.tok.word(k + 1) in self.stop and not self._joins_kinds(marks, k + 1):
                return 0
            q.premod = sense if sense.forms & {"part"} else q.premod
        return k + 1

    def _such(self, marks: Marks, k: int) -> bool:
        """True for "58 such drones", not for "such as"."""
        return marks.tok.word(k) == "such" and k + 1 in marks.nouns

    def _joins_kinds(self, marks: Marks, k: int) -> bool:
        """True for the "and" of "Shahed-type and other drones", "attack and decoy drones"."""
        if marks.tok.word(k) != "and":
            return False
        before, after = marks.tok.word(k - 1), marks.tok.word(k + 1)
        if before == "type" or after == "other" or _hangs(marks, k - 1):
            return True
        return before in _MADE_FOR and after in _MADE_FOR

    def _people(self, marks: Marks, q: Quantity, k: int) -> bool:
        """ "19 Palestinians": a people is its persons."""
        geo = marks.place_at(k)
        if geo is None or geo.j in marks.nouns or not (geo.form == "people" or self._ese(marks, geo)):
            return False
        q.noun, q.nation, q.j = NounSense("person", "person", plural=True, singular=False), geo, geo.j
        return True

    def _ese(self, marks: Marks, geo: Geo) -> bool:
        """True for "four Lebanese were", a people whose name has no plural."""
        after = marks.tok.word(geo.j)
        alone = geo.j in marks.verbs or after in self.stop or marks.tok.kinds[geo.j : geo.j + 1] != [WORD]
        return geo.form == "adjective" and marks.tok.word(geo.j - 1).endswith("ese") and alone

    def _coordinated(self, marks: Marks, q: Quantity) -> None:
        """ "300 drones and missiles", "40 missiles, bombs and drones": one number for several kinds."""
        if q.noun is None or q.noun.kind != "air":
            return
        k = q.j
        while (found := self._next_kind(marks, k)) is not None:
            end, sense = found
            if marks.tok.word(end) in self.compound and not self._acts(marks, sense, end):
                q.unknown, q.noun, q.mixed = marks.tok.word(end), None, False
                return
            if sense.object not in (q.noun.object, "projectile"):  # "240 rockets and other projectiles"
                q.mixed, q.model = True, None
            k = q.j = end

    def _next_kind(self, marks: Marks, k: int) -> tuple[int, NounSense] | None:
        """The end and meaning of the plural noun joined at `k` without a number of its own."""
        tok = marks.tok
        if tok.word(k) not in ("and", ",", "or", "/", "&"):
            return None
        k += 1 + (tok.word(k) == "," and tok.word(k + 1) in ("and", "or"))
        for step in range(k, min(k + 4, len(tok))):
            if step in marks.nouns:
                end, sense = marks.nouns[step]
                while end in marks.nouns and marks.nouns[end][1].kind == "air":
                    end, sense = marks.nouns[end]
                return (end, sense) if sense.kind == "air" and sense.plural else None
            if tok.kinds[step] != WORD or tok.word(step) in self.stop or step in marks.verbs or marks.place_at(step):
                return None
            if tok.word(step) in self.numerals:
                return None
        return None
