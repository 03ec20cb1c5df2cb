"""Compares two versions of a topic's schema and names every change that old readers or new readers cannot take.

*Forward*: a reader of the old schema meets new records (consumers outside, and our own rooms while a
new version is rolled out). *Backward*: a reader of the new schema meets old records (what lies on the
topics, and replays). Within one version of a topic both must hold; anything else is a new topic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from streams.published.schemas import Json


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: what a change is called, which direction it breaks, and what to say about it."""

    name: str
    forward: bool
    backward: bool
    says: str

    @property
    def breaks(self) -> str:
        """The direction that no longer holds, or `compatible`."""
        return {(1, 1): "forward and backward", (1, 0): "forward", (0, 1): "backward"}.get(
            (self.forward, self.backward), "compatible"
        )


RULES: Final[dict[str, Rule]] = {
    rule.name: rule
    for rule in (
        Rule("topic-added", False, False, "is a new topic"),
        Rule("topic-removed", True, False, "is gone; its readers wait for ever"),
        Rule("field-added", False, False, "is a new field that may be missing"),
        Rule("field-removed", True, False, "is gone; readers look for it"),
        Rule("field-added-required", False, True, "is a new field that must be there; older records lack it"),
        Rule("field-now-required", False, True, "must be there now; older records may lack it"),
        Rule("field-now-optional", True, False, "may be missing now; readers count on it"),
        Rule("default-changed", False, True, "means something else where it is missing"),
        Rule("type-added", True, False, "may be of another type now; readers do not expect it"),
        Rule("type-removed", False, True, "may no longer be of a type that older records have"),
        Rule("value-added", True, False, "has a new value in a closed list; readers do not expect it"),
        Rule("value-added-open", False, False, "has a new value; readers take what they do not know as `other`"),
        Rule("value-removed", False, True, "no longer has a value that older records have"),
        Rule("limit-added", False, True, "is limited now; older records may be outside"),
        Rule("limit-removed", True, False, "is no longer limited; readers count on it"),
        Rule("limit-changed", True, True, "is limited in another way"),
    )
}  # fmt: skip
"""Every kind of change; words (`description`, `title`, `examples`) may change freely."""

LIMITS: Final = (
    "format", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    "minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties",
)  # fmt: skip
"""Keywords that narrow what a value may be."""
OPEN: Final = "other"
"""A list of values that holds this one may grow: it stands for all that a reader does not know."""
ANYTHING: Final = "anything"


class Change(NamedTuple):
    """One difference: the topic, the path of the field, the rule, and what exactly."""

    topic: str
    path: str
    rule: Rule
    detail: str = ""

    def __str__(self) -> str:
        what = f" ({self.detail})" if self.detail else ""
        where = f"{self.topic} {self.path}" if self.path else self.topic
        return f"{where}: {self.rule.says}{what} [{self.rule.name}: {self.rule.breaks}]"

    @property
    def broken(self) -> bool:
        """Whether this must not happen within one version of a topic."""
        return self.rule.forward or self.rule.backward


def compare_all(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Change]:
    """All changes between two sets of schemas by topic."""
    for topic in sorted({*old, *new}):
        if topic not in new:
            yield Change(topic, "", RULES["topic-removed"])
        elif topic not in old:
            yield Change(topic, "", RULES["topic-added"])
        else:
            yield from compare(topic, old[topic], new[topic])


def compare(topic: str, old: Json, new: Json) -> Iterator[Change]:
    """All changes between two versions of one topic's schema, each told once where it is first met."""
    for path, rule, detail in Comparison(old, new).values("", old, new):
        yield Change(topic, path, RULES[rule], detail)


Found = Iterator[tuple[str, str, str]]
"""Path, name of the rule, detail."""


