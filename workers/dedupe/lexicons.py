"""The word lists of dedupe, read once from the package's data files and laid out for looking up one token."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("workers.dedupe") / "lexicon" / f"{name}.toml").read_text(encoding="utf-8"))


def _by_word(groups: Mapping[str, str]) -> dict[str, str]:
    """Each word of each group to the name of the group."""
    return {word: name for name, words in groups.items() for word in words.split()}


class Stems:
    """Words, some of them beginnings of words; asks whether a token is one of them."""

    def __init__(self, words: Iterable[str]) -> None:
        given = list(words)
        self._whole = frozenset(word for word in given if not word.endswith("*"))
        self._stems = tuple(word[:-1] for word in given if word.endswith("*"))

    def __contains__(self, token: str) -> bool:
        return token in self._whole or token.startswith(self._stems)


class StemNames:
    """Words, some of them beginnings of words, each with the name of its line; `get` gives it for a token, or None."""

    def __init__(self, groups: Mapping[str, str]) -> None:
        self.names = frozenset(groups)
        given = _by_word(groups)
        self._whole = {word: name for word, name in given.items() if not word.endswith("*")}
        self._stems = {word[:-1]: name for word, name in given.items() if word.endswith("*")}
        self._any = tuple(self._stems)
        self.get = lru_cache(maxsize=8192)(self._find)

    def _find(self, token: str) -> str | None:
        if token in self._whole:
            return self._whole[token]
        if not token.startswith(self._any):
            return None
        return next((name for stem, name in self._stems.items() if token.startswith(stem)), None)


_NUMBERS: Final = _read("numbers")
_WORDS: Final = _read("words")
_BOILERPLATE: Final = _read("boilerplate")
_AGENCIES: Final = _read("agencies")
_LEVEL: Final = _read("level")
_FURNITURE: Final = _read("furniture")

ADDENDS: Final = {
    word: int(value) for kind in ("units", "tens", "hundreds") for word, value in _by_word(_NUMBERS[kind]).items()
}
"""Number words that are added up: twenty, five."""
SCALES: Final = {word: int(value) for word, value in _by_word(_NUMBERS["scales"]).items()}
"""Number words that multiply what stands before them."""
VAGUE: Final = _by_word(_NUMBERS["vague"])
"""Figures without a value: dozens, half; each form to its name."""

CALENDAR: Final = {
    word: f"{kind}:{name}"
    for kind in ("weekdays", "months", "relative")
    for word, name in _by_word(_WORDS[kind]).items()
}
"""Words of the calendar, each to its kind and name: `weekdays:1`."""
NEGATIONS: Final = frozenset(_WORDS["negations"]["no"].split())
MANAGED: Final = frozenset(_WORDS["negations"]["managed"].split())
"""Stems of the verbs that with a no say that something did not come about."""
AUXILIARIES: Final = frozenset(_WORDS["auxiliary"]["auxiliary"].split())
WIDE_NAMES: Final = Stems(_WORDS["wide"]["names"].split())
STATUS: Final = Stems(_WORDS["status"]["status"].split())
STATUS_PHRASES: Final = tuple(" ".join(phrase.split()) for phrase in _WORDS["status"]["phrases"].split("/"))
STATES_OF: Final = StemNames(
    {f"{name} {side}": words for name, row in _WORDS["opposites"].items() for side, words in enumerate(row.split("/"))}
)
"""Lines of words for states, of which two exclude each other."""
EXCLUDED: Final = {f"{name} {side}": f"{name} {1 - side}" for name in _WORDS["opposites"] for side in (0, 1)}
"""Each state to the one that it excludes."""
THINGS: Final = StemNames(_WORDS["things"])
"""Lines of words for what is counted; a word of one line is no synonym of a word of another."""
PLACE_AFTER: Final = Stems(_WORDS["places"]["after"].split())
PLACE_BEFORE: Final = frozenset(_WORDS["places"]["before"].split())
BETWEEN: Final = frozenset(_WORDS["places"]["between"].split())
STATES: Final = frozenset(_WORDS["places"]["states"].split())
LATIN_ENDINGS: Final = frozenset({"", *_WORDS["endings"]["latin"].split()})
CYRILLIC_ENDINGS: Final = frozenset({"", *_WORDS["endings"]["cyrillic"].split()})
ALIASES: Final = _by_word(_WORDS["alias"])
TITLES: Final = frozenset(_WORDS["titles"]["titles"].split())
DOTTED: Final = frozenset(_WORDS["dotted"]["dotted"].split())
NO_NAMES: Final = frozenset(_WORDS["stop"]["first"].split())

PAGE_BEGINS: Final[tuple[str, ...]] = tuple(_BOILERPLATE["begins"])
PAGE_HOLDS: Final[tuple[str, ...]] = tuple(_BOILERPLATE["holds"])
PAGE_WORDS: Final = frozenset(_BOILERPLATE["if_word"].split())
REPLACES: Final[str] = _BOILERPLATE["replaces"]
CORRECTED: Final[str] = _BOILERPLATE["corrected"]
AGENCIES: Final[dict[str, list[str]]] = _AGENCIES["agencies"]
CUES: Final = frozenset(_AGENCIES["cues"]["words"].split())

PHRASES: Final = sorted(
    ((" ".join(phrase.split()), name) for name, phrases in _LEVEL["phrases"].items() for phrase in phrases.split("/")),
    key=lambda row: -len(row[0]),
)
"""Names of several words, each with what is written for it, the longest first: some begin with others."""
UNITS: Final = StemNames(_LEVEL["units"])
CURRENCIES: Final = _by_word(_LEVEL["currencies"])
HOURS: Final = _by_word(_LEVEL["hours"])
DAYTIMES: Final = {word: int(hours) for word, hours in _by_word(_LEVEL["day"]).items()}
"""Parts of the day that stand beside an hour, with what they add to one before noon."""
HOUR_AFTER: Final = frozenset(_LEVEL["before_hour"]["words"].split())
DOTTED_HOUR_AFTER: Final[tuple[str, ...]] = tuple(_LEVEL["before_hour"]["dotted"].split())
COUNTED: Final[tuple[str, ...]] = tuple(_LEVEL["counted"]["words"].split())
DROPPED: Final = frozenset(_LEVEL["dropped"]["words"].split())
OTHER_WORDS: Final = _by_word(_LEVEL["words"])
"""British words, each to the American one."""
NAME_GROUPS: Final = {name: group.split()[0] for group in _LEVEL["names"]["names"].split("/") for name in group.split()}
"""Spellings of one name, each to the first of them."""

PAGE: Final = Stems(_FURNITURE["page"]["strong"].split())
READER: Final = Stems(_FURNITURE["page"]["reader"].split())
DEEDS: Final = Stems(_FURNITURE["page"]["deeds"].split())
STAMPS: Final = Stems(_FURNITURE["page"]["stamps"].split())
AUTHORS: Final = Stems(_FURNITURE["page"]["authors"].split())
SAYING: Final = Stems([*_FURNITURE["background"]["saying"].split(), *CUES])
BACK: Final = frozenset(_FURNITURE["background"]["back"].split())
STATIVE: Final = Stems(_FURNITURE["background"]["stative"].split())
DENIAL: Final = frozenset(_FURNITURE["background"]["denial"].split())
SETTING: Final = Stems(_FURNITURE["background"]["setting"].split())
COMMENT: Final = Stems(_FURNITURE["background"]["comment"].split())
DECLINES: Final = Stems(_FURNITURE["background"]["declines"].split())
MISTAKEN: Final = frozenset(_FURNITURE["background"]["mistaken"].split())
NEWS_WORDS: Final = frozenset(_FURNITURE["background"]["news"].split())
EVENTS: Final = Stems(_FURNITURE["news"]["events"].split())
VICTIMS: Final = Stems(_FURNITURE["news"]["victims"].split())
ONCE_MORE: Final = Stems(_FURNITURE["news"]["more"].split())
LATER: Final = frozenset(_FURNITURE["news"]["later"].split())
LACK: Final = frozenset(_FURNITURE["headline"]["lack"].split())
ROUNDING: Final = frozenset(_FURNITURE["headline"]["rounding"].split())
TURNS: Final = StemNames(_FURNITURE["turns"])
"""Lines of words for what became of a matter; words of one line say the same."""
CREDITS: Final[tuple[str, ...]] = tuple(_FURNITURE["captions"]["credits"])
CONTACTS: Final[tuple[str, ...]] = tuple(_FURNITURE["captions"]["contacts"])


def things_among(words: Iterable[str]) -> frozenset[str]:
    """What is counted or befalls among words, by the names of their lines."""
    return frozenset(thing for word in words if (thing := THINGS.get(word)))
