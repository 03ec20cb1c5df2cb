"""Who says so: the claimant of a sentence, its side, and how it carries over to the next sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from workers.extract.doers import code_of
from workers.extract.items import Item, Reading
from workers.extract.lexicon import Lexicon
from workers.extract.marks import Geo

_REACH: Final = 24
_OPENING: Final = 8
"""Items in which the subject of a sentence stands."""
_CLOSING: Final = frozenset({"comma", "stop", "semi", "quote", "colon", "conj", "rel", "sub", "prep"})
"""Kinds of items behind which no subject of what is said goes on."""
_CORRECTING: Final = frozenset(
    {"corrects", "revises", "lowers", "raises", "cuts", "amends", "updates", "clarifies", "confirms"}
)
"""Verbs of a headline whose subject says what follows the colon: "Army corrects tally: three drones"."""
_HE: Final = frozenset({"he", "she", "they"})


@dataclass(frozen=True, slots=True)
class Speaker:
    """A claimant as the text names it, and the side that it speaks for."""

    name: str
    side: str | None


class Speakers:
    """Who speaks in each sentence of an article, found where a claim asks for it."""

    def __init__(self, reader: SpeakerReader, readings: list[Reading]) -> None:
        self._readings = readings
        self._reader = reader
        self._known: dict[int, Speaker | None] = {}

    def of(self, reading: Reading) -> Speaker | None:
        """The speaker named in a sentence; "it said" and bare offices go on with the one before."""
        chain: list[tuple[int, Speaker | None]] = []
        speaker: Speaker | None = None
        for index in range(reading.index, -1, -1):
            if index in self._known:
                speaker = self._known[index]
                break
            told = self._reader.named(self._readings[index])
            chain.append((index, told))
            if told.side if told is not None else not self._reader.goes_on(self._readings[index]):
                break
        for index, told in reversed(chain):
            if told is not None:
                speaker = told if told.side or speaker is None else Speaker(told.name, speaker.side)
            self._known[index] = speaker
        return speaker

    def nearest(self, reading: Reading, token: int) -> Speaker | None:
        """The speaker of one figure: who is said last before it in the sentence, else the sentence's own."""
        return self._reader.nearest(reading, token) or self.of(reading)


def _is_label(items: list[Item]) -> bool:
    """True for what stands before the colon of "Polish army: three drones", "Army corrects tally: three drones"."""
    if not items or any(item.q is not None or item.v is not None for item in items):
        return False
    named = items[-1].kind != "w" and all(item.kind in ("geo", "poss", "office", "det", "w") for item in items)
    return named or not _CORRECTING.isdisjoint(item.word for item in items)


