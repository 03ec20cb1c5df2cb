"""What the word right before a quantity tells: what there was, what a night brought, who was hurt by what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from workers.extract.items import Item, Reading
from workers.extract.quantity import Quantity
from workers.extract.ties import Attachment, TieMaker

_ALOFT: Final = frozenset({"sky", "skies", "airspace", "overnight", "night"})
_INVERTED: Final = 9
"""Items back from "were" to the participle of "Also shot down, it said, were two missiles"."""


class Standing:
    """The ties of a quantity to the word before it, which is item `n` of its sentence."""

    def __init__(self, maker: TieMaker, reading: Reading, q: Quantity, n: int) -> None:
        self._maker, self._reading, self._q, self._n = maker, reading, q, n

    def find(self) -> list[Attachment] | None:
        """At most one tie; none where the word settles that nothing ties it, None where it leaves all open."""
        told = _TOLD.get(self._reading.items[self._n].word)
        return told(self) if told is not None else None

    def hurt(self) -> list[Attachment] | None:
        """ "caused minor injuries to three people"."""
        injuries = self._reading.items[self._n - 1] if self._n else None
        if injuries is None or injuries.nominal is None:
            return None
        harmed = self._q.object == "person" and injuries.nominal.count == "injured"
        return self._made("injured", injuries, "nominal") if harmed else []

    def brought(self) -> list[Attachment]:
        """ "The heaviest night brought 790 of them": what a night brings has been launched."""
        front = self._reading.items[: self._n]
        timed = any(item.kind == "time" for item in front) and all(item.kind != "v" for item in front)
        return self._launched() if timed and self._flies() else []

    def there(self) -> list[Attachment]:
        """What was shot down, who was among the dead, and what there was in the sky."""
        return self._inverted() or self._existential()

    def overhead(self) -> list[Attachment]:
        """ "We had 17 Shaheds over the city": what is above has been launched."""
        after = self._reading.tok.words[self._q.j : self._q.j + 1]
        flies = self._q.noun is not None and self._q.noun.kind == "air"
        ours = self._n > 0 and self._reading.items[self._n - 1].kind == "pron"
        return self._launched() if flies and ours and after in (["over"], ["above"]) else []

    def _existential(self) -> list[Attachment]:
        """ "Last night there were 267 drones in our sky", "last night there were 174"."""
        there = any(item.word == "there" for item in self._reading.items[max(0, self._n - 2) : self._n])
        aloft = there and not _ALOFT.isdisjoint(self._reading.tok.words)
        return self._launched() if aloft and self._flies() else []

    def _inverted(self) -> list[Attachment]:
        """ "Also shot down, it said, were two missiles"; "among the dead were two children"."""
        reading, n = self._reading, self._n
        words = reading.tok.words
        toll = reading.items[n - 1] if n > 1 else None
        among = words[toll.i - 2 : toll.i] if toll is not None else []
        if toll is not None and toll.nominal is not None and among in (["among", "the"], ["among", "those"]):
            return self._made(toll.nominal.count, toll, "nominal")
        those = reading.items[n - 2] if n > 1 else None
        if those is not None and (made := self._maker.among_those(reading, self._q, those)) is not None:
            return [made]
        for item in reading.items[max(0, n - _INVERTED) : n]:
            if item.v is not None and item.v.voice == "reduced" and item.i <= 3:
                tie = self._maker.make(reading, self._q, item, "passive")
                return [tie] if tie is not None else []
        return []

    def _flies(self) -> bool:
        return self._maker.lexicon.kinds.get(self._q.object or "") == "air"

    def _launched(self) -> list[Attachment]:
        return self._made("launched", self._reading.items[self._n], "object")

    def _made(self, measure: str | None, item: Item, way: str) -> list[Attachment]:
        tie = self._maker.made(measure, item, way)
        return [tie] if tie is not None else []


_Tell = Callable[[Standing], "list[Attachment] | None"]
_TOLD: Final[dict[str, _Tell]] = {
    "to": Standing.hurt,
    "among": Standing.hurt,
    "brought": Standing.brought,
    "brings": Standing.brought,
    "were": Standing.there,
    "was": Standing.there,
    "are": Standing.there,
    "had": Standing.overhead,
}
"""What each word before a quantity may tell."""
