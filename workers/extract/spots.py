"""Where: the place of a claim, and the place at which an attack is aimed."""

from __future__ import annotations

from typing import Final

from workers.extract.doers import is_annexed, of_origin
from workers.extract.drafts import FLOWN, Draft
from workers.extract.items import Item, Reading
from workers.extract.lists import place_after, place_before
from workers.extract.marks import BESIDE, LOCAL, Geo

_TOWARDS: Final = frozenset(
    {"against", "at", "on", "toward", "towards", "into", "for", "across", "over", "targeting", "in", "onto"}
)
_ONWARDS: Final = frozenset({"toward", "towards", "into", "for"})
"""Where a drone that was lost flew on to, which is not whom it was sent at."""
_AIMED: Final = frozenset({"launched", "hit", "entered", "lost", "intercepted"})
_PARTS: Final = frozenset(
    {"district", "area", "state", "base", "direction", "directions", "territory", "rest", "airspace", "skies", "waters"}
    | {"vicinity", "surroundings", "environs", "neighbourhood", "neighborhood", "proximity", "municipality", "county"}
)
"""Words for a piece of ground and what lies over it; with the lexicon's kinds of places these stand before an "of"."""
_LAUNCHES: Final = frozenset({"launched", "entered", "hit", "fell"})
_AWAY: Final = frozenset({"km", "kilometres", "kilometers", "miles", "metres", "meters", "m", "away", "far", "hundred"})
"""Before "from" these make it a distance and no origin."""
_GROUNDS: Final = frozenset({"territory", "soil", "airspace", "skies", "regions", "cities"})
_OVER: Final = frozenset({"over", "in", "into", "across"})
_ABOVE: Final = frozenset({"over", "at", "against", "on"})
_HERE: Final = frozenset({"city", "town", "region", "district", "area", "province", "oblast", "port", "capital"})
_THERE: Final = 8
"""Items behind a number in which "over the city" may stand."""
_COMPASS: Final = frozenset({"north", "south", "east", "west", "centre", "center", "northeast", "southeast"})
_ARTICLES: Final = BESIDE | {"a", "an"}
_REGIONS: Final = frozenset({"regions", "oblasts", "provinces", "districts", "areas", "cities", "territories"})
"""Places in the plural, which a place with a name may be joined to."""
_FRONTS: Final = LOCAL | {"from", "by", "of", "with"}
"""Prepositions that stand in front of a place."""
_DESCRIBED: Final = 4
"""Words in which a sort of place is described: "on the besieged Ukrainian city of", "the naval base of"."""
_SEATED: Final = frozenset({"ministry", "embassy", "government", "officials", "authorities", "diplomats", "sources"})
"""Who has a seat somewhere, which is not where something happened."""
_REACH: Final = 18


def ground(geo: Geo, attacker: str | None, conflicts: dict[str, tuple[str, ...]] | None = None) -> str | None:
    """Whose ground a place is for an attack: an occupied place is its holder's when its owner attacks.

    Ground whose owner and holder are at war is left open while the attacker is unknown, except Crimea.
    """
    country = geo.place.country if geo.place else geo.code
    enemies = (conflicts or {}).get(attacker or "", ())
    if geo.occupied_by in enemies and country not in enemies:
        return geo.occupied_by
    if geo.occupied_by is None or geo.occupied_by == attacker:
        return country
    if attacker == country or is_annexed(geo):
        return geo.occupied_by
    return country if attacker is not None else None


def before(reading: Reading, geo: Geo) -> str:
    """The preposition in front of a place, past the article and past "the city of"; none for "built in Iran"."""
    if of_origin(reading, geo):
        return ""
    k = geo.i - 1
    word = reading.tok.word
    if word(k) == "of" and (_is_sort(reading, k - 1) or word(k - 1) in _COMPASS):
        k -= 2
        while _is_sort(reading, k):
            k -= 1  # "the southern port city of Odesa"
        k = next((m for m in range(k, k - _DESCRIBED, -1) if word(m) in _ARTICLES or word(m) in _FRONTS), k)
    while word(k) in ("and", ",") and word(k - 1) in _COMPASS:
        k -= 2
    while word(k) in _ARTICLES:
        k -= 1
    seated = word(k) == "in" and word(k - 1) in _SEATED  # "the Defence Ministry in Moscow said"
    return "" if seated or word(k - 1) == "according" else word(k)


def _is_sort(reading: Reading, k: int) -> bool:
    """True for "city" and "airspace", behind which the name of a place may follow with "of"."""
    word = reading.tok.word(k)
    return word in _PARTS or word in reading.hints.grounds


