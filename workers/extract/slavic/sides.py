"""Who attacks whom: by the weapon's owner, the doer, the target that is named, the ground below, and who speaks."""

from __future__ import annotations

from typing import Final, NamedTuple

from workers.extract.lexicon import Lexicon
from workers.extract.slavic.counts import Count
from workers.extract.slavic.grounds import country_of
from workers.extract.slavic.predicates import Predicate
from workers.extract.slavic.tokens import Token
from workers.extract.slavic.voices import hosts, side_of
from workers.extract.slavic.words import known
from workers.extract.world import PlaceMention

_REACH: Final = 9
_DEFENDS: Final = frozenset({"intercepted", "lost"})
_MAKERS: Final = frozenset({"IR"})
_NAME: Final = 5
"""Words of an owner behind the noun: "Вооруженных сил Украины (ВСУ)"."""
_ABBREVIATION: Final = 4
_ACCUSATIVE: Final = ("у", "ю")


class Sides(NamedTuple):
    """Attacker and target country; None where the words do not tell."""

    attacker: str | None
    target: str | None


def sides_of(
    words: list[Token],
    count: Count,
    predicates: dict[int, Predicate],
    place: PlaceMention | None,
    spoken: list[tuple[int, int]],
    offset: int,
) -> Sides:
    """The sides of one count, by its sentence alone."""
    found = _around(words, count, predicates, spoken, offset)
    ground = country_of(place) if place is not None else None
    if ground is not None and ground == found["fires"] and found["struck"] is None:
        ground = Lexicon.default().occupied.get(ground)  # who strikes his own ground strikes whoever holds it
    target = found["struck"] or ground or found["defends"]
    fires = found["fires"] if found["fires"] != target else None
    return completed(_owner(count, target) or fires, target)


def completed(attacker: str | None, target: str | None) -> Sides:
    """The other side of a war, where one side has one enemy alone; nobody attacks himself."""
    if attacker is not None and attacker == target:
        return Sides(None, target)
    foes = Lexicon.default().conflicts
    if attacker is None and target is not None and len(foes.get(target, ())) == 1:
        return Sides(foes[target][0], target)
    if target is None and attacker is not None and len(foes.get(attacker, ())) == 1:
        return Sides(attacker, foes[attacker][0])
    return Sides(attacker, target)


def _owner(count: Count, target: str | None) -> str | None:
    """Whose weapons they are: the phrase says it, or nobody else has them."""
    if count.object == "person":
        return None
    owner = count.owner
    foes = Lexicon.default().conflicts
    if owner is not None and (owner not in _MAKERS or owner in foes.get(target or "", ())):
        return owner  # a maker's name alone does not say who fires
    arsenal = Lexicon.default().spec.arsenals.get(count.model or "", ())
    return arsenal[0] if len(arsenal) == 1 else None


def _around(
    words: list[Token], count: Count, predicates: dict[int, Predicate], spoken: list[tuple[int, int]], offset: int
) -> dict[str, str | None]:
    """Who fires, who defends and who is struck, each by the words nearest to the number and its predicate."""
    spots = [count.i, count.j - 1] + ([count.verb] if count.verb is not None else [])
    found: dict[str, list[tuple[int, str]]] = {"fires": [], "defends": [], "struck": []}
    for k in range(max(0, min(spots) - _REACH), min(len(words), max(spots) + _REACH)):
        side = side_of(words[k].word)
        at = words[k].start - offset
        counted = k > 0 and words[k - 1].value is not None  # "890 окупантів" are done to, and do nothing
        counted = counted or (side == count.owner and count.j <= k < count.j + _NAME)
        owned = counted or (known("owners", words[k].word) and (k == count.j or _at_weapon(words, k)))
        if side is None or owned or count.i <= k < count.j or any(start <= at < end for start, end in spoken):
            continue
        distance = min(abs(k - spot) for spot in spots)
        found[_role(words, k, predicates)].append((distance, side))
    return {role: min(sides)[1] if sides else None for role, sides in found.items()}


def _at_weapon(words: list[Token], k: int) -> bool:
    """True for the adjective of a weapon, which says whose it is and nothing of who acts."""
    for token in words[k + 1 : k + 4]:
        if known("objects", token.word):
            return True
        if not token.word[0].isalpha():
            return False
    return False


def _role(words: list[Token], k: int, predicates: dict[int, Predicate]) -> str:
    """What a side does: it is struck ("по Україні"), or it does what the predicate nearest to it says."""
    if side_of(words[k].word) in hosts() or _is_struck(words, k, predicates):
        return "struck"
    near = min(predicates.values(), key=lambda p: (_steps(words, k, p.k), p.k < k), default=None)
    if near is not None and near.verb.measure("drone") in _DEFENDS:
        return "defends"
    return "fires"


def _steps(words: list[Token], k: int, verb: int) -> int:
    """How far a predicate is; across a comma it is further."""
    between = words[min(k, verb) + 1 : max(k, verb)]
    return len(between) + 4 * sum(token.word in (",", ";", ":", "\u2013") for token in between)


def _is_struck(words: list[Token], k: int, predicates: dict[int, Predicate]) -> bool:
    """True for "по Україні", "над территорией России" and "атакував Україну"."""
    word = words[k].word
    before = words[k - 1].word if k else ""
    if known("against", before):
        return True
    strikes = k - 1 in predicates and predicates[k - 1].verb.measure("drone") == "launched"
    return strikes and len(word) > _ABBREVIATION and word.endswith(_ACCUSATIVE)


def enemy_of(side: str | None) -> str | None:
    """The main enemy of a side."""
    foes = Lexicon.default().conflicts.get(side or "", ())
    return foes[0] if foes else None


def tells_of_enemy(words: list[Token]) -> bool:
    """True for a sentence that speaks of the enemy, whoever that is."""
    return any(known("enemy", token.word) for token in words)