class SpeakerReader:
    """Finds the claimant of a sentence."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._tells = lexicon.beginning("claims") | {":"}
        self._goes_on = self._tells | _HE | {'"'}

    def named(self, reading: Reading) -> Speaker | None:
        """The speaker that this sentence names."""
        if self._tells.isdisjoint(reading.tok.words):
            return None
        items = reading.items
        colon = next((n for n, item in enumerate(items[:6]) if item.kind == "colon"), 0)
        if _is_label(items[:colon]) and (found := self._scan(reading, items, range(colon - 1, -1, -1))) is not None:
            return found
        claims = (n for n, item in enumerate(items) if item.kind == "claims")
        return next((found for n in claims if (found := self._named(reading, items, n)) is not None), None)

    def nearest(self, reading: Reading, token: int) -> Speaker | None:
        """The speaker said last before a figure of a sentence that names several."""
        if self._tells.isdisjoint(reading.tok.words):
            return None
        items = reading.items
        said = [
            n for n, item in enumerate(items) if item.kind == "claims" and item.j <= token and item.word != "according"
        ]
        if len(said) < 2 and not (said and items[said[0]].i > 8):
            return None
        return self._scan(reading, items, range(said[-1] - 1, max(-1, said[-1] - 6), -1))

    def goes_on(self, reading: Reading) -> bool:
        """True within a paragraph, and where a later one still reports: "it said", a quotation."""
        if not reading.opens:
            return True
        if self._goes_on.isdisjoint(reading.tok.words):
            return False
        if reading.items and reading.items[0].word in _HE:
            return True
        return any(item.kind in ("claims", "quote") for item in reading.items)

    def _named(self, reading: Reading, items: list[Item], n: int) -> Speaker | None:
        """The actor next to a verb of saying: to the right of "according to", else left, else right."""
        after = range(n + 1, min(n + _REACH, len(items)))
        before = range(n - 1, max(-1, n - _REACH), -1)
        order: tuple[range, ...] = (after, before) if items[n].word == "according" else (before, after)
        k = n - 1
        while k > 0 and items[k].kind in ("adv", "skip"):
            k -= 1
        told = n + 1 < len(items) and items[n + 1].word == "that"
        if k >= 0 and items[k].word in _HE:
            order = (before, range(k), after)  # "the governor called the raid unsuccessful, he said"
        elif k >= 0 and items[k].word == "it":
            return self._opening(reading.passed or reading.previous)
        for row in order:
            if row is after and (told or _begins_what_is_said(items, n)):
                break  # "says that Russia has sent", "he said, Russia has sent": the subject of what is said
            if (found := self._scan(reading, items, row)) is not None:
                return found
        return None

    def _opening(self, reading: Reading | None) -> Speaker | None:
        """Who opens a sentence that reports nothing: "The Air Force has revised its figures. It says that"."""
        if reading is None or not self._tells.isdisjoint(reading.tok.words):
            return None
        opening = reading.items[:_OPENING]
        verb = next((n for n, item in enumerate(opening) if item.kind in ("v", "aux", "q")), len(opening))
        return self._scan(reading, reading.items, range(verb - 1, -1, -1))

    def _scan(self, reading: Reading, items: list[Item], row: range) -> Speaker | None:
        office: Item | None = None
        seat: Geo | None = None
        for item in self._near(items, row):
            if item.kind == "geo" and item.geo is not None and item.geo.acts:
                side = code_of(item.geo)
                if office is not None and office.i >= item.j:
                    return self._with_office(reading, item, office, side)
                return Speaker(self._text(reading, item.i, item.j), side)
            if item.kind == "geo" and item.geo is not None and item.geo.place is not None and office is None:
                seat = seat or item.geo
            elif item.kind == "geo" and item.geo is not None and office is not None and item.geo.place is not None:
                return self._with_office(reading, item, office, code_of(item.geo))
            if item.kind == "office":
                if seat is not None and 0 < seat.i - item.j <= 3:
                    return Speaker(self._text(reading, item.i, seat.j), code_of(seat))
                office = item
            elif item.kind in ("q", "v", "semi", "claims"):
                break
        return Speaker(self._text(reading, office.i, office.j), None) if office is not None else None

    def _near(self, items: list[Item], row: range) -> Iterator[Item]:
        """The items of a row; past the comma in front of an office only a name is still the office's own."""
        office: Item | None = None
        apart = False
        for k in row:
            item = items[k]
            apart = apart or (item.kind == "comma" and office is not None and item.j <= office.i)
            named = item.geo is not None and item.geo.voice
            if not apart or named or item.kind in ("q", "v", "semi", "claims"):
                yield item
            if item.kind == "office":
                office = item

    def _with_office(self, reading: Reading, item: Item, office: Item, side: str | None) -> Speaker:
        """The office with its place where they stand together, else the office, speaking for the place's side."""
        first, second = (item, office) if item.i < office.i else (office, item)
        if second.i - first.j <= 2 and reading.tok.word(first.j) != ",":
            return Speaker(self._text(reading, first.i, second.j), side)
        return Speaker(self._text(reading, office.i, office.j), side)

    def _text(self, reading: Reading, i: int, j: int) -> str:
        return " ".join(reading.tok.raw[i:j]).replace(" 's", "'s").replace(" - ", "-")


def _begins_what_is_said(items: list[Item], n: int) -> bool:
    """True where the next name is the subject of what is told at item `n`: "sources said the army had sent"."""
    if items[n].word == "according":
        return False
    for item in items[n + 1 : n + _REACH]:
        if item.kind == "v":
            return True
        if item.kind in _CLOSING:
            return item is items[n + 1] and item.kind == "comma"
    return False