def target_of(draft: Draft) -> Geo | None:
    """The place in "against Ukraine", "at Haifa", or right behind an active verb of attack."""
    tie = draft.attachment
    if tie is None or tie.measure not in _AIMED:
        return None
    reading, items = draft.attachment_reading, draft.attachment_reading.items
    n = items.index(tie.item)
    start = min(n, reading.position.get(id(draft.q), n))
    for k in range(start + 1, min(n + _REACH, len(items))):
        item = items[k]
        if item.kind in ("semi", "claims", "colon", "sub") and k > n:
            break
        if _another_figure(items, k, draft) and k > n and tie.item.v is None:
            break
        if k > n and (_clause_of_its_own(items, k, draft) or _another_subject(items, k, tie.way)):
            break
        geo = item.geo
        if geo is not None and geo.form == "adjective" and _own_ground(reading, geo):
            return geo
        if geo is None or geo.place is None or geo.form != "noun":
            continue
        direct = k == n + 1 and tie.item.v is not None and tie.item.v.voice == "active" and tie.measure == "launched"
        named = before(reading, geo)
        if named == "from" or (tie.measure == "lost" and named in _ONWARDS):
            continue
        struck = tie.item.v is None and items[k - 1].v is not None and items[k - 1].v.voice == "active"  # type: ignore[union-attr]
        if (
            direct
            or struck
            or named in _TOWARDS
            or (tie.item.v is not None and named == reading.tok.word(tie.item.j - 1))
        ):
            return geo
    return _passive_subject(draft, n)


def _another_figure(items: list[Item], k: int, draft: Draft) -> bool:
    """True for a figure that counts neither another weapon nor the places in "strikes by two missiles at six sites"."""
    q = items[k].q
    if q is None or q is draft.q or q is draft.q.whole:
        return False
    kind = q.noun.kind if q.noun is not None else None
    beside = draft.q.noun is not None and draft.q.noun.kind == "air" and q.number.kind != "article"
    return kind != "thing" and not (kind == "air" and beside)


def _clause_of_its_own(items: list[Item], k: int, draft: Draft) -> bool:
    """True at the second number of "15 disappeared and one flew back towards Belarus"."""
    if items[k].word == "one":
        return items[k - 1].kind == "conj"
    after = items[k + 1].v if k + 1 < len(items) else None
    other = items[k].kind == "q" and items[k].q is not draft.q and items[k].q is not draft.q.whole
    return other and after is not None and after.voice == "active" and not after.gerund


def _another_subject(items: list[Item], k: int, way: str) -> bool:
    """True at the second number of "30 decoys vanished, two UAVs flew off into Belarus"."""
    return way == "subject" and items[k].kind == "q" and items[k - 1].kind == "comma"


def _own_ground(reading: Reading, geo: Geo) -> bool:
    """True for "at Ukrainian towns", "over Russian territory", "in Polish airspace"."""
    named = before(reading, geo)
    return named in ("at", "against", "on") or (reading.tok.word(geo.j) in _GROUNDS and named in _OVER)


def there(draft: Draft) -> bool:
    """True for "over the city", "at the region": a place that was named before, and no whole country."""
    return _definite_behind(draft) is not None


def definite(draft: Draft) -> str | None:
    """The sort of place in "over the city", behind the figure or at the beginning of its sentence."""
    words = draft.reading.tok.words
    opens = words[:1] in (["over"], ["in"], ["above"]) and words[1:2] == ["the"] and words[2] in _HERE
    return words[2] if opens else _definite_behind(draft)


def _definite_behind(draft: Draft) -> str | None:
    reading = draft.reading
    n = reading.position[id(draft.q)]
    for k in range(n + 1, min(n + _THERE, len(reading.items))):
        item = reading.items[k]
        if item.kind in ("q", "comma", "semi", "colon", "rel", "sub", "claims"):
            return None
        word = reading.tok.word
        if word(item.j - 1) in _ABOVE and word(item.j) == "the" and word(item.j + 1) in _HERE:
            return word(item.j + 1)
    return None


def _passive_subject(draft: Draft, n: int) -> Geo | None:
    """ "Odesa was attacked with 12 drones", "Atbara was the target of 15 drones"."""
    tie = draft.attachment
    if tie is None or tie.measure not in ("launched", "hit"):
        return None
    passive = tie.item.v is not None and tie.item.v.voice == "passive" and tie.way == "instrument"
    under = draft.attachment_reading.tok.word(tie.item.i - 1) == "under"
    if not passive and (tie.item.nominal is None or not (under or tie.item.nominal.word == "target")):
        return None
    items = draft.attachment_reading.items
    for k in range(max(0, n - 14), n):
        geo = items[k].geo
        if geo is not None and geo.form == "noun" and before(draft.attachment_reading, geo) not in ("by", "from"):
            return geo
    return None


