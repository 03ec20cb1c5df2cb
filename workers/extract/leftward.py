"""To the left of a quantity: where it is the object of a verb, an instrument, or one of a list of those."""

from __future__ import annotations

from typing import Final

from workers.extract.items import Item, Reading
from workers.extract.predicates import Predicate
from workers.extract.quantity import Quantity
from workers.extract.standing import Standing
from workers.extract.ties import Attachment, TieMaker
from workers.extract.tokens import NUMBER

_TOGETHER: Final = frozenset(
    {"along", "together", "as", "plus", "alongside", "in", "accompanied", "followed", "besides", "with"}
)
_LINKS: Final = frozenset({"comma", "conj"})
_LIGHT: Final = frozenset(
    {"prep", "geo", "det", "adv", "skip", "time", "dash", "poss", "quote", "office", "noun", "pron", "additional"}
)
_ENDS: Final = frozenset({"rel", "sub", "semi", "colon", "claims", "open", "stop"})
_USING: Final = frozenset(
    {"with", "using", "by", "of", "from", "involving", "employing", "including", "comprising", "firing", "launching"}
    | {"featuring", "deploying", "totalling", "totaling", "numbering", "as"}
)
_EMPLOYING: Final = frozenset({"using", "employing", "involving"})
_ARMING: Final = _EMPLOYING | {"with"}
_NOT_WITH_VERBS: Final = frozenset({"of", "from", "as", "including"})
_MADE_OF: Final = frozenset({"of", "from", "totalling", "numbering"})
_INCLUDED: Final = frozenset({"included", "includes", "include", "comprised", "comprises", "comprising"})
_CONSISTS: Final = frozenset({("up", "of"), ("consisted", "of"), ("consists", "of"), ("composed", "of")})
_BODIES: Final = frozenset(
    {"swarm", "group", "fleet", "wave", "salvo", "barrage", "volley", "cluster", "stream", "package", "formation"}
)
"""Nouns for what flies together."""
_STOPPED: Final = frozenset({"intercepted", "lost"})
_BRACKETS: Final = frozenset({"open", "colon"})
_ARMED: Final = 7
"""Items in front of "with" in which the attack must be named."""
_WHERE: Final = frozenset({"from", "over", "above", "near", "in"})
"""Words in front of the place of a second kind that shares the verb of the first."""
_UNKNOWN: Final = 5
"""Words of no known kind that may stand between a verb and its object."""


