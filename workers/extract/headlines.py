"""Figures side by side, without a verb of their own: "A quiet night: 47 drones, 31 shot down"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from workers.extract.items import Item, Reading
from workers.extract.predicates import Predicate
from workers.extract.quantity import Quantity

_NEAR: Final = 9
"""Items between "a missile fired from Crimea" and the figure that it is joined to."""
_HEADED: Final = 8
"""Items from the first figure of a headline to its colon."""
_JOINED: Final = 6
"""The most figures that a headline sets side by side; without an end to it a row of thousands would take for ever."""
_ATTACKED: Final = 16
"""Items in front of a colon in which the attack stands whose figures follow it."""
_ENDS: Final = frozenset({"sub", "rel", "claims", "semi", "colon", "pron"})
_OPENS: Final = frozenset({"colon", "quote"})
_COUNTING: Final = frozenset({"reported", "announced", "counted"})
_OUTCOMES: Final = frozenset({"intercepted", "lost", "hit"})


def told_apart(reading: Reading, q: Quantity) -> bool:
    """True for what is told by its outcomes, and was launched: "79 drones, of which 67", "47 drones, 31 shot down"."""
    if not _flies(q):
        return False
    n = reading.position[id(q)]
    if _listed_behind_an_attack(reading, n):
        return True
    if not _begins(reading, n):
        return False
    return any(_has_outcome(reading, k) for k in _joined(reading, n))


def _joined(reading: Reading, n: int) -> Iterator[int]:
    """The figure at item `n` and those joined to it: in "eight missiles and 104 drones, 91 shot down" both."""
    items = reading.items
    for k in range(n, min(n + 2 * _JOINED, len(items)), 2):
        q = items[k].q
        if q is None or not _flies(q) or (k > n and items[k - 1].kind != "conj"):
            return
        yield k


def _has_outcome(reading: Reading, n: int) -> bool:
    """True where what became of it, or the attack itself, is told right behind the figure."""
    if _heads_an_attack(reading, n):
        return True
    ahead = reading.items[n + 1 : n + 4]
    if [item.kind for item in ahead] == ["comma", "subset", "q"]:
        return ahead[1].word == "of"
    if ahead and ahead[0].kind == "comma" and len(ahead) > 1 and _part_of_it(reading, n + 2):
        return True  # "60 drones and 39 missiles, 84 of which were intercepted"
    return [item.kind for item in ahead[:2]] == ["comma", "q"] and _outcome(ahead[1:])


def _heads_an_attack(reading: Reading, n: int) -> bool:
    """True for the figures of "480 drones, 40 missiles: what is known of the overnight attack"."""
    items = reading.items
    colon = next((k for k in range(n + 1, min(n + _HEADED, len(items))) if items[k].kind in ("colon", "dash")), 0)
    row = [item for item in items[n + 1 : colon] if item.kind not in ("comma", "conj")]
    if not colon or not all(item.q is not None and _flies(item.q) for item in row):
        return False
    behind = [item for item in items[colon + 1 :] if item.nominal is not None or item.v is not None]
    return any(_attack(item) for item in behind)


def _listed_behind_an_attack(reading: Reading, n: int) -> bool:
    """True for the figures of "the regions came under attack: 620 drones, 45 missiles"."""
    items, first = reading.items, max(0, n - 2 * _JOINED)
    while n > first and (items[n - 1].kind in ("comma", "conj") or items[n - 1].q is not None):
        n -= 1
    if n == 0 or items[n - 1].kind not in ("colon", "dash"):
        return False
    told = items[max(0, n - _ATTACKED) : n - 1]
    repelled = any(item.v is not None and _stops(item.v) for item in told)
    return not repelled and any(map(_attack, told)) and not any(item.q is not None and _flies(item.q) for item in told)


def _stops(v: Predicate) -> bool:
    """True for "shot down" and "repelled"; "struck" and "targeted" are as often what an attack does."""
    return any(s.patient.get("air") == "intercepted" and not (s.launch or s.agent.get("air")) for s in v.senses)


def _attack(item: Item) -> bool:
    """True for a noun or a verb of attack."""
    if item.nominal is not None:
        return item.nominal.with_.get("air") == "launched"
    return item.v is not None and any(s.instrument.get("air") == "launched" or s.launch for s in item.v.senses)


def fronted(reading: Reading, q: Quantity) -> bool:
    """True for the whole of "Out of 131 drones, 102 were shot down", which was launched."""
    if not q.share or not _flies(q):
        return False
    n = reading.position[id(q)]
    ahead = reading.items[n + 1 : n + 4]
    if [item.kind for item in ahead] != ["comma", "q", "v"]:
        return False
    part, v = ahead[1].q, ahead[2].v
    if part is None or v is None or part.noun is not None or part.number.value > q.number.value:
        return False
    table = v.senses[0].agent if v.voice == "active" else v.senses[0].patient
    return not _OUTCOMES.isdisjoint(table.values())


def _begins(reading: Reading, n: int) -> bool:
    """True at the start of a line and behind a colon or a quote, and for the others of a row of such figures."""
    items = reading.items
    for _ in range(_JOINED):
        before = items[n - 2].q if n > 1 and items[n - 1].kind in ("conj", "comma") else None
        if before is None or not _flies(before):
            break
        n -= 2
    return n == 0 or items[n - 1].kind in _OPENS or items[n - 1].word in _COUNTING


def _part_of_it(reading: Reading, n: int) -> bool:
    """True for "84 of which were intercepted"."""
    q = reading.items[n].q
    v = reading.items[n + 1].v if n + 1 < len(reading.items) else None
    if q is None or not q.pointing or v is None or reading.tok.word(q.j - 1) != "which":
        return False
    return v.voice == "passive" and not _OUTCOMES.isdisjoint(v.senses[0].patient.values())


def _outcome(items: list[Item]) -> bool:
    """True for "31 shot down" and "49 interceptions", whose noun is the one before."""
    q = items[0].q
    if q is None or q.noun is not None or q.unknown is not None:
        return False
    if q.count is not None:
        return q.count.count in _OUTCOMES
    v = items[1].v if len(items) > 1 else None
    return v is not None and v.voice == "reduced" and not _OUTCOMES.isdisjoint(v.senses[0].patient.values())


def joined_to_a_count(reading: Reading, n: int) -> bool:
    """True for the one of "with an Iskander missile and 142 drones", which is told as a count."""
    joined = False
    for item in reading.items[n + 1 : n + _NEAR]:
        joined = joined or item.kind == "conj"
        if item.q is not None:
            return joined and _counted(item.q)
        if item.kind in _ENDS or (item.v is not None and item.v.voice != "reduced"):
            break
    before = reading.items[max(0, n - 2) : n]
    return [item.kind for item in before] == ["q", "conj"] and before[0].q is not None and _counted(before[0].q)


def _counted(q: Quantity) -> bool:
    return q.number.kind != "article" and _flies(q)


def _flies(q: Quantity) -> bool:
    return q.noun is not None and q.noun.kind == "air"
