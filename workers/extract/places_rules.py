"""Which reading of a place name is meant: region words, lists, persons, common words, and the country of the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workers.extract.places_data import Entry, Kind, words


class Hit(NamedTuple):
    """A span of text and the readings its name has, the heaviest first."""

    start: int
    end: int
    readings: tuple[Entry, ...]


class Settled(NamedTuple):
    """A span and the one reading that is meant."""

    start: int
    end: int
    entry: Entry


_REGION = (
    r"regions?|oblasts?|provinces?|krai|krais|kray|territor(?:y|ies)|republics?|(?:autonomous )?okrugs?|governorates?"
    r"|voivodeships?|prefectures?|states?"
    r"|област[а-яі]{1,5}|кра[йяюєїемі][а-яї]{0,3}|округ[а-яі]{0,3}|рег[иі]он[а-яі]{0,3}"
)
_AFTER = re.compile(rf"[ \u00a0\n]({_REGION})\b(?!['’]s)(?! of)", re.IGNORECASE)
_REGION_STARTS = frozenset({"re", "ob", "pr", "kr", "te", "ok", "au", "go", "vo", "st", "об", "кр", "ок", "ре"})
"""The first two letters of all words of a region: most other words are told by them, without the expression."""
_DISTRICT_STARTS = frozenset("mdrcр")
_BEFORE = re.compile(rf"\b({_REGION}) of (?:the )?$", re.IGNORECASE)
_DISTRICT = re.compile(
    r"[ \u00a0](?:municipal )?(district|districts|raion|rayon|county|municipality|район[а-яі]{0,3})\b", re.IGNORECASE
)
_NEW_DISTRICT = re.compile(
    r"\b([A-Z][\w’'-]{2,30}) (?:municipal )?([Dd]istrict|[Rr]aion),?(?: of| in| \()?(?: the)? ?$"
)
_LIST = re.compile(
    r"(?:,|;|,? and|,? or|,? as well as|, and also|/| &)(?: in| over)?(?: the)? ?|\s?-\s?"
    r"|,? (?:та|і|й|и) (?:над |в |у )?"
)
_OF = re.compile(r",? (?:of|in|\() ?(?:the )?|, (?:the )?")
_RIGHT_WORD = re.compile(r" ([A-ZА-ЯІЇЄҐ][a-zа-яіїєґ’'-]{2,}\w*)")
_PLACED = re.compile(r"\b(?:in|near|outside|around|over|at|to|from|towards?|of|on) $")
_MANY = ("s", "і", "и", "ями", "ях", "ям", "ей")  # plural forms, some of them singular too: lists decide
_LONGER = re.compile(r" (?:de|del|da|do|dos|das)(?: la| las| los)? [A-Z]")
_SHORTER = re.compile(r"\b[A-Z]\w+ (?:de|del) $")
_CLEAR = 1.3e6
_TIMES_HEAVIER = 3
"""A reading above this weight, or so many times heavier than the next, is meant where nothing speaks against it."""
_REACH = 48  # characters before a name that the patterns may look at, so that a long text stays linear


def settle(text: str, hits: Sequence[Hit], context: frozenset[str]) -> list[Settled]:
    """The hits that are places, each with its reading and, for regions and districts, its whole span."""
    kept = [hit for i, hit in enumerate(hits) if not _is_other(text, hits, i)]
    marked = _marks(text, kept)
    if not context and any(is_open(hit.readings) for hit in kept):
        context = _countries(kept)
    settled = [_settle_one(text, kept, i, marked.get(i), context) for i in range(len(kept))]
    return list(_districts(text, [one for one in settled if one]))


def is_open(readings: Sequence[Entry]) -> bool:
    """True where the country of the rest decides between readings."""
    if len(readings) == 1:
        return False
    country = readings[0].country
    return any(entry.country != country for entry in readings)


def is_doubtful(readings: Sequence[Entry], context: frozenset[str]) -> bool:
    """True where no country that was named before decides, and the heaviest reading is no clear one."""
    if not is_open(readings) or any(entry.country in context for entry in readings):
        return False
    top = readings[0]
    other = next(entry for entry in readings if entry.country != top.country)
    return top.weight < max(_CLEAR, _TIMES_HEAVIER * other.weight)


def plain_country(text: str, hit: Hit) -> str | None:
    """The country of a hit that can be nothing else."""
    if is_open(hit.readings) or text[hit.start : hit.end] in words("weak.txt") | words("firstnames.txt"):
        return None
    return hit.readings[0].country


def prefer(readings: Sequence[Entry], context: frozenset[str]) -> Entry:
    """The heaviest reading, or the heaviest one in the countries that the text is about."""
    top = readings[0]
    if top.country is None or top.country in context:
        return top
    return next((entry for entry in readings if entry.country in context), top)


def _countries(hits: Sequence[Hit]) -> frozenset[str]:
    """Countries that a text names without doubt."""
    return frozenset(
        hit.readings[0].country
        for hit in hits
        if hit.readings[0].country and len({e.country for e in hit.readings}) == 1
    )


def _is_other(text: str, hits: Sequence[Hit], i: int) -> bool:
    """Whether a hit is a person's name or a common word instead of a place."""
    hit = hits[i]
    top = hit.readings[0]
    if _is_inside_name(text, hit):
        return True
    if top.form in ("adjective", "people") or top.kind in ("bloc", "water"):
        return False
    if _left_word(text, hit.start) in words("firstnames.txt") and not _after(text, hit.end):
        return True
    name = text[hit.start : hit.end]
    first, weak = name in words("firstnames.txt"), name in words("weak.txt")
    if not (first or weak):
        return False
    right = _RIGHT_WORD.match(text, hit.end)
    if right and first and _is_surname(hits, i, right):
        return True
    return weak and not _is_confirmed(text, hits, i, right)


