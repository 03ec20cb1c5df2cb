"""Lists under a head: "27 over Rostov, eight over Bryansk", "one each over A and B", "another 12", "including two"."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from workers.extract.drafts import Draft
from workers.extract.items import Item, Reading
from workers.extract.lexicon import Lexicon
from workers.extract.marks import LOCAL, Geo
from workers.extract.quantity import Quantity

_BETWEEN: Final = frozenset({"det", "dash", "adv", "skip", "w", "noun", "time"})
_LIST: Final = frozenset({"comma", "conj", "geo", "det", "prep"})
_OVER: Final = frozenset({"stop", "comma", "semi", "close", "conj", "sub", "prep"})
"""What may follow an item that says no more: "ten of them when a hillside gave way"."""
_LINKS: Final = frozenset({"comma", "conj"})
_ALOFT: Final = frozenset({"over", "above", "near", "off", "around"})
_AIMED: Final = frozenset({"to", "toward", "towards", "against", "for"})
_BOUND: Final = frozenset({("bound", "for"), ("on", "course"), ("en", "route"), ("headed", "for")})
_LARGEST: Final = frozenset({"number", "figure", "share", "most", "many"})
_HEADS: Final = frozenset({"colon", "dash", "open"})
_LINES: Final = 8
"""Lines below the one that ends with a colon that may be items of its list."""
_WINDOW: Final = 6
"""How many claims back a list item may look for its head."""


class ListReader:
    """Binds numbers that have no predicate of their own to the claim that heads their list."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def inherit(self, reading: Reading, q: Quantity, new: list[Draft], told: list[Draft]) -> list[Draft]:
        """Drafts of a list item, one per place for "each"; none where nothing ties it to a head."""
        if new and q.elided and _compared(reading, q) and new[-1].object == q.object:
            return [replace(self.part(reading, q, new[-1], "compared"), head=None)]
        if q.elided and reading.tok.word(q.i - 1) == "at":
            return []  # "debris came down at four more": places
        if new and new[-1].way == "total" and q.object and self._close(reading, new[-1], reading.position[id(q)]):
            draft = self.part(reading, q, new[-1], "total")
            draft.head = None
            return [draft]
        head = None if _of_events(reading, q) else self.head(q, new, told)
        if head is None or not self._tied(reading, q, new, head):
            return []
        if head.reading is not reading and q.number.value > head.value and not (q.additional or q.elided):
            return []  # no part of what was told before
        draft = self.part(reading, q, head, "listed")
        return self.each(draft) or [draft]

    def head(self, q: Quantity, new: list[Draft], told: list[Draft]) -> Draft | None:
        """The nearest claim before, of the same object where the item names one."""
        near = self._near(q, new, told)
        if near is None or near.way != "listed" or near.head is None:
            return near
        own = q.pointing and near.reading.quantities[-1] is not near.q and near.object != near.head.object
        return near if own else near.head  # "379: 368 drones, 100 of them by jamming" are drones

    def _near(self, q: Quantity, new: list[Draft], told: list[Draft]) -> Draft | None:
        for draft in reversed([*told[-_WINDOW:], *new]):
            if draft.way in ("all", "whole"):
                continue
            if draft.object == "aerial_target" and q.noun is not None and q.noun.kind == "air" and not q.mixed:
                return draft
            if q.noun is None or q.object == draft.object or (q.noun.kind == "person" and draft.object == "person"):
                return draft
        return None

    def part(self, reading: Reading, q: Quantity, head: Draft, way: str) -> Draft:
        """A draft that takes measure, object and attachment from its head."""
        obj = (q.object if q.noun is not None else None) or head.object
        draft = Draft(reading, q, obj, head.measure, way, head.attachment, q.number.value, q.number.high, head=head)
        draft.additional, draft.source = q.additional, head.attachment_reading
        if reading.items[max(0, reading.position[id(q)] - 1)].kind == "subset":
            draft.notes.add("subset")
        return draft

    def _tied(self, reading: Reading, q: Quantity, new: list[Draft], head: Draft) -> bool:
        n = reading.position[id(q)]
        before = self._previous(reading.items, n)
        if before is not None and before.kind == "subset":
            return True
        placed = (
            place_after(reading, n) is not None
            or self._timed(reading, n, new)
            or self._by_somebody(reading, n)
            or (bool(new) and q.elided and self._bound_for(reading, n))
            or (q.pointing and _on_the_way(reading, q))
            or each_after(reading, n) > 0
            or place_before(reading, n) is not None
            or (q.elided and head.reading is reading and self._somewhere(reading, n, before))
        )
        if not placed and self._itemised(reading, n, q, head, before):
            return True
        if not placed:
            if q.pointing and q.noun is not None and head.reading is reading:
                return True  # "nine wounded, two of them children"
            if q.noun is not None and head.reading is reading and before is not None:
                return self._joined(before, new) and self._close(reading, new[-1], n)
            return (
                (q.pointing or q.additional) and q.noun is None and head.reading is reading and self._ends(reading, n)
            )
        near = new[-1] if new else None
        if q.noun is None and head.reading is not reading and near is None:
            fronted = (n <= 5 and place_before(reading, n) is not None) or (
                before is not None and before.kind == "colon"
            )
            return q.additional or q.remaining or q.pointing or n <= 2 or fronted
        return True

    def _itemised(self, reading: Reading, n: int, q: Quantity, head: Draft, before: Item | None) -> bool:
        """True for the first item of "118 targets that night: 21 missiles and 97 drones", and for items in lines."""
        if q.noun is None or q.noun.kind not in ("air", "craft"):
            return False
        if head.reading is reading:
            colon = before is not None and before.kind in _HEADS
            listed = [i for i in reading.items[reading.position[id(head.q)] : n] if i.kind in _HEADS]
            return colon or (len(listed) == 1 and before is not None and before.kind in _LINKS)
        opens = head.reading.tok.words[-1:] == [":"]
        return opens and n <= 1 and reading.index - head.reading.index <= _LINES

    def _joined(self, before: Item, new: list[Draft]) -> bool:
        """True for the items of "47 missiles: three Kinzhals, 30 Kh-101s and 14 Iskanders"."""
        return bool(new) and (before.kind in ("conj", "colon") or (before.kind == "comma" and new[-1].way == "listed"))

    def _timed(self, reading: Reading, n: int, new: list[Draft]) -> bool:
        """ "29 on Thursday and 48 overnight": a list by time, behind a claim of the same sentence."""
        items = [i for i in reading.items[n + 1 : n + 4] if i.kind not in ("prep", "det", "adv", "sub")]
        return bool(new) and bool(items) and items[0].kind == "time"

    def _somewhere(self, reading: Reading, n: int, before: Item | None) -> bool:
        """ "20 above the peninsula": an item of a list over ground that no gazetteer names."""
        ahead = reading.items[n + 1 : n + 3]
        listed = before is not None and (before.kind == "colon" or before.kind in _LINKS)
        return listed and len(ahead) == 2 and ahead[0].word in _ALOFT and ahead[1].kind in ("det", "w", "geo")

    def _bound_for(self, reading: Reading, n: int) -> bool:
        """ "the remaining three to Jazan": a list by where they flew."""
        ahead = reading.items[n + 1 : n + 4]
        return len(ahead) > 1 and ahead[0].word in _AIMED and any(item.geo is not None for item in ahead[1:])

    def _by_somebody(self, reading: Reading, n: int) -> bool:
        """ "16 by the army": a list by who did it."""
        items = reading.items
        return (
            n + 1 < len(items)
            and items[n + 1].word == "by"
            and any(i.kind in ("office", "geo") for i in items[n + 2 : n + 5])
        )

    def _close(self, reading: Reading, head: Draft, n: int) -> bool:
        """True when only links and places stand between the head and the item."""
        start = reading.position[id(head.q)]
        return all(item.kind in _LIST or item.kind == "colon" for item in reading.items[start + 1 : n])

    def _ends(self, reading: Reading, n: int) -> bool:
        """True where the item says no more than how: "18 of them critically"."""
        after = next((item for item in reading.items[n + 1 : n + 4] if item.kind not in ("skip", "adv")), None)
        return after is None or after.kind in _OVER

    def _previous(self, items: list[Item], n: int) -> Item | None:
        while n > 0:
            n -= 1
            aside = items[n].kind == "comma" and n > 0 and items[n - 1].kind == "subset"  # "half of them, 38, over"
            if items[n].kind not in ("det", "adv", "skip", "quote") and not aside:
                return items[n]
        return None

    def each(self, draft: Draft) -> list[Draft]:
        """One draft per place for "one each over A, B and C"; none without "each"."""
        reading, n = draft.reading, draft.reading.position[id(draft.q)]
        start = each_after(reading, n)
        if not start:
            return []
        places = _places(reading, start) or _places_before(reading, n)
        out = []
        for geo in places:
            copy = replace(draft, place=geo, notes=set(draft.notes), way="listed" if draft.head else draft.way)
            copy.scope = "part"
            out.append(copy)
        return out


