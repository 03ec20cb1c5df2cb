"""The lexicon: words as data, merged from the package's files and the user's own, ready to look up."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

from workers.extract.countries import country_codes
from workers.extract.lexicon.build import (
    ActorSense,
    Entry,
    NominalSense,
    NounSense,
    Sense,
    TypedSense,
    VerbSense,
    build_entries,
)
from workers.extract.lexicon.schema import HintsSpec, LexiconError, LexiconSpec, MeasureSpec, check, merge, read

__all__ = [
    "ActorSense",
    "Entry",
    "HintsSpec",
    "Lexicon",
    "LexiconError",
    "MeasureSpec",
    "NominalSense",
    "NounSense",
    "Sense",
    "TypedSense",
    "VerbSense",
]  # fmt: skip

_FOLDER: Final = Path(__file__).parent


class Lexicon:
    """All words of one language by their first token; `parse` lays a user's TOML over the package's own.

    A user adds `[objects.*]`, `[measures.*]`, `[[verbs]]`, `[[nominals]]`, `[actors.*]`, `[cues]` or `[hints]` and
    needs no code.
    """

    def __init__(self, spec: LexiconSpec) -> None:
        self.spec = spec
        self.measures: dict[str, MeasureSpec] = spec.measures
        self.kinds: dict[str, str] = {name: obj.kind for name, obj in spec.objects.items()}
        self.entries: dict[str, tuple[Entry, ...]] = build_entries(spec)
        self.cues: dict[str, frozenset[str]] = {kind: frozenset(words) for kind, words in spec.cues.items()}
        self.hints: HintsSpec = spec.hints
        self.conflicts: dict[str, tuple[str, ...]] = spec.conflicts
        self._states = frozenset(country_codes().values())
        self.occupied: dict[str, str] = spec.occupied

    @classmethod
    def parse(cls, *texts: str) -> Lexicon:
        """The default lexicon with the given TOML texts merged over it; raises LexiconError."""
        document, names = _default_document(), "the lexicon"
        for number, text in enumerate(texts, 1):
            names = f"lexicon text {number}"
            document = merge(document, read(text, names))
        return cls(check(document, names))

    @classmethod
    @cache
    def default(cls) -> Lexicon:
        """The lexicon that ships with the package."""
        return cls(check(_default_document(), "the lexicon"))

    def beginning(self, *cues: str) -> frozenset[str]:
        """The words with which a cue of these kinds begins: where none of them stands, there is no such cue."""
        return frozenset(
            first for first, entries in self.entries.items() if any(entry.sense in cues for entry in entries)
        )

    def strikes_itself(self, country: str | None) -> bool:
        """True for a state that fights no other state, whose army may bomb its own villages: Myanmar, Sudan."""
        return country in self._states and self._states.isdisjoint(self.conflicts.get(country or "", ()))

    def measure_for(self, table: dict[str, str], obj: str | None) -> str | None:
        """The measure that a verb's table gives for an object: by name, by class, or for any."""
        if obj is None:
            return next(iter(table.values()), None)
        return table.get(obj) or table.get(self.kinds.get(obj, "thing")) or table.get("any")


def _default_document() -> dict[str, Any]:
    document: dict[str, Any] = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        document = merge(document, read(path.read_text(encoding="utf-8"), path.name))
    return document
