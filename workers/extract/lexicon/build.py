"""Turns a checked lexicon document into one table of entries, keyed by the first token of each phrase."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from workers.extract.lexicon.inflect import conjugate, plural
from workers.extract.lexicon.schema import LexiconSpec, NominalSpec, ObjectSpec, VerbSpec
from workers.extract.tokens import Tokens

PARTICLES: Final = frozenset({"down", "out", "off", "back", "alive", "dead", "hostage", "captive", "homeless"})
"""Words that may stand behind the object of their verb: "shot 12 down", "took 30 people hostage"."""


@dataclass(frozen=True, slots=True)
class NounSense:
    """What a noun counts: the object, the model where the noun names one, its class, and whether it is a plural."""

    object: str
    kind: str
    model: str | None = None
    plural: bool = False
    singular: bool = True


@dataclass(frozen=True, slots=True)
class VerbSense:
    """One form of a predicate with the measures that it gives; `forms` are base, s, ing, past, part."""

    lemma: str
    forms: frozenset[str]
    patient: dict[str, str] = field(hash=False)
    agent: dict[str, str] = field(hash=False)
    instrument: dict[str, str] = field(hash=False)
    object: str | None = None
    launch: bool = False
    doer: str | None = None
    to: str | None = None
    raid: str | None = None
    placed: bool = False
    active: bool = False
    negated: dict[str, str] = field(default_factory=dict, hash=False)
    named: bool = False
    defended: str | None = None


@dataclass(frozen=True, slots=True)
class NominalSense:
    """A noun that says what happened; see the lexicon's `[[nominals]]`."""

    word: str
    of: dict[str, str] = field(hash=False)
    with_: dict[str, str] = field(hash=False)
    count: str | None = None
    object: str | None = None
    weak: bool = False
    plural: bool = False


@dataclass(frozen=True, slots=True)
class ActorSense:
    """Who acts or speaks: the code of a side, and whether the word only speaks for it."""

    code: str
    voice: bool = False


class TypedSense(NamedTuple):
    """A word of the lexicon's `[[typed]]` number `rule`: one of its verbs or one of its nouns."""

    rule: int
    verb: bool


Sense = TypedSense | NounSense | VerbSense | NominalSense | ActorSense | str


class Entry(NamedTuple):
    """One phrase: the tokens after its first, its kind, and what it means; a cue's sense is its name."""

    rest: tuple[str, ...]
    kind: str
    sense: Sense


def _phrase(text: str) -> tuple[str, ...]:
    return tuple(Tokens(text, 0, len(text)).words)


def _nouns(name: str, spec: ObjectSpec) -> Iterator[tuple[str, str, Sense]]:
    def both(noun: str, model: str | None, endings: tuple[str, ...]) -> Iterator[tuple[str, str, Sense]]:
        yield noun, "noun", NounSense(name, spec.kind, model)
        for many in endings:
            yield many, "noun", NounSense(name, spec.kind, model, plural=True, singular=False)

    for noun in spec.nouns:
        if noun.rpartition(" ")[2] in spec.mass:
            yield noun, "noun", NounSense(name, spec.kind, None, plural=True)
        else:
            yield from both(noun, None, spec.irregular.get(noun) or (plural(noun),))
    for noun in spec.mass:
        yield noun, "noun", NounSense(name, spec.kind, None, plural=True)
    for model, words in spec.models.items():
        for word in words:
            yield from both(word, model, (plural(word),))


def _verbs(spec: VerbSpec, forms: dict[str, tuple[str, str]]) -> Iterator[tuple[str, str, Sense]]:
    for lemma in spec.lemmas:
        for words, names in conjugate(lemma, forms).items():
            if words == "down":
                continue  # far more often the preposition than the verb
            sense = VerbSense(
                lemma,
                names,
                spec.patient,
                spec.agent,
                spec.instrument,
                spec.object,
                spec.launch,
                spec.doer,
                spec.to,
                spec.raid,
                spec.placed,
                spec.active,
                spec.negated,
                spec.named,
                spec.defended,
            )
            yield words, "verb", sense
            first, _, rest = words.partition(" ")
            particle = rest.partition(" ")[0]
            if particle in PARTICLES:
                yield first, "phrasal:" + particle, sense