def _on_the_way(reading: Reading, q: Quantity) -> bool:
    """True for "five of the drones were on their way to", "five of them bound for": a part, whatever became of it."""
    words = reading.tok.words
    start = q.j + (words[q.j : q.j + 1] in (["were"], ["was"]))
    return words[start : start + 3 : 2] == ["on", "way"] or tuple(words[start : start + 2]) in _BOUND


def _compared(reading: Reading, q: Quantity) -> bool:
    """True for "against 17 in 2021", "compared with 300 a year ago"."""
    words = reading.tok.words
    return words[q.i - 1] == "against" or words[q.i - 2 : q.i] in (["compared", "with"], ["compared", "to"])


def _of_events(reading: Reading, q: Quantity) -> bool:
    """True for "3,200 attacks, 70 of them with launchers": a part of what stands before it, and that is no claim."""
    n = reading.quantities.index(q)
    before = reading.quantities[n - 1].noun if n else None
    return q.pointing and q.noun is None and before is not None and before.kind == "event"


def each_after(reading: Reading, n: int) -> int:
    """The item after the word "each" when it belongs to the quantity at item `n`, or 0."""
    for k in range(n + 1, min(n + 9, len(reading.items))):
        item = reading.items[k]
        if item.word in ("each", "apiece"):
            return k + 1
        if item.kind not in ("prep", "det", "w", "adv", "v", "skip", "noun", "dash"):
            return 0
    return 0