class LeftWalk:
    """One walk to the left of a quantity, up to the verb, nominal or quantity that it hangs on."""

    def __init__(self, maker: TieMaker, reading: Reading, q: Quantity, known: dict[int, list[Attachment]]) -> None:
        self.maker, self.reading, self.q, self.known = maker, reading, q, known
        self.way = "object"
        self.linked = self.joined = self.together = self.clause = False
        self.told_of = -1
        self.start = reading.position[id(q)] - 1
        self.before = reading.items[self.start] if self.start >= 0 else None

    def find(self) -> list[Attachment]:
        """The attachments to the left; at most one."""
        n = self.start
        largest = self.reading.tok.words[self.q.i - 2 : self.q.i] == ["number", ","]
        if self.before is None or largest:  # "with the largest number, 24, over Belgorod"
            return []
        if self.before.kind in _BRACKETS and n and (sized := self._size_of(self.reading.items[n - 1])):
            return sized
        if (told := Standing(self.maker, self.reading, self.q, n).find()) is not None:
            return told
        if tuple(self.reading.tok.words[self.q.i - 2 : self.q.i]) in _CONSISTS:
            return self._holding(n)
        simple = self.before.j - self.before.i == 1 or self.before.kind != "conj"  # "as well as" only joins
        if simple and self.before.word == "with" and n > 1 and self._apart(n):
            n -= 1  # "launched its biggest attack of the year, with 47 drones"
        if simple and self.before.word in _USING and self.before.kind in ("prep", "conj", "w", "subset", "sub"):
            self.way, n = "instrument", n - 1
            if self.before.word in _EMPLOYING and n > 0 and self.reading.items[n].kind == "comma":
                n -= 1  # "carried out 92 air strikes, using 137 bombs"
        return self._fronted() if n < 0 and simple and self.before.word == "with" else self._walk(n)

    def _walk(self, n: int) -> list[Attachment]:
        """The attachments found from item `n` leftward."""
        unknown = 0
        while n >= 0 and unknown < _UNKNOWN:
            item = self.reading.items[n]
            found = self._step(item, n)
            if found is not None:
                return found
            named = item.kind == "w" and self.reading.tok.capital(item.i)  # "the destroyer USS Jason B. Dunham"
            unknown += item.kind not in _LIGHT and item.kind not in _LINKS and not named
            n -= 1
        return []

    def _apart(self, n: int) -> bool:
        """True for "with" behind a comma that follows no other figure."""
        return self.reading.items[n - 1].kind == "comma" and all(i.q is None for i in self.reading.items[: n - 1])

    def _step(self, item: Item, n: int) -> list[Attachment] | None:
        """Take one item: attachments (perhaps none) end the walk, None goes on."""
        if item.kind == "v":
            return self._verb(item)
        if item.kind == "nominal":
            return None if self.linked else self._nominal(item)
        if item.kind == "noun" and self.before is not None and self.before.word == "with" and not self.linked:
            return self._made_with(item)
        if item.kind == "q":
            return self._used_in(item) if self.way == "instrument" and not self.linked else self._beside(item)
        if item.kind in _LINKS:
            if not self._between_places(n) and not self._set_off(item, n):
                self._link(item)
            return None
        if self.clause and item.kind in ("rel", "subset"):
            self.clause = False
            return None
        if item.kind == "subset" and item.word == "of" and self.linked:
            return None
        if item.kind == "subset":
            return self._included(item, n)
        ends = item.kind in _ENDS or (item.word == "it" and self.way == "object")
        return [] if ends else None

    def _made_with(self, item: Item) -> list[Attachment] | None:
        """ "launched a missile strike with two missiles": a noun that is an attack by its lexicon entry."""
        mine = self.q.noun.kind if self.q.noun is not None else None
        if self.reading.marks.nouns[item.i][1].object != "attack" or mine != "air":
            return None
        made = self.maker.made("launched", item, "nominal")
        return [made] if made else []

    def _fronted(self) -> list[Attachment]:
        """ "With 137 drones, the air force said, Russia attacked the country": the first verb behind."""
        verbs = (item for item in self.reading.items[self.start + 2 :] if item.v is not None)
        first = next(verbs, None)
        return self._made(first, "instrument") if first is not None else []

    def _size_of(self, item: Item) -> list[Attachment]:
        """ "a massive attack (112 drones, 5 missiles)", "one of its largest raids: 261 drones"."""
        if item.nominal is not None:
            return self._made(item, "with")
        raid = item.q.noun if item.q is not None else None
        flies = self.q.noun is not None and self.q.noun.kind == "air"
        made = self.maker.made("launched", item, "nominal") if raid and raid.object == "attack" and flies else None
        return [made] if made else []

    def _used_in(self, item: Item) -> list[Attachment] | None:
        """ "carried out 92 air strikes, using 137 bombs": what attacks are made with has been launched."""
        noun = item.q.noun if item.q is not None else None
        mine = self.q.noun.kind if self.q.noun is not None else None
        if noun is not None and noun.object == "attack" and self.before is not None and self.before.word in _ARMING:
            made = self.maker.made("launched", item, "nominal") if mine == "air" else None
            return [made] if made else []
        if mine == "air" and self.before is not None and self.before.word in _EMPLOYING and self._joined_by_and():
            made = self.maker.made("launched", item, "nominal")  # "dropping 138 bombs and using 5,310 drones"
            return [made] if made else []
        return None if noun is not None and noun.kind in ("thing", "event") else []

    def _joined_by_and(self) -> bool:
        """True where "and" stands before the word that is before the quantity."""
        return self.start > 0 and self.reading.items[self.start - 1].word == "and"

    def _set_off(self, item: Item, n: int) -> bool:
        """True for the comma of "the strike, carried out with 38 drones, damaged a port"."""
        attack = self.reading.items[n - 1].nominal if n and self.way == "instrument" and item.kind == "comma" else None
        return attack is not None and "air" in attack.with_

    def _between_places(self, n: int) -> bool:
        """True for the links of "attacked Natanz and Shiraz with 60 drones"."""
        items = self.reading.items
        return self.way == "instrument" and items[n + 1].kind == "geo" and n > 0 and items[n - 1].kind == "geo"

    def _beside(self, item: Item) -> list[Attachment] | None:
        """A quantity to the left: what it hangs on, or past it where it only describes the head of its list."""
        if self.clause and item.q is not None and item.q.pointing:
            self.clause = False
            return None  # the head of the clause: "two of which were intercepted, along with 28 drones"
        if self.clause and item.j == self.told_of:
            return None  # its subject: "23 missiles, of which 13 were shot down, and 109 drones"
        if self.way == "instrument" and self.joined:
            return self._shared(item)  # "attacked with a missile fired from Crimea and with 142 drones"
        if not self.linked or self.way != "object" or not (self.joined or self.q.number.kind != "article"):
            return []
        assert item.q is not None
        if self.joined and not self.known.get(id(item.q)) and item.q.part is None and item.q.object != self.q.object:
            self.clause = True
            return None
        return self._shared(item)

    def _link(self, item: Item) -> None:
        if self.way == "instrument" and self.before is not None and self.before.word in _EMPLOYING:
            return  # "carried out 92 air strikes on Izium and Lyman, using 137 bombs"
        self.linked = True
        if item.kind == "conj":
            self.joined = True
            self.together = self.together or item.word in _TOGETHER
            counted = item.j < len(self.reading.tok) and self.reading.tok.kinds[item.j] == NUMBER
            if item.word == "with" and self.way == "object" and (item is self.before or counted):
                self.way, self.linked = "instrument", False

    def _made(self, item: Item, way: str) -> list[Attachment]:
        made = self.maker.make(self.reading, self.q, item, way)
        return [made] if made else []

    def _verb(self, item: Item) -> list[Attachment] | None:
        assert item.v is not None
        if self.linked and self._in_clause(item):
            self.clause, self.told_of = True, item.i
            return None
        if self.joined and item.v.voice == "passive" and self._elsewhere():
            return self._made(item, "passive")
        if self.linked and self.together and item.v.voice != "active":
            return self._made(item, "passive")
        if self.linked and not self._lists_things(item):
            return None if item.v.voice == "reduced" else []
        return self._object_of(item)

    def _elsewhere(self) -> bool:
        """True for the drones of "two missiles were launched from Crimea and 60 drones from Kursk"."""
        ahead = self.reading.items[self.start + 2 : self.start + 4]
        placed = len(ahead) > 1 and ahead[0].word in _WHERE and (ahead[1].geo is not None or ahead[1].kind == "det")
        flies = self.q.noun is not None and self.q.noun.kind == "air"
        return placed and flies and not self.known[id(self.q)] and self.way == "object"

    def _lists_things(self, verb: Item) -> bool:
        """True for the verb of "destroyed a warehouse, 12 boats": its first object is told without a number."""
        n = self.reading.items.index(verb) + 1
        first = self.reading.items[n : n + 2]
        if self.known[id(self.q)] or self.way != "object" or [item.kind for item in first] != ["det", "noun"]:
            return False
        between = self.reading.items[n + 2 : self.start + 1]
        return verb.v is not None and verb.v.voice == "active" and all(i.kind in _LINKS for i in between[:1])

    def _in_clause(self, item: Item) -> bool:
        """True for the verb of a clause that only describes: "30 missiles, none of which reached Israel, and 120"."""
        n = self.reading.items.index(item)
        near = self.reading.items[max(0, n - 2) : n]
        return any(i.kind in ("rel", "subset") or self.reading.tok.word(i.j - 1) in ("which", "whom") for i in near)

    def _object_of(self, item: Item) -> list[Attachment]:
        assert item.v is not None
        if self.way == "object" and (item.v.voice == "passive" or self._set_apart(item.v)):
            return []
        own = any(not a.modifies for a in self.known[id(self.q)])
        if self.way == "object" and item.v.voice == "reduced" and own:
            return []
        if self.way == "instrument" and self.before is not None and self.before.word in _NOT_WITH_VERBS:
            return []
        return self._made(item, self.way)

    def _set_apart(self, v: Predicate) -> bool:
        """True for "the enemy struck again - 45 drones", where the figures say with what it struck."""
        apart = self.before is not None and self.before.kind == "dash"
        return apart and any(s.launch or s.agent.get("air") == "launched" for s in v.senses)

    def _nominal(self, item: Item) -> list[Attachment] | None:
        if self.way != "instrument" or self.before is None:
            return []
        if self.before.word == "of" and item.word in _BODIES and (outcome := self._outcome(item)):
            return outcome
        return self._made(item, "of" if self.before.word in _MADE_OF else "with") or None

    def _outcome(self, body: Item) -> list[Attachment]:
        """ "shot down a swarm of 58 drones": what was done to the swarm was done to its drones."""
        items = self.reading.items
        n = items.index(body) - 1
        while n >= 0 and items[n].kind in _LIGHT | {"w"} and items[n].kind != "prep":
            n -= 1
        made = self._made(items[n], "object") if n >= 0 and items[n].v is not None else []
        return [a for a in made if a.measure in _STOPPED and items[n].v.voice == "active"]  # type: ignore[union-attr]

    def _shared(self, item: Item) -> list[Attachment]:
        """The attachment of a coordinated quantity to the left that this one shares."""
        if item.q is None:
            return []
        owner = item.q.part if item.q.part is not None else item.q
        mine = [a.item for a in self.known[id(self.q)] if not a.modifies]
        if mine and not any(a.item in mine for a in self.known.get(id(owner), [])) and not self._armed(owner):
            return []  # else coordinated subjects: "impacts of three missiles and eight drones were registered"
        for a in self.known.get(id(owner), []):
            ways = {"nominal": ("of", "with"), "object": ("object",), "instrument": ("instrument",)}.get(a.way, ())
            for way in ways:
                if made := self._made(a.item, way):
                    return made
        return []

    def _armed(self, owner: Quantity) -> bool:
        """True for the boats of "a strike with ten missiles and three boats damaged a dock"."""
        items, n = self.reading.items, self.reading.position[id(owner)]
        made_with = n > 1 and items[n - 1].word == "with" and any(i.nominal for i in items[max(0, n - _ARMED) : n])
        return made_with and items[self.start].kind == "conj" and items[self.start - 1].q is owner

    def _included(self, item: Item, n: int) -> list[Attachment]:
        """ "The attack included 30 cruise missiles"."""
        if item.word not in _INCLUDED:
            return []
        return self._holding(n)

    def _holding(self, n: int) -> list[Attachment]:
        """The attack or the toll before item `n` that the quantity is a part of: "the dead include two children"."""
        for before in reversed(self.reading.items[max(0, n - 12) : n]):
            verb = before.v is not None and self.before is not None and self.before.kind == "subset"
            if before.kind in ("q", "semi") or verb:
                return []
            toll = before.nominal.count if before.nominal is not None and self.q.object == "person" else None
            if toll and (made := self.maker.made(toll, before, "nominal")):
                return [made]
            ways = ("with", "of") if before.nominal is not None and not before.nominal.weak else ()
            made = next((m for way in ways if (m := self.maker.make(self.reading, self.q, before, way))), None)
            if made is not None:
                return [made]
        return []