def _nominals(spec: NominalSpec) -> Iterator[tuple[str, str, Sense]]:
    for word in spec.words:
        one = NominalSense(word, spec.of, spec.with_, spec.count, spec.object, spec.weak)
        many = NominalSense(word, spec.of, spec.with_, spec.count, spec.object, spec.weak, plural=True)
        if word not in spec.irregular:
            yield word, "nominal", one
        yield plural(word), "nominal", many
    for word in spec.irregular:
        yield word, "nominal", NominalSense(word, spec.of, spec.with_, spec.count, spec.object, spec.weak, plural=True)


def _typed(spec: LexiconSpec) -> Iterator[tuple[str, str, Sense]]:
    for number, typed in enumerate(spec.typed):
        for lemma in typed.verbs:
            for word in conjugate(lemma, spec.forms):
                yield word, "typed", TypedSense(number, verb=True)
        for noun in typed.nouns:
            for word in dict.fromkeys((noun, plural(noun))):
                yield word, "typed", TypedSense(number, verb=False)


def _actors(spec: LexiconSpec) -> Iterator[tuple[str, str, Sense]]:
    for code, actor in spec.actors.items():
        for word in actor.names:
            yield word, "actor", ActorSense(code)
        for word in actor.voices:
            yield word, "actor", ActorSense(code, voice=True)


def _phrases(spec: LexiconSpec) -> Iterator[tuple[str, str, Sense]]:
    for name, obj in spec.objects.items():
        yield from _nouns(name, obj)
    for verb in spec.verbs:
        yield from _verbs(verb, spec.forms)
    for nominal in spec.nominals:
        yield from _nominals(nominal)
    yield from _typed(spec)
    yield from _actors(spec)
    for kind, words in spec.cues.items():
        for word in words:
            yield word, "cue", kind


def build_entries(spec: LexiconSpec) -> dict[str, tuple[Entry, ...]]:
    """All phrases of a lexicon by first token, longest first; a hyphen may be written as a space."""
    table: defaultdict[str, dict[tuple[tuple[str, ...], str, int], Entry]] = defaultdict(dict)
    for text, kind, sense in _phrases(spec):
        for variant in {text, text.replace("-", " ") if kind == "noun" else text}:
            if not (words := _phrase(variant)):
                continue
            many = kind in ("cue", "typed") or kind.startswith("phrasal")
            key = (words[1:], kind, hash(sense) if many else 0)
            entry = Entry(words[1:], kind, sense)
            if kind == "verb" and key in table[words[0]]:
                entry = _joined(table[words[0]][key], entry)
            elif key in table[words[0]] and not many:
                continue
            table[words[0]][key] = entry
    return {first: tuple(sorted(found.values(), key=lambda e: -len(e.rest))) for first, found in table.items()}


def _joined(old: Entry, new: Entry) -> Entry:
    """Two verbs of one spelling: the tables of the first win, the second adds what the first does not say."""
    if not isinstance(old.sense, VerbSense) or not isinstance(new.sense, VerbSense):
        return old
    a, b = old.sense, new.sense
    sense = VerbSense(
        a.lemma, a.forms | b.forms, b.patient | a.patient, b.agent | a.agent, b.instrument | a.instrument,
        a.object or b.object, a.launch or b.launch,
        a.doer or b.doer,
        a.to or b.to,
        a.raid or b.raid,
        a.placed and b.placed,
        a.active and b.active,
        b.negated | a.negated,
        a.named and b.named,
        a.defended or b.defended,
    )  # fmt: skip
    return Entry(old.rest, old.kind, sense)
