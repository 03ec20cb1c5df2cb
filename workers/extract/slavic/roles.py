"""Sides, places and times of claims: first from their own sentence, then from the sentences and claims around them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Final, NamedTuple

from schemas.article import Article
from workers.extract.nights_model import TimeMention
from workers.extract.nights_resolve import resolve
from workers.extract.slavic.claims import Claim, Sentence
from workers.extract.slavic.counts import Count
from workers.extract.slavic.grounds import country_of, is_local, is_origin, place_at
from workers.extract.slavic.sides import completed, enemy_of, sides_of, tells_of_enemy
from workers.extract.slavic.times import nearest
from workers.extract.slavic.voices import is_abroad, side_of
from workers.extract.slavic.words import kind_of, known
from workers.extract.world import PlaceMention

Pair = tuple[str | None, str | None]
"""Attacker and target country."""
_HOME: Final = ("UA", "RU")
"""The country of the language and its enemy."""
_LONG: Final = frozenset({"cumulative", "multi_day", "past"})
_HARM: Final = frozenset({"killed", "injured", "casualties"})
_BACK: Final = 8
"""Sentences back to which a time is looked for."""
_TALK: Final = 3
"""Sentences for which somebody goes on speaking."""
_OLDER_REACH: Final = 8
_BESIDE: Final = 4
"""Characters between a number and a time that dates it: " за "."""
_EARLIER: Final = frozenset({"вранці", "зранку", "вдень", "вчора", "утром", "днем", "вчера", "раніше", "недавно"})
_FEW: Final = 5


def draw(said: Sentence, count: Count, before: list[Sentence]) -> Iterator[Claim]:
    """The claims that one number comes to, with what its own sentence says of them; "по одному над A и B" are two."""
    if count.object is None or count.measure is None:
        return
    for place in _spots(said, count, before):
        what = replace(count) if count.each else count
        what.older = _is_older(said, count)
        claim = Claim(said, what, count.object, count.measure, place)
        claim.time = _time(said, count, before)
        claim.voice = said.voice
        claim.heard = next((s.voice for s in reversed(before[-_TALK:]) if s.voice is not None), None)
        ground = place or (_country(said, count, before) if count.object == "person" else None)
        claim.attacker, claim.target = sides_of(said.words, count, said.predicates, ground, said.spoken, said.start)
        claim.local = place is not None or (said.voice is not None and said.voice.local)
        claim.more = count.more or _adds(said, count)
        claim.recap = _is_background(said, count, claim.time)
        yield claim
    if count.all and count.measure in ("intercepted", "lost") and count.object != "person" and not count.head:
        whole = replace(count, measure="launched", way="object", head=None)
        claim = Claim(said, whole, count.object, "launched", None, time=_time(said, count, before), voice=said.voice)
        claim.attacker, claim.target = sides_of(said.words, count, said.predicates, None, said.spoken, said.start)
        yield claim


def _is_background(said: Sentence, count: Count, time: TimeMention | None) -> bool:
    """True for what is usual, and for what is recalled without its time."""
    if any(known("usual", t.word) for t in said.words):
        return True
    if time is not None:
        start = said.words[count.i].start - said.start
        back = max((o.j for o in said.counts if o.j <= count.i), default=0)
        since = said.words[back].start - said.start
        return any(m.kind == "past" and since <= m.start < start for m in said.times)
    return any(known("recap", t.word) for t in said.words[: count.i])


def take_dated(said: Sentence) -> None:
    """ "Вночі збито 24 дрони, за серпень – 900": a bare number with its own time counts what the one before does."""
    for before, count in pairwise(said.counts):
        bare = count.object is None and not count.alien and count.verb is None
        if bare and before.measure is not None and before.object is not None and _dated_apart(said, before, count):
            count.object, count.measure, count.way = before.object, before.measure, "elided"
            count.status, count.verb = before.status, before.verb


def _dated_apart(said: Sentence, before: Count, count: Count) -> bool:
    """True where a time stands between two numbers behind a comma, or right behind the second."""
    start, i, j = (said.words[k].end - said.start for k in (before.j - 1, count.i, count.j - 1))
    return any((start < m.start < i) or (j < m.start <= j + _BESIDE) for m in said.times)


def _spots(said: Sentence, count: Count, before: list[Sentence]) -> list[PlaceMention | None]:
    """The place of a number; each place of "one each over"."""
    if count.each:
        end = said.words[count.j - 1].end - said.start
        others = [o.i for o in said.counts if o.i >= count.j]
        others += [k for k in range(count.j, len(said.words)) if known("rest", said.words[k].word)]
        stop = said.words[min(others)].start - said.start if others else len(said.text)
        each: list[PlaceMention | None] = [m for m in said.places if end <= m.start < stop and is_local(m)]
        if each:
            return each
    if count.whole:
        return [None]
    here = place_at(said.words, said.start, count, said.counts, said.places)
    return [here or (_that_region(said, before) if len(said.counts) == 1 else None)]


def _that_region(said: Sentence, before: list[Sentence]) -> PlaceMention | None:
    """ "Над областю збито 14": the region that the sentences before it told last."""
    words = [t.word for t in said.words]
    if not any(known("ground", a) and known("that", b) for a, b in pairwise(words)):
        return None
    regions = (m for s in reversed(before[-_BACK:]) for m in reversed(s.places) if m.kind == "region")
    return next(regions, None)


def _country(said: Sentence, count: Count, before: list[Sentence]) -> PlaceMention | None:
    """The country in which people were hurt: "землетрус у Туреччині"; "там" is the place told last."""
    if any(t.word == "там" for t in said.words[: count.i]):
        return next((m for s in reversed(before[-_BACK:]) for m in reversed(s.places)), None)
    countries = [m for m in said.places if m.kind == "country" and not is_origin(said.words, m, said.start)]
    return countries[0] if len({m.place.country for m in countries}) == 1 else None


def _adds(said: Sentence, count: Count) -> bool:
    return count.more and count.object is not None and not count.pointing


def _is_older(said: Sentence, count: Count) -> bool:
    """True for "раніше йшлося про 12" and "до этого он говорил о 20"."""
    others = [o.j for o in said.counts if o.j <= count.i and o.object == count.object]
    start = max([count.i - _OLDER_REACH, 0, *others])
    words = [t.word for t in said.words[start : count.i]]
    told = any(known("older", word) for word in words if word != "этого")
    if any(a in ("ще", "еще") and b in _EARLIER for a, b in pairwise(words)):
        return True
    return told or any(a == "до" and b in ("этого", "цього") for a, b in pairwise(words))


def _time(said: Sentence, count: Count, before: list[Sentence]) -> TimeMention | None:
    """The mention that dates a number: in its own sentence, else in one of those before it."""
    position = said.words[count.i].start - said.start
    mention = nearest(said.times, position, said.text)
    if mention is not None:
        return mention
    leans = (
        count.way in ("elided", "listed") or count.pointing or any(t.word in ("также", "також") for t in said.words[:4])
    )
    for earlier in reversed(before[-_BACK:]):
        fit = [m for m in earlier.times if not m.recalls and (leans or m.kind not in _LONG)]
        if fit:
            return fit[-1]
        leans = leans and not earlier.counts
    return None


# --- around a claim -------------------------------------------------------------------------------------


class Frame(NamedTuple):
    """What an article as a whole says: its first night or day, whether it tells of a war, whose ground it names."""

    heading: TimeMention | None
    war: bool
    ground: Pair | None
    named: bool
    """True where it names one of the two countries of this war, or somebody who speaks for one."""
    abroad: bool
    """True where it names another country."""


def frame_of(told: list[Sentence]) -> Frame:
    """The frame of an article, from all of its sentences."""
    mentions = (m for said in told for m in said.times if m.kind not in _LONG and not m.unit)
    words = {token.word for said in told for token in said.words}
    places = [m for said in told for m in said.places]
    countries = {code for m in places if (code := country_of(m)) is not None} | {side_of(word) for word in words}
    return Frame(
        heading=next(mentions, None),
        war=any(known("attack", word) or kind_of("objects", word) not in (None, "person") for word in words),
        ground=_ground(places),
        named=bool(countries.intersection(_HOME)) or any(said.voice for said in told),
        abroad=bool(countries - {None, *_HOME}) or any(map(is_abroad, words)),
    )


def _ground(places: list[PlaceMention]) -> Pair | None:
    """The country whose towns and regions are named most, and its enemy."""
    codes = Counter(code for m in places if is_local(m) and (code := country_of(m)) is not None)
    target = codes.most_common(1)[0][0] if codes else None
    foe = enemy_of(target)
    return (foe, target) if foe is not None else None


def settle(article: Article, language: str, claims: list[Claim], frame: Frame) -> None:
    """Fill what sentences leave out: sides from speakers and other claims, time from the head of the article."""
    _by_antecedent(claims)
    _by_row(claims)
    for claim in claims:
        _by_voice(claim, language)
    _by_neighbours(claims, language, frame)
    for claim in claims:
        if claim.object == "person" and not frame.war:
            claim.attacker = None
        mention = claim.time or frame.heading
        claim.span = resolve(mention, article.published, claim.target)
        if claim.local and claim.span.period == "unknown" and claim.object != "person":
            claim.uncounted = "no-time-nobody-says"
        claim.recap = claim.recap or claim.span.recap
        if (
            claim.object == "drone"
            and claim.value <= _FEW
            and any(known("contraband", t.word) for t in claim.said.words)
        ):
            claim.uncounted = "smuggling"


def _by_row(claims: list[Claim]) -> None:
    """A place before a row of numbers holds for all of them, as it does for the dead and the hurt of a sentence."""
    for before, claim in pairwise(claims):
        if claim.place is not None or before.place is None or before.said is not claim.said or claim.what.whole:
            continue
        people = before.object == claim.object == "person"
        leads = before.place.end + before.said.start <= before.said.words[before.what.i].start
        if leads and (people or before.what.verb == claim.what.verb) and not claim.what.head:
            claim.place, claim.local = before.place, True
            claim.attacker, claim.target = before.attacker or claim.attacker, before.target or claim.target


def _by_antecedent(claims: list[Claim]) -> None:
    """A number that leaves its noun out has the sides of the one told before it."""
    for before, claim in pairwise(claims):
        leans = claim.what.way in ("elided", "listed") or claim.what.pointing
        same = (before.object == "person") == (claim.object == "person")
        open_ = claim.target is None or not claim.local
        if leans and same and open_ and before.target is not None and before.said.field == claim.said.field:
            claim.attacker, claim.target = before.attacker, before.target


def _by_voice(claim: Claim, language: str) -> None:
    """The side that speaks of what it shot down or suffered; the enemy's weapons in the language of the other side."""
    if claim.voice is not None and claim.voice.holds and claim.measure in _HARM:
        claim.attacker, claim.target = enemy_of(claim.voice.side), claim.voice.side
    if claim.target is not None:
        return
    enemy = claim.what.enemy or tells_of_enemy(claim.said.words)
    if enemy and language == "uk":
        side: str | None = "UA"
    elif claim.voice is not None and (claim.measure != "launched" or enemy or claim.attacker is None):
        side = claim.voice.side
    elif claim.voice is None and claim.measure == "intercepted" and claim.heard is not None and claim.attacker is None:
        side = claim.heard.side
    else:
        return
    if side != claim.attacker:
        claim.attacker, claim.target = completed(claim.attacker or enemy_of(side), side)


def _by_neighbours(claims: list[Claim], language: str, frame: Frame) -> None:
    """The sides of the claim told before, else of most claims of the article, else of its ground and language."""
    known_pairs = Counter((c.attacker, c.target) for c in claims if c.attacker and c.target)
    common = known_pairs.most_common(1)[0][0] if known_pairs else None
    last: Pair | None = None
    for claim in claims:
        if claim.target is None or (claim.attacker is None and claim.object != "person"):
            pair = last or common or frame.ground or (_at_home(claim, frame) if language == "uk" else None)
            fit = next((p for p in (pair, pair and pair[::-1]) if p is not None and _fits(claim, p)), None)
            if fit is not None:
                claim.attacker, claim.target = fit
                claim.notes.add("around" if last or common else "language")
        if claim.attacker and claim.target:
            last = (claim.attacker, claim.target)


def _at_home(claim: Claim, frame: Frame) -> Pair | None:
    """The attack on the country of the language, where no other country is named; people may have had an accident."""
    accident = claim.object == "person" and not (frame.named or frame.war)
    return None if frame.abroad or accident else _HOME[::-1]


def _fits(claim: Claim, pair: Pair) -> bool:
    return claim.attacker in (None, pair[0]) and claim.target in (None, pair[1])
