"""Ukrainian and Russian names of places: their index, and the nominatives that an inflected word may stand for.

The index holds nominatives only and is built when the first Cyrillic name is met. An inflected word is undone by a
table of endings that serves both languages; it yields more guesses than are words, and the index keeps what exists.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice, product

from workers.extract.places_data import Entry, Index, build, capitals, key_of, latin, rows

_ENDINGS = (
    # adjectives: "над Брянською", "в Курской", "Криворізького"
    "оі:а іи:а ою:а,ая у:а,,о ои:ая,а ую:ая ого:ии,ыи,ое,е,ои ому:ии,ыи,ое,е,ои"
    " им:ии,е,ое ым:ыи,ое ом:ии,ыи,ое их:а ых:ая"
    # nouns in -а, -я, -ь
    " и:а,ь,я ы:а і:а,ь,о,я,, е:а,о,ь,, ю:я,ь,и ею:я,а еи:я,а ію:ія іі:ія ією:ія ии:ия ию:ия иеи:ия ью:ь нню:нь ччю:ч"
    # nouns in consonants, -о and -ів
    " а:,о я:ь,и,е,ья ем:ь,и,е ом:,о ям:я ова:ів ову:ів овом:ів ові:ів, єва:ів єву:ів євом:ів єві:ів"
    " огу:іг огом:іг озі:іг"
    # plural names: "у Сумах", "из Черкасс"
    " :и,ы ам:и,ы ами:и,ы ах:и,ы ів:и ов:ы"
)
_UNDO: dict[str, tuple[str, ...]] = {}
for _pair in _ENDINGS.split(" "):
    _ending, _, _nominatives = _pair.partition(":")
    _UNDO[_ending] = (*_UNDO.get(_ending, ()), *_nominatives.split(","))

_MOST_GUESSES = 400  # combinations for a name of several words
_SMALLEST_TOWN = 10  # thousands: names of villages are too often words of the language
_LARGE_TOWN = 50  # thousands: smaller towns named by an adjective are left out, for the adjective is everywhere
_REGION = " область"  # the source gives a town the name of its region here and there
_ADJECTIVES = ("ая", "ий", "ый", "ое", "ська", "ські", "цька", "зька", "ське")


def nominatives(word: str) -> list[str]:
    """The folded word itself and every word that it may be a form of, longest endings first."""
    guesses = [word]
    for size in range(min(4, len(word) - 1), -1, -1):
        stem, ending = (word[:-size], word[-size:]) if size else (word, "")
        guesses.extend(stem + nominative for nominative in _UNDO.get(ending, ()))
    return guesses


def readings(folded: str, names: dict[str, tuple[Entry, ...]]) -> tuple[Entry, ...]:
    """The readings of a folded name in any case, or none."""
    choices = [nominatives(word) for word in folded.split(" ")]
    for guess in islice(product(*choices), _MOST_GUESSES):
        found = names.get(" ".join(guess))
        if found:
            return found
    return ()


@cache
def cyrillic() -> Index:
    """The index of Ukrainian and Russian names."""
    return build(pair for source in (_countries, _regions, _places, _cities) for pair in source())


def _countries() -> Iterator[tuple[str, Entry]]:
    for iso, name, *_ in rows("countries.txt"):
        entry = next((each for each in latin().names[key_of(name)] if each.country == iso), None)
        if entry is not None and iso in capitals():
            yield from ((local, entry) for local in (*capitals()[iso].local, *_SHORT.get(iso, ())))


_SHORT = {"RU": ("РФ",), "US": ("США",), "GB": ("Британія", "Британия"), "AE": ("ОАЕ", "ОАЭ")}


def _regions() -> Iterator[tuple[str, Entry]]:
    for code, _, name, lat, lon, _, _, ukrainian, russian in rows("regions.txt"):
        held = "RU" if code in ("UA-43", "UA-40") else None
        entry = Entry(name, "region", code[:2], code, float(lat), float(lon), 5e6, held_by=held)
        for forms in (ukrainian, russian):
            stems, _, bare = forms.partition(";")
            yield from ((each, entry._replace(stem=True)) for each in stems.split(",") if each)
            yield from ((each, entry) for each in bare.split(",") if each)


def _places() -> Iterator[tuple[str, Entry]]:
    for _, country, region, name, _, _, _, ukrainian, russian, _ in rows("places.txt"):
        here = (
            e for e in latin().names[key_of(name)] if (e.country or "", e.region, e.stem) == (country, region, False)
        )
        for entry in here:
            yield from ((each, entry) for each in f"{ukrainian},{russian}".split(",") if each)


def _cities() -> Iterator[tuple[str, Entry]]:
    for name, _, country, region, lat, lon, thousands, local, seat in rows("cities.txt"):
        if local and int(thousands) >= _SMALLEST_TOWN:
            entry = Entry(
                name, "city", country, region, float(lat), float(lon), int(thousands) * 1000.0, capital_of=seat or None
            )
            large = int(thousands) >= _LARGE_TOWN
            towns = (each for each in local.split(",") if not each.endswith(_REGION))
            yield from ((each, entry) for each in towns if large or not each.endswith(_ADJECTIVES))
