"""Who does it: the subject of an active predicate, the "by" of a passive one, the owner of a noun."""

from __future__ import annotations

from typing import Final, NamedTuple

from workers.extract.items import Item, Reading
from workers.extract.marks import BESIDE, Geo

_REACH: Final = 16
_SELLING: Final = frozenset({"in", "by", "from"})
_HELD: Final = frozenset(
    {"over", "in", "near", "against", "at", "on", "across", "above", "into", "toward", "towards", "around"}
)
_LENT: Final = frozenset({"of", "from", "by", "to", "with", "for", "including", "between"})
_BESIDE: Final = 3
"""Items from a figure to the verb of which it is the subject, that verb included."""
_IDLE: Final = frozenset({"adv", "skip", "time"})
_ENDS: Final = frozenset({"comma", "v", "claims", "sub", "rel", "q", "quote", "stop", "semi", "open"})


class Doer(NamedTuple):
    """The side that acts; `defence` where the text says that it is an air defence, `we` where a speaker says "we".

    `home` says that it is an army or a regime that is named without its country: "the military", "fighter jets".
    """

    code: str | None
    defence: bool = False
    we: bool = False
    home: bool = False


NOBODY: Final = Doer(None)


def _is_home(reading: Reading, item: Item) -> bool:
    """True for the words of an army or of what only armies fly."""
    words = reading.tok.words[item.i : item.j]
    home = reading.hints.home
    return bool(words) and (words[-1] in home or " ".join(words[-2:]) in home)


def is_annexed(geo: Geo) -> bool:
    """Whether a place has been another country's for so long that who acts there acts for that one."""
    return geo.occupied_by is not None and geo.place is not None and geo.place.region in ("Crimea", "Sevastopol")


def code_of(geo: Geo) -> str | None:
    """The side or country that a place or actor stands for."""
    if is_annexed(geo):
        return geo.occupied_by
    return geo.code or (geo.place.country if geo.place else None)


def of_origin(reading: Reading, geo: Geo) -> bool:
    """True for "Iranian-made", "of Iranian design" and "built in Iran": says where it was built, not whose it is."""
    tok, hints = reading.tok, reading.hints
    after = tok.word(geo.j)
    if (after == "-" and tok.glued(geo.j)) or after in hints.origin or after in hints.made:
        return True
    front = geo.i - 2 if tok.word(geo.i - 1) == "the" else geo.i - 1
    return tok.word(front) in _SELLING and tok.word(front - 1) in hints.made


def doer(reading: Reading, item: Item) -> Doer:
    """The doer of a predicate or nominal."""
    n = reading.items.index(item)
    if item.nominal is not None or item.v is None:
        return _possessor(reading, n)
    if item.v.voice != "active":
        return after_by(reading, n)
    return _subject(reading, n)


def after_by(reading: Reading, n: int) -> Doer:
    """The actor after "by" in the same clause."""
    items = reading.items
    for k in range(n + 1, min(n + _REACH, len(items))):
        if items[k].word == "by":
            return _actor_from(reading, k + 1)
        if items[k].kind in ("semi", "claims", "sub", "rel", "v") or (items[k].kind == "q" and k > n + 2):
            break
    return NOBODY


def _actor_from(reading: Reading, start: int) -> Doer:
    code, defence, home = None, False, False
    for item in reading.items[start : start + 9]:
        home = home or _is_home(reading, item)
        geo = item.geo if item.q is None else item.q.nation  # "killed by two Turkish drones"
        if geo is not None:
            code = code or (None if of_origin(reading, geo) else code_of(geo))
        elif item.kind == "office":
            defence = (
                defence
                or "defen" in reading.tok.words[item.i : item.j][-1]
                or "defen" in item.word
                or item.word == "air"
            )
        elif item.kind in _ENDS or (item.word in _HELD and (code or defence)):
            break
    return Doer(code, defence, home=home and code is None)


def _coordinated(items: list[Item], n: int) -> bool:
    """True when the predicate at `n` goes on with the subject of the one before: "hit a depot and shot down 3"."""
    for k in range(n - 1, max(-1, n - 4), -1):
        if items[k].kind == "conj" or (items[k].kind == "comma" and k == n - 1):
            return True
        if items[k].kind not in ("adv", "skip", "time", "prep"):
            return False
    return False


def _subject(reading: Reading, n: int) -> Doer:
    items = reading.items
    n = _main_verb(items, n)
    defence, skipping, own, home = False, _coordinated(items, n), False, False
    infinitive = items[n].v is not None and items[n].v.infinitive  # type: ignore[union-attr]
    for k in range(n - 1, max(-1, n - 1 - _REACH), -1):
        item = items[k]
        if item.kind == "v":
            skipping = item.v is not None and item.v.voice == "active" and _coordinated(items, k)
            if item.v is not None and item.v.voice != "active":
                return NOBODY if not infinitive else Doer(None, defence)
            continue
        if skipping:
            continue
        if item.geo is not None and _can_be_subject(reading, items, k, n):
            return Doer(code_of(item.geo), defence or _of_a_defence(reading, items, k))
        if item.q is not None and (armed := _with_a_nation(reading, k, n)) is not None:
            return armed
        if (own and _is_clause(item)) or (item.kind == "comma" and k + 1 < n and _opens_subject(items[k + 1])):
            break
        own = own or (item.kind in ("office", "pron", "noun", "q") and k < n)
        home = home or _is_home(reading, item)
        defence = defence or _is_defence(reading, item)
        if item.word in ("we", "our") or (item.word == "it" and k and items[k - 1].kind == "claims"):
            return Doer(None, defence, we=True)
        if item.kind in ("semi", "colon", "sub") or (item.kind == "claims" and not infinitive and k < n - 1):
            break
    return Doer(None, defence, home=home)