def _is_inside_name(text: str, hit: Hit) -> bool:
    """True for a town's name in the longer one of another: "Santander de Quilichao", "Norte de Santander"."""
    if text.startswith(" d", hit.end) and _LONGER.match(text, hit.end):
        return True
    behind = text.endswith((" de ", "del "), 0, hit.start)
    return behind and _SHORTER.search(text, max(0, hit.start - _REACH), hit.start) is not None


def _after(text: str, end: int) -> re.Match[str] | None:
    """The word of a region right behind a name."""
    return _AFTER.match(text, end) if text[end + 1 : end + 3].casefold() in _REGION_STARTS else None


def _left_word(text: str, start: int) -> str:
    """The word right before a name, without its dot."""
    if text[start - 1 : start] != " ":
        return ""
    word = text[text.rfind(" ", max(0, start - _REACH), start - 1) + 1 : start - 1]
    return word if word.isalpha() else word.rpartition("\n")[2].strip('.“"(')


def _is_surname(hits: Sequence[Hit], i: int, right: re.Match[str]) -> bool:
    """Whether the capitalised word after a first name may be a surname."""
    word = right.group(1)
    if _after(right.string, hits[i].end) or _DISTRICT.match(right.string, hits[i].end):
        return False
    is_country = hits[i].readings[0].kind == "country"
    return not (is_country and (word.endswith("s") or word in ("Air", "Army", "Force", "Police", "To")))


def _is_confirmed(text: str, hits: Sequence[Hit], i: int, right: re.Match[str] | None) -> bool:
    hit = hits[i]
    if _after(text, hit.end) or _is_region_of(text, hit.start):
        return True
    if i + 1 < len(hits) and text[hit.end : hits[i + 1].start] == ", " and hits[i + 1].readings[0].kind in _WIDER:
        return True
    return right is None and _PLACED.search(text, max(0, hit.start - 9), hit.start) is not None


_WIDER = frozenset({"country", "region"})
_PARTED = frozenset({"city", "facility", "region"})
"""Kinds of places that have districts."""


def _marks(text: str, hits: Sequence[Hit]) -> dict[int, int]:
    """Hits that a region word makes a region, with the end of the span that the word widens them to."""
    marks: dict[int, int] = {}
    for i, hit in enumerate(hits):
        after = _after(text, hit.end)
        if after:
            marks[i] = after.end()
            if after.group(1).lower().endswith(_MANY):
                marks.update((j, hits[j].end) for j in _chain(text, hits, i, -1))
        elif _is_region_of(text, hit.start):
            marks[i] = hit.end
            if text[max(0, hit.start - 9) : hit.start].rstrip().lower().endswith(("s of", "s of the")):
                marks.update((j, hits[j].end) for j in _chain(text, hits, i, 1))
    return marks