def origin_of(draft: Draft) -> Geo | None:
    """The place in "fired from Lebanon at" or "drones that crossed from Lebanon", from which something came."""
    tie, reading = draft.attachment, draft.attachment_reading
    if tie is None and draft.head is not None and draft.measure in FLOWN:
        return _from(draft.reading, draft.reading.position[id(draft.q)], {"q"})
    if tie is None or tie.measure not in FLOWN:
        return None
    n = reading.items.index(tie.item)
    number = reading.position.get(id(draft.q), n)
    if tie.measure in _LAUNCHES and (found := _from(reading, max(n, number), {"q", "v"} if tie.item.v else {"v"})):
        return found
    return _from(reading, number, {"q"}, tie.item) if reading is draft.reading else None


def _from(reading: Reading, n: int, ends: set[str], past: Item | None = None) -> Geo | None:
    """The place behind the first "from" after item `n`; none where `past`, which is not a launch, stands in front."""
    for item in reading.items[n + 1 : n + 10]:
        if item is past or item.kind in ends or item.kind in ("semi", "claims", "sub", "stop"):
            return None
        if item.word == "from" and reading.tok.word(item.i - 1) in _AWAY:
            return None
        if item.geo is not None and before(reading, item.geo) == "from" and not of_origin(reading, item.geo):
            return item.geo
    return None


def place_of(draft: Draft) -> Geo | None:
    """The place of the quantity itself, of its predicate, or in front of the clause."""
    reading = draft.reading
    n = reading.position[id(draft.q)]
    after = place_after(reading, n) or (place_before(reading, n) if draft.head is not None else None)
    if after is not None and after.place is not None:
        return None if _joins_regions(reading, after) else after
    behind = _behind(draft, n)
    if behind is not None and _joins_regions(reading, behind):
        return None
    return behind or _in_front(reading, n) or _at_start(draft)


def _joins_regions(reading: Reading, geo: Geo) -> bool:
    """True for the sea of "over four regions and the Black Sea": one place of many without a name."""
    words, k = reading.tok.words, geo.i - 1
    while k > 0 and words[k] in _ARTICLES:
        k -= 1
    if k < 1 or words[k] not in ("and", ","):
        return False
    return words[k - 1] in _REGIONS or (words[k - 1] == "," and words[k - 2] in _REGIONS)


def _behind(draft: Draft, n: int) -> Geo | None:
    reading, items = draft.reading, draft.reading.items
    if draft.attachment is None or draft.attachment_reading is not reading:
        return None
    last = max(n, items.index(draft.attachment.item))
    for k in range(last + 1, min(last + 10, len(items))):
        if items[k].kind in ("q", "semi", "colon", "rel", "sub", "v", "stop"):
            return None
        if (found := _located(reading, items[k])) is not None:
            fronts = _opens_the_next(items, k)
            return None if fronts else found  # "were shot down, and in the Kirovohrad region three"
    return None


def _opens_the_next(items: list[Item], k: int) -> bool:
    """True for the place that a figure follows: "18 were shot down, over the Volgograd region, seven"."""
    start = k - 1
    while start > 0 and items[start].kind in ("det", "prep"):
        start -= 1
    after = k + 1 + (k + 1 < len(items) and items[k + 1].kind == "comma")
    listed = items[start].kind == "conj" or (items[start].kind in ("comma", "semi") and start < k - 1)
    return listed and after < len(items) and items[after].kind == "q"


def _in_front(reading: Reading, n: int) -> Geo | None:
    items = reading.items
    for k in range(n - 1, max(-1, n - 9), -1):
        if items[k].word == "where":
            return _antecedent(reading, k)
        if items[k].kind in ("q", "v", "semi", "sub", "rel", "conj") or (items[k].kind == "comma" and k > 4):
            return None
        found = _located(reading, items[k])
        if found is not None and (k <= 2 or before(reading, found) in LOCAL):
            return found
    return None


def _at_start(draft: Draft) -> Geo | None:
    """The place that opens the sentence, for the first figure in it: "Over Crimea, the ministry said, 51 ..."."""
    reading = draft.reading
    if reading.quantities[0] is not draft.q or len(reading.items) < 3 or reading.items[0].word not in LOCAL:
        return None
    geo = reading.items[1].geo or reading.items[2].geo
    return geo if geo is not None and geo.place is not None and geo.form == "noun" else None


def _antecedent(reading: Reading, k: int) -> Geo | None:
    """The place before "where": the first one named in its phrase, which is the nearest in kind."""
    found = [
        item.geo for item in reading.items[max(0, k - 8) : k] if item.geo is not None and item.geo.place is not None
    ]
    close = [geo for geo in found if geo.form == "noun" and geo.kind != "country"]
    return close[0] if close else None


def _located(reading: Reading, item: Item) -> Geo | None:
    """The place of an item where it says where something is."""
    geo = item.geo
    if geo is None or geo.place is None or geo.form != "noun" or (geo.kind == "country" and not geo.local):
        return None
    named = before(reading, geo)
    return geo if named in LOCAL or (geo.kind in ("region", "district", "water") and named != "from") else None