def _with_a_nation(reading: Reading, k: int, n: int) -> Doer | None:
    """The side of the figure right before its verb: "when a Turkish drone hit a car", "a junta jet bombed"."""
    items, q = reading.items, reading.items[k].q
    if q is None or n - k > _BESIDE or any(item.kind not in _IDLE for item in items[k + 1 : n]):
        return None
    if k and items[k - 1].kind in ("v", "prep", "conj", "comma"):
        return None  # the object of another verb, or one of a list
    nation = q.nation if q.nation is None or not of_origin(reading, q.nation) else None
    home = not reading.hints.home.isdisjoint(reading.tok.words[q.i : q.j])
    return Doer(code_of(nation) if nation is not None else None, home=nation is None) if nation or home else None


def _main_verb(items: list[Item], n: int) -> int:
    """The verb whose subject a gerund shares: "jets bombed a village in Iraq's Duhok province, killing two"."""
    v = items[n].v
    if v is None or not v.gerund or n == 0 or items[n - 1].kind != "comma":
        return n
    for k in range(n - 2, max(-1, n - 2 - _REACH), -1):
        main = items[k].v
        if main is not None and not main.gerund:
            return k if main.voice == "active" else n
        if items[k].kind in ("semi", "claims", "rel"):
            break
    return n


def _is_defence(reading: Reading, item: Item) -> bool:
    """True for the words of an air defence."""
    return item.kind == "office" and "defen" in " ".join(reading.tok.words[item.i : item.j])


def _of_a_defence(reading: Reading, items: list[Item], k: int) -> bool:
    """True for the owner in "the air defences of Jordan"."""
    head = next((n for n in range(k - 1, max(-1, k - 4), -1) if items[n].kind != "det"), k)
    return head > 0 and items[head].word == "of" and _is_defence(reading, items[head - 1])


def _is_clause(item: Item) -> bool:
    """True for what opens a clause or a part that hangs on the subject."""
    return item.kind == "rel" or (item.kind == "subset" and item.word == "of")


def _opens_subject(item: Item) -> bool:
    """True for what begins a subject behind a comma: "after the Israeli raid, the group fired"."""
    return item.kind in ("det", "office", "noun", "pron") and item.word not in ("its", "their")


def _can_be_subject(reading: Reading, items: list[Item], k: int, n: int) -> bool:
    geo = items[k].geo
    if geo is None:
        return False
    front = geo.i - 1
    while reading.tok.word(front) in BESIDE:
        front -= 1
    before = reading.tok.word(front)
    owned = k + 1 < n and items[k + 1].kind == "poss"
    if geo.form == "adjective":
        related = before == "by" and any(item.kind == "rel" for item in items[k:n])
        return (before not in _LENT | _HELD or related) and not of_origin(reading, geo)
    if not (geo.acts or owned):
        return False
    return (
        before not in _HELD
        and before not in ("from", "to", "with", "for", "by", "between")
        and not (before == "of" and geo.form != "noun")
    )


def _possessor(reading: Reading, n: int) -> Doer:
    """ "Russia's attack with", "an Iranian barrage of", else "by"."""
    items = reading.items
    if reading.tok.word(items[n].i - 1) == "under":
        return after_by(reading, n)
    for k in range(n - 1, max(-1, n - 6), -1):
        geo = items[k].geo
        owned = items[k + 1].kind == "poss"
        named = geo is not None and (geo.form != "noun" or (geo.place is None and not geo.voice) or owned)
        if geo is not None and named and not of_origin(reading, geo):
            return Doer(code_of(geo))
        carried = items[k].word == "out" and items[k - 1].word.startswith("carr")
        if carried or (items[k].word in reading.hints.staged and items[k].v is None):
            return _subject(reading, k)
        if items[k].kind == "v" or items[k].word in ("with", "in", "during"):
            governing = next((m for m in range(k, max(-1, k - 5), -1) if items[m].kind == "v"), None)
            verb = items[governing].v if governing is not None else None
            if governing is not None and verb is not None and verb.voice == "active":
                who = _subject(reading, governing)
                struck = _foils(items[governing]) or any(sense.doer == "target" for sense in verb.senses)
                return who._replace(defence=True) if struck else who  # "Ukraine recorded strikes by 17 drones"
            break
        if items[k].word == "of" and items[k - 1].word == "one":
            continue  # "hit back with one of its largest raids"
        if items[k].kind in ("q", "semi", "claims", "prep", "comma", "stop"):
            break
    by = after_by(reading, n)
    if by.code:
        return by
    home = by.home or any(_is_home(reading, item) for item in items[max(0, n - 2) : n])
    return Doer(_from(reading, n).code, home=home)


def _foils(item: Item) -> bool:
    """True for "repelled an attack with 40 drones", whose subject is not who attacked."""
    senses = item.v.senses if item.v is not None else ()
    return any(s.patient.get("air") == "intercepted" and not (s.instrument or s.agent or s.launch) for s in senses)


def _from(reading: Reading, n: int) -> Doer:
    """ "rocket fire from Gaza": where it came from."""
    items = reading.items
    for k in range(n + 1, min(n + 3, len(items))):
        geo = items[k].geo
        if geo is not None and reading.tok.word(geo.i - 1) == "from":
            return Doer(code_of(geo))
    return NOBODY
