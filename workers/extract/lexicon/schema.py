"""The lexicon as a document: what a pack of words may say, checked before anything is built of it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, ValidationError

from schemas.base import Document
from schemas.event import EventType

Side = Literal["attacker", "target", "none"]
ObjectClass = Literal["air", "craft", "person", "thing", "event"]


class LexiconError(ValueError):
    """A lexicon that cannot be used; the message names every wrong entry and what to write instead."""


class ObjectSpec(Document):
    """One object: its class, its nouns in the singular, and the models that go by a name of their own."""

    kind: ObjectClass = Field("thing", alias="class")
    nouns: tuple[str, ...] = ()
    mass: tuple[str, ...] = ()
    irregular: dict[str, tuple[str, ...]] = {}
    models: dict[str, tuple[str, ...]] = {}


class MeasureSpec(Document):
    """One measure: the type of event that it makes, whose doing it is, and its rank among outcomes."""

    type: EventType = "other"
    subtype: str | None = None
    agent: Side = "none"
    rank: int = 5
    object: str | None = None


class VerbSpec(Document):
    """Predicates of one meaning: the measure for each class of object that undergoes, does or serves it."""

    lemmas: tuple[str, ...]
    patient: dict[str, str] = {}
    agent: dict[str, str] = {}
    instrument: dict[str, str] = {}
    object: str | None = None
    launch: bool = False
    active: bool = False
    """True for verbs that give the measure in the active voice only."""
    named: bool = False
    """True for verbs that give the measure only to what is named: "counted 206 drones", not "counted 19"."""
    doer: Side | None = None
    """Whose doing it is, where it is not the measure's agent: who detects drones is their target."""
    negated: dict[str, str] = {}
    """What the agent did where it is told not to have done this: "did not reach their targets"."""
    to: str | None = None
    """The measure when it is done to forces or an office: "sent to the army"."""
    placed: bool = False
    """Only in front of a place, unless passive: "blasts Ukraine with 90 drones", not "blasts were heard"."""
    defended: str | None = None
    """The measure of what flies where an air defence does it, or "by" tells who: "batteries engaged 12 drones"."""
    raid: str | None = None
    """The measure of what flies when an attack is named behind: "deployed 47 drones in an overnight attack"."""


class NominalSpec(Document):
    """Nouns of one meaning: "the downing of 14 drones", "an attack with 46 drones", "567 arrests"."""

    words: tuple[str, ...]
    of: dict[str, str] = {}
    with_: dict[str, str] = Field({}, alias="with")
    count: str | None = None
    object: str | None = None
    irregular: tuple[str, ...] = ()
    weak: bool = False


class ActorSpec(Document):
    """One actor: the words that mean it, and the people and offices that speak for it."""

    names: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()


class NumbersSpec(Document):
    """Number words: units, multipliers, groups ("dozen"), vague plurals ("dozens") and ordinals."""

    words: dict[str, int] = {}
    scale: dict[str, int] = {}
    group: dict[str, int] = {}
    vague: dict[str, int] = {}
    ordinals: dict[str, int] = {}


class TypedSpec(Document):
    """Events without a number: one of `nouns` as object or subject of one of `verbs` is an event of this type.

    `direction` asks for attacker and target, `weapon` for a noun that attacks, `placed` for a place right behind.
    """

    name: str
    type: EventType
    subtype: str | None = None
    object: str | None = None
    verbs: tuple[str, ...]
    nouns: tuple[str, ...]
    direction: bool = False
    weapon: bool = False
    placed: bool = False
    triggers: tuple[str, ...] = ()
    """Words that make a sentence worth reading for this rule."""