def _is_region_of(text: str, start: int) -> bool:
    """Whether "the region of" stands before a name."""
    if not text.endswith(("of ", "of the "), 0, start):
        return False
    return _BEFORE.search(text, max(0, start - _REACH), start) is not None


def _chain(text: str, hits: Sequence[Hit], i: int, step: int) -> Iterator[int]:
    """Neighbours of a hit in a list such as "Bryansk, Kursk and Belgorod", in one direction."""
    j = i + step
    while 0 <= j < len(hits):
        left, right = sorted((j, j - step))
        between = text[hits[left].end : min(hits[right].start, hits[left].end + _REACH)]
        if hits[left].end + len(between) < hits[right].start or not _LIST.fullmatch(between):
            return
        yield j
        j += step


def _settle_one(text: str, hits: Sequence[Hit], i: int, mark: int | None, context: frozenset[str]) -> Settled | None:
    hit = hits[i]
    if mark is None and len(hit.readings) == 1 and not hit.readings[0].stem:
        return Settled(hit.start, hit.end, hit.readings[0])
    near = _next_country(text, hits, i) or context
    if mark is not None:
        stems = [entry for entry in hit.readings if entry.stem or (entry.kind == "region" and entry.form == "noun")]
        if stems:
            return Settled(hit.start, mark, prefer(stems, near)._replace(stem=False))
    plain = [entry for entry in hit.readings if not entry.stem]
    if not plain:
        return None
    entry = prefer(plain, near)
    if mark is not None and mark > hit.end and entry.kind == "city":
        word = text[hit.end : mark].strip().lower()
        kind: Kind = "district" if entry.country in ("UA", "RU") else "region"
        return Settled(hit.start, mark, entry._replace(kind=kind, name=f"{entry.name} {word}", capital_of=None))
    return Settled(hit.start, hit.end, entry)


def _next_country(text: str, hits: Sequence[Hit], i: int) -> frozenset[str]:
    """The country in "Alexandria, Egypt"."""
    if i + 1 == len(hits) or hits[i + 1].start - hits[i].end > 2 or text[hits[i].end : hits[i + 1].start] != ", ":
        return frozenset()
    following = hits[i + 1].readings[0]
    return frozenset({following.country}) if following.kind in _WIDER and following.country else frozenset()


def _districts(text: str, settled: Sequence[Settled]) -> Iterator[Settled]:
    """The mentions, with "X district" and "X district of the Y region" as one place each."""
    skip = False
    for i, one in enumerate(settled):
        if skip:
            skip = False
            continue
        match = None
        if one.entry.kind in _PARTED and text[one.end + 1 : one.end + 2].casefold() in _DISTRICT_STARTS:
            match = _DISTRICT.match(text, one.end)
        if match and one.entry.form == "noun":
            wider = settled[i + 1] if i + 1 < len(settled) else None
            name = f"{text[one.start : one.end]} {match.group(1).lower()}"
            yield _district(text, one, match.end(), name, wider)
            skip = bool(wider and _is_of(text, match.end(), wider))
        elif one.entry.kind == "region":
            yield _named_district(text, one, settled[i - 1].end if i else 0)
        else:
            yield one


def _district(text: str, one: Settled, end: int, name: str, wider: Settled | None) -> Settled:
    entry = one.entry._replace(kind="district", name=name, capital_of=None)
    if wider and _is_of(text, end, wider):
        return Settled(one.start, wider.end, entry._replace(region=wider.entry.region, country=wider.entry.country))
    return Settled(one.start, end, entry)


def _is_of(text: str, end: int, wider: Settled) -> bool:
    near = wider.start - end < 12
    return near and wider.entry.kind == "region" and _OF.fullmatch(text, end, wider.start) is not None


def _named_district(text: str, one: Settled, floor: int) -> Settled:
    """A region with the district before it that the gazetteer does not know."""
    match = _NEW_DISTRICT.search(text, max(floor, one.start - _REACH), one.start)
    if not match:
        return one
    name = f"{match.group(1)} {match.group(2).lower()}"
    return Settled(match.start(), one.end, one.entry._replace(kind="district", name=name))