def place_after(reading: Reading, n: int) -> Geo | None:
    """The place in "over the Bryansk region" right after the quantity at item `n`."""
    items = reading.items
    if [item.kind for item in items[max(0, n - 1) : n + 2]] == ["comma", "q", "comma"] and _counts_most(reading, n):
        n += 1  # "with the largest number, 24, over Bryansk"
    land: Geo | None = None
    for k in range(n + 1, min(n + 8, len(items))):
        item = items[k]
        if item.geo is not None and k == n + 2 and items[n + 1].kind == "dash" and item.geo.form == "noun":
            return item.geo if item.geo.kind != "country" else None  # "31 - Bryansk region"
        if item.kind == "geo" and item.geo is not None:
            prior = _AIMED.isdisjoint(items[m].word for m in range(n + 1, k)) and {
                items[m].word for m in range(n + 1, k) if items[m].kind in ("prep", "sub", "w")
            }
            if not prior or not prior & LOCAL or "according" in prior:
                return None
            if item.geo.form != "adjective":
                return item.geo
            land = item.geo  # "over the Russian city of Ryazan" names the town behind
        elif item.kind not in ("prep", "w", *_BETWEEN):
            break
    return land


def _counts_most(reading: Reading, n: int) -> bool:
    """True behind "the largest number," and "the highest figure,"."""
    named = reading.tok.word(reading.items[n].i - 2) in _LARGEST
    return named and n + 2 < len(reading.items) and reading.items[n + 2].kind == "prep"


def place_before(reading: Reading, n: int) -> Geo | None:
    """The place in "over Kursk region 12", "Crimea: 51", right before the quantity."""
    items, k = reading.items, n - 1
    fronted = k >= 2 and items[k].kind == "comma" and any(items[m].kind in _LINKS for m in range(max(0, k - 4), k))
    bracketed = k >= 0 and items[k].kind == "open"
    while k >= 0 and (items[k].kind in ("dash", "colon", "quote", "adv", "open") or (fronted and k == n - 1)):
        k -= 1
    geo = items[k].geo if k >= 0 else None
    if geo is None or geo.place is None or geo.form != "noun":
        return None
    listed = k > 0 and items[k - 1].kind in ("colon", "semi", "comma") and items[n - 1].kind == "dash"
    first = (
        k == 0 or bracketed or listed or reading.tok.word(geo.i - 1) in LOCAL or reading.tok.word(geo.i - 2) in LOCAL
    )
    apart = items[max(0, k - 3)].kind != "v" or items[k - 2].kind == "conj"
    return geo if first and (apart or listed) else None


def _places_before(reading: Reading, n: int) -> list[Geo]:
    """The places of "over the Tambov and Penza regions, five each": those since the number before."""
    items, start = reading.items, n
    while start > 0 and items[start - 1].kind in ("geo", "det", "prep", "w", "noun", *_LINKS):
        start -= 1
        if items[start].kind == "prep" and start > 0 and items[start - 1].kind in _LINKS:
            break
    return _places(reading, start) if start < n else []


def _places(reading: Reading, start: int) -> list[Geo]:
    """The places of a list that begins at item `start`."""
    found: list[Geo] = []
    for item in reading.items[start : start + 40]:
        if item.kind == "geo" and item.geo is not None and item.geo.place is not None:
            aside = reading.tok.word(item.geo.i - 1) == "of" and reading.tok.word(item.geo.i - 2) not in (
                "regions",
                "region",
                "oblasts",
                "each",
                "skies",
                "sky",
                "territory",
                "airspace",
                "republic",
            )
            if item.geo.form == "noun" and item.geo.kind != "country" and not aside:
                found.append(item.geo)
        elif item.kind in ("q", "v", "stop", "semi", "rel", "sub", "claims", "quote"):
            break
    return found