class HintsSpec(Document):
    """Words by which the grammar tells what a sentence is about; none of them makes a sentence worth reading."""

    home: frozenset[str] = frozenset()
    """The forces of a state that is not named: "killed by the military", "fighter jets bombed"."""
    staged: frozenset[str] = frozenset()
    """Verbs that only say that an attack was made: their subject is the attacker."""
    made: frozenset[str] = frozenset()
    """Verbs that tell where a weapon is from: "built in Britain", "bought from Iran"."""
    origin: frozenset[str] = frozenset()
    """The same behind a nationality, besides those verbs: "Iranian design"."""
    fire: frozenset[str] = frozenset()
    """Weapons, attacks from the air and wars: who is killed in a sentence with one of them was under fire."""
    attack: frozenset[str] = frozenset()
    """Of these every report of an attack has one in the sentences that are read."""
    goods: frozenset[str] = frozenset()
    """What is handed over or bought: "the delivery comprises 1,400 drones"."""
    fighters: frozenset[str] = frozenset()
    """People of whom a side counts its enemy's as readily as its own."""
    civilians: frozenset[str] = frozenset()
    """People whom a defence ministry counts where they are its own country's."""
    armies: frozenset[str] = frozenset()
    """In the name of a claimant these make it one that counts its enemy's dead too."""
    guards: frozenset[str] = frozenset()
    """Who shoots at what flies: "batteries engaged 12 drones" brought them down."""
    animals: frozenset[str] = frozenset()
    """Who is killed and hurt and is no person."""
    local: frozenset[str] = frozenset()
    """Offices that speak for one town or region and never for the country."""
    heads: frozenset[str] = frozenset()
    """The same beside the name of a town or region: "the head of the neighbouring Tula region"."""
    grounds: frozenset[str] = frozenset()
    """Kinds of places: who strikes one attacks the country in which it lies."""


class LexiconSpec(Document):
    """A whole lexicon file."""

    objects: dict[str, ObjectSpec] = {}
    measures: dict[str, MeasureSpec] = {}
    forms: dict[str, tuple[str, str]] = {}
    verbs: tuple[VerbSpec, ...] = ()
    nominals: tuple[NominalSpec, ...] = ()
    actors: dict[str, ActorSpec] = {}
    conflicts: dict[str, tuple[str, ...]] = {}
    occupied: dict[str, str] = {}
    stands_for: dict[str, str] = {}
    suppliers: dict[str, tuple[str, ...]] = {}
    haunts: dict[str, str] = {}
    arsenals: dict[str, tuple[str, ...]] = {}
    cues: dict[str, tuple[str, ...]] = {}
    hints: HintsSpec = HintsSpec()
    numbers: NumbersSpec = NumbersSpec()
    typed: tuple[TypedSpec, ...] = ()


def read(text: str, name: str) -> dict[str, Any]:
    """Parse one TOML text; raises LexiconError with the place of the error."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{name}: is no TOML: {error}") from error


def merge(base: Mapping[str, Any], extra: Mapping[str, Any], *, joins: bool = True) -> dict[str, Any]:
    """Lay one document over another: tables are merged, lists are joined, single values and `[forms]` replaced."""
    out = dict(base)
    for key, value in extra.items():
        old = out.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            out[key] = merge(old, value, joins=key != "forms")
        elif joins and isinstance(old, list) and isinstance(value, list):
            out[key] = [*old, *value]
        else:
            out[key] = value
    return out


def check(document: Mapping[str, Any], name: str) -> LexiconSpec:
    """Validate a merged document, names of measures and objects included; raises LexiconError."""
    try:
        spec = LexiconSpec.model_validate(document)
    except ValidationError as error:
        lines = (f"{name}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise LexiconError("\n".join(lines)) from error
    if wrong := list(_unknown(spec)):
        raise LexiconError("\n".join(f"{name}: {line}" for line in wrong))
    return spec


def _unknown(spec: LexiconSpec) -> list[str]:
    """Complaints about measures and objects that no table defines."""
    measures = {*spec.measures, "=", "none"}
    objects = {*spec.objects, "air", "craft", "person", "thing", "event", "any"}
    wrong = []
    rows = [*((v.lemmas[:1], (v.patient, v.agent, v.instrument)) for v in spec.verbs)]
    rows += [(n.words[:1], (n.of, n.with_, {"any": n.count} if n.count else {})) for n in spec.nominals]
    for label, maps in rows:
        for table in maps:
            for key, measure in table.items():
                if measure not in measures:
                    wrong.append(f"{label[0]!r}: measure {measure!r} is not defined; add [measures.{measure}]")
                if key not in objects:
                    wrong.append(
                        f"{label[0]!r}: {key!r} is neither an object nor a class of objects; add [objects.{key}]"
                    )
    return wrong