class Comparison:
    """Walks two schemas side by side; a pair of definitions is entered once."""

    def __init__(self, old: Json, new: Json) -> None:
        self._old, self._new = old, new
        self._entered: set[tuple[str, str]] = set()

    def values(self, path: str, old: Json, new: Json) -> Found:
        """Differences of what stands at one place."""
        if "$ref" in old and "$ref" in new:
            pair = (old["$ref"], new["$ref"])
            if pair in self._entered:
                return
            self._entered.add(pair)
        before, after = kinds(old, self._old), kinds(new, self._new)
        for kind in sorted(after.keys() - before.keys()):
            yield path, "type-added", kind
        for kind in sorted(before.keys() - after.keys()):
            yield path, "type-removed", kind
        for kind in sorted(before.keys() & after.keys()):
            yield from self._same_kind(path, before[kind], after[kind])

    def _same_kind(self, path: str, old: Json, new: Json) -> Found:
        yield from _listed(path, old, new)
        yield from _limits(path, old, new)
        yield from self._fields(path, old, new)
        yield from self._members(path, old, new)

    def _fields(self, path: str, old: Json, new: Json) -> Found:
        before, after = old.get("properties", {}), new.get("properties", {})
        musts = set(old.get("required", ())), set(new.get("required", ()))
        for name in {**before, **after}:
            place = f"{path}.{name}" if path else name
            if name not in after:
                yield place, "field-removed", ""
            elif name not in before:
                yield place, "field-added-required" if name in musts[1] else "field-added", ""
            else:
                yield from _presence(place, name in musts[0], name in musts[1], before[name], after[name])
                yield from self.values(place, before[name], after[name])

    def _members(self, path: str, old: Json, new: Json) -> Found:
        """What a list or a mapping holds; where nothing is said, anything may stand."""
        for keyword, mark in (("items", "[]"), ("additionalProperties", "{}")):
            if keyword not in old and keyword not in new:
                continue
            before, after = (_opened(node.get(keyword, True)) for node in (old, new))
            if before is None or after is None:
                if before is not after:
                    yield path + mark, "limit-added" if after is None else "limit-removed", f"{keyword}: false"
            else:
                yield from self.values(path + mark, before, after)
        for number, pair in enumerate(zip(old.get("prefixItems", ()), new.get("prefixItems", ()), strict=False)):
            yield from self.values(f"{path}[{number}]", *pair)


def _opened(member: Json | bool) -> Json | None:
    """The schema of members; {} for anything, None for nothing."""
    if isinstance(member, bool):
        return {} if member else None
    return member


def kinds(node: Json, root: Json) -> dict[str, Json]:
    """A schema as one schema for each type that it allows: references followed, alternatives apart."""
    if "$ref" in node:
        node = {**follow(node["$ref"], root), **{word: part for word, part in node.items() if word != "$ref"}}
    found: dict[str, Json] = {}
    for part in node.get("anyOf") or node.get("oneOf") or ():
        for kind, each in kinds(part, root).items():
            found[_free(kind, found)] = each
    return found or dict.fromkeys(_types(node), node)


def follow(reference: str, root: Json) -> Json:
    """The definition behind a local reference."""
    node: Any = root
    for step in reference.removeprefix("#/").split("/"):
        node = node[step.replace("~1", "/").replace("~0", "~")]
    assert isinstance(node, dict)
    return node


def _free(kind: str, taken: Mapping[str, Json]) -> str:
    """A name for one more alternative of a type."""
    number = sum(name.partition("#")[0] == kind for name in taken)
    return f"{kind}#{number + 1}" if number else kind


def _types(node: Json) -> list[str]:
    named = node.get("type", [])
    return [named] if isinstance(named, str) else [*named] or [ANYTHING]


def _presence(path: str, was: bool, must: bool, old: Json, new: Json) -> Found:
    if must != was:
        yield path, "field-now-required" if must else "field-now-optional", ""
    elif not must and old.get("default") != new.get("default"):
        yield path, "default-changed", f"{old.get('default')!r} before, {new.get('default')!r} now"


def _listed(path: str, old: Json, new: Json) -> Found:
    before, after = _values(old), _values(new)
    if before is None or after is None:
        if before is not after:
            yield path, "limit-added" if before is None else "limit-removed", "a list of values"
        return
    for value in (value for value in after if value not in before):
        yield path, "value-added-open" if OPEN in before else "value-added", repr(value)
    for value in (value for value in before if value not in after):
        yield path, "value-removed", repr(value)


def _values(node: Json) -> list[Any] | None:
    found: list[Any] | None = [node["const"]] if "const" in node else node.get("enum")
    return found


def _limits(path: str, old: Json, new: Json) -> Found:
    for word in LIMITS:
        before, after = old.get(word), new.get(word)
        if before == after:
            continue
        if before is None:
            yield path, "limit-added", f"{word}: {after}"
        elif after is None:
            yield path, "limit-removed", f"{word}: {before}"
        else:
            yield path, "limit-changed", f"{word}: {before} before, {after} now"
