"""Every rule of compatibility is found where it is broken, named once, and told in the documentation."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from streams.cli import topics
from streams.published.baseline import NoBaseline, last_tag, read_folder, read_revision
from streams.published.compatibility import RULES, compare, compare_all, kinds
from streams.published.schemas import all_schemas, file_name, to_text

Json = dict[str, Any]
TEXT, NUMBER, NULL = {"type": "string"}, {"type": "number"}, {"type": "null"}


def record(required: list[str] | None = None, **fields: Json) -> Json:
    return {"type": "object", "properties": fields, "required": required or []}


def either(*parts: Json) -> Json:
    return {"anyOf": list(parts)}


def enum(*values: str) -> Json:
    return {"type": "string", "enum": list(values)}


CASES: list[tuple[str, Json, Json, str, str]] = [
    ("field-added", record(), record(a=TEXT), "a", "compatible"),
    ("field-removed", record(a=TEXT), record(), "a", "forward"),
    ("field-added-required", record(), record(["a"], a=TEXT), "a", "backward"),
    ("field-now-required", record(a=TEXT), record(["a"], a=TEXT), "a", "backward"),
    ("field-now-optional", record(["a"], a=TEXT), record(a=TEXT), "a", "forward"),
    ("default-changed", record(a={**TEXT, "default": ""}), record(a={**TEXT, "default": "x"}), "a", "backward"),
    ("type-added", record(a=TEXT), record(a=either(TEXT, NULL)), "a", "forward"),
    ("type-removed", record(a=either(NUMBER, NULL)), record(a=NUMBER), "a", "backward"),
    ("value-added", record(a=enum("x")), record(a=enum("x", "y")), "a", "forward"),
    ("value-added-open", record(a=enum("x", "other")), record(a=enum("x", "y", "other")), "a", "compatible"),
    ("value-removed", record(a=enum("x", "y")), record(a=enum("x")), "a", "backward"),
    ("value-removed", record(a=enum("x", "other")), record(a=enum("other")), "a", "backward"),
    ("limit-added", record(a=TEXT), record(a={**TEXT, "format": "uri"}), "a", "backward"),
    ("limit-added", record(a=TEXT), record(a=enum("x")), "a", "backward"),
    ("limit-added", {"type": "object"}, {"type": "object", "additionalProperties": False}, "{}", "backward"),
    ("limit-removed", record(a={**NUMBER, "minimum": 0}), record(a=NUMBER), "a", "forward"),
    ("limit-removed", record(a=enum("x")), record(a=TEXT), "a", "forward"),
    (
        "limit-changed",
        record(a={**NUMBER, "maximum": 9}),
        record(a={**NUMBER, "maximum": 8}),
        "a",
        "forward and backward",
    ),
]


@pytest.mark.parametrize(("rule", "old", "new", "path", "breaks"), CASES)
def test_a_rule(rule: str, old: Json, new: Json, path: str, breaks: str) -> None:
    (change,) = compare("t.v1", old, new)
    assert (change.rule.name, change.path, change.rule.breaks) == (rule, path, breaks)
    assert change.broken is (breaks != "compatible")
    assert str(change).startswith(f"t.v1 {path}: {RULES[rule].says}")
    assert str(change).endswith(f"[{rule}: {breaks}]")


def test_a_type_that_changes_is_both() -> None:
    found = {
        change.rule.name: change.detail for change in compare("t", record(a={"type": "integer"}), record(a=NUMBER))
    }
    assert found == {"type-added": "number", "type-removed": "integer"}


def test_every_rule_has_a_case() -> None:
    assert {case[0] for case in CASES} | {"topic-added", "topic-removed"} == set(RULES)


def test_topics_come_and_go() -> None:
    changes = list(compare_all({"a.v1": record(), "b.v1": record()}, {"b.v1": record(), "c.v1": record()}))
    assert [(change.topic, change.rule.name) for change in changes] == [
        ("a.v1", "topic-removed"),
        ("c.v1", "topic-added"),
    ]
    assert str(changes[0]) == "a.v1: is gone; its readers wait for ever [topic-removed: forward]"


def test_words_and_order_may_change_freely() -> None:
    old = {"description": "old", **record(["a", "b"], a={**TEXT, "title": "A", "examples": ["x"]}, b=enum("x", "y"))}
    assert list(compare("t", old, record(["b", "a"], b=enum("y", "x"), a=TEXT))) == []


DEEP = {
    "list": ({"type": "array", "items": TEXT}, {"type": "array", "items": NUMBER}, "a[]"),
    "mapping": (
        {"type": "object", "additionalProperties": TEXT},
        {"type": "object", "additionalProperties": NUMBER},
        "a{}",
    ),
    "tuple": ({"type": "array", "prefixItems": [TEXT]}, {"type": "array", "prefixItems": [NUMBER]}, "a[0]"),
    "record": (record(b=TEXT), record(b=NUMBER), "a.b"),
    "alternative": (either(record(b=TEXT), NULL), either(record(b=NUMBER), NULL), "a.b"),
}


@pytest.mark.parametrize(("old", "new", "path"), DEEP.values(), ids=DEEP)
def test_inner_places_are_looked_at(old: Json, new: Json, path: str) -> None:
    assert {change.path for change in compare("t", record(a=old), record(a=new))} == {path}


def test_a_definition_is_told_once_and_may_hold_itself() -> None:
    def tree(**more: Json) -> Json:
        node = record(["kids"], kids={"type": "array", "items": {"$ref": "#/$defs/Node"}}, **more)
        return {"$defs": {"Node": node}, **record(one={"$ref": "#/$defs/Node"}, two={"$ref": "#/$defs/Node"})}

    assert [change.path for change in compare("t", tree(gone=TEXT), tree())] == ["one.gone"]


def test_two_alternatives_of_one_type_are_kept_apart() -> None:
    assert set(kinds(either(record(a=TEXT), record(b=TEXT), NULL), {})) == {"object", "object#2", "null"}


def test_the_present_schemas_keep_to_themselves() -> None:
    assert list(compare_all(all_schemas(), all_schemas())) == []


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of its own with the present schemas under the tag v1."""
    folder = tmp_path / "docs" / "schemas"
    folder.mkdir(parents=True)
    for wire, schema in all_schemas().items():
        (folder / file_name(wire)).write_text(to_text(schema))
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"], ["tag", "v1"]):
        subprocess.run(["git", *identity, *words], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    return folder


def test_the_last_tag_is_compared_with(published: Path) -> None:
    assert last_tag() == "v1"
    assert read_revision("v1") == read_folder(published) == all_schemas()
    ran = CliRunner().invoke(topics.app, ["check-compat"])
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert "0 changes since v1, all compatible" in ran.stderr


def test_a_break_ends_with_status_1(published: Path) -> None:
    file = published / "events.v1.json"
    schema = json.loads(file.read_text())
    schema["properties"]["mood"] = TEXT
    del schema["properties"]["abstained"]
    file.write_text(json.dumps(schema))
    ran = CliRunner().invoke(topics.app, ["check-compat", "--against", str(published)])
    assert ran.exit_code == 1
    assert "events.v1 mood: is gone; readers look for it [field-removed: forward]\n" in ran.stdout
    assert "events.v1 abstained: is a new field that may be missing [field-added: compatible]" in ran.stdout
    assert "1 of 2 changes" in ran.stderr
    rows = CliRunner().invoke(topics.app, ["check-compat", "--against", str(published), "--json"]).stdout.splitlines()
    assert {json.loads(row)["rule"] for row in rows} == {"field-removed", "field-added"}


@pytest.mark.parametrize(
    ("against", "says"),
    [("v9", "name a folder, a tag or a commit"), ("empty", "holds no schemas"), ("broken", "is no JSON")],
)
def test_what_cannot_be_compared_with(published: Path, against: str, says: str) -> None:
    Path("empty").mkdir()
    Path("broken").mkdir()
    Path("broken/events.v1.json").write_text("{")
    ran = CliRunner().invoke(topics.app, ["check-compat", "--against", against])
    assert ran.exit_code == 3
    assert says in ran.stderr


def test_outside_a_checkout_a_folder_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(NoBaseline, match="name a folder"):
        last_tag()


def test_before_the_first_tag_there_is_nothing_to_keep_to(published: Path) -> None:
    subprocess.run(["git", "tag", "-d", "v1"], check=True, capture_output=True)
    ran = CliRunner().invoke(topics.app, ["check-compat"])
    assert ran.exit_code == 0
    assert "there is no tag yet" in ran.stderr
