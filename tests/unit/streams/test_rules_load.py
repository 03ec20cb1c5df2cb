"""Loading rules: every error at its line and column with what to write, and warnings apart from errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from schemas.rule import RuleFile
from streams.documents import DocumentError, parse_yaml, read_yaml
from streams.rules import load_rules, rule_files

GOOD = """\
version: 1
defaults:
  route: [ops]
  labels: {team: night}
rules:
  - id: drones
    title: Drones
    where: {object: {under: drone}, measure: involved}
    value: max(value)
    by: [attacker]
    window: {night: "18:00-09:00", tz: Europe/Kyiv}
    levels:
      - {severity: warning, at: "> 50"}
      - {severity: high, at: "> 100"}
"""


@pytest.fixture
def problems(tmp_path: Path):  # type: ignore[no-untyped-def]
    def load(text: str) -> list[str]:
        file = tmp_path / "r.yaml"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(DocumentError) as caught:
            load_rules([file])
        return [str(problem).removeprefix(f"{file}:") for problem in caught.value.problems]

    return load


@pytest.fixture
def warnings(tmp_path: Path):  # type: ignore[no-untyped-def]
    def load(text: str, receivers: list[str] | None = None) -> list[str]:
        file = tmp_path / "r.yaml"
        file.write_text(text, encoding="utf-8")
        return [str(warning).removeprefix(f"{file}:") for warning in load_rules([file], receivers).warnings]

    return load


def test_a_good_file_loads_with_its_defaults(tmp_path: Path) -> None:
    file = tmp_path / "r.yaml"
    file.write_text(GOOD, encoding="utf-8")
    (rule,) = load_rules([file]).rules
    assert (rule.route, rule.labels) == (("ops",), {"team": "night"})


def test_a_rule_goes_before_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / "r.yaml"
    file.write_text(GOOD + "    route: [desk]\n", encoding="utf-8")
    assert load_rules([file]).rules[0].route == ("desk",)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("value: max(value)", "vale: max(value)", "9:5: rules.0.vale: is no key here; did you mean value?"),
        ("{under: drone}", "{undr: drone}", "8:22: rules.0.where.object.undr: unknown operator undr; did you mean und"),
        ("{under: drone}", "{}", "8:13: rules.0.where.object: no test is given"),
        ("{under: drone}", "null", "8:13: rules.0.where.object: compare with a value, or ask {exists: false}"),
        ("18:00-09:00", "09:00-18:00", "11:14: rules.0.window.night: a night crosses midnight: its start is later"),
        ("Europe/Kyiv", "Europe/Kiev2", "11:36: rules.0.window.tz: unknown time zone 'Europe/Kiev2' (IANA name, e.g."),
        (', tz: Europe/Kyiv', "", "11:14: rules.0.window.night: a night window needs tz, for example tz: Europ"),
        ('night: "18:00-09:00", tz: Europe/Kyiv', "sliding: 5", "11:14: rules.0.window.sliding: a duration is text su"),
        ('night: "18:00-09:00", tz: Europe/Kyiv', "sliding: 0m", "11:14: rules.0.window.sliding: a duration must be l"),
        ("tz: Europe/Kyiv}", "tz: Europe/Kyiv, sliding: 1h}", "11:14: rules.0.window.night: give exactly one of night"),
        ("tz: Europe/Kyiv}", "tz: Europe/Kyiv, max: 1h}", "11:53: rules.0.window.max: max belongs to session windows"),
        ("> 100", ">> 100", "14:26: rules.0.levels.1.at: a limit is text such as '> 50'"),
        ("> 100", "> 40", "12:5: rules.0.levels: levels go from mild to severe: '> 40' is not beyond '> 50'"),
        ("> 100", "< 100", "12:5: rules.0.levels: levels must all point in one direction"),
        ("severity: high", "severity: info", "12:5: rules.0.levels: levels go from mild to severe (info, warning, hig"),
        ("severity: high", "severity: hihg", "14:10: rules.0.levels.1.severity: is none of info, warning, high, criti"),
        ("> 100", "> 3x", "6:5: rules.0: the limit > 3x is a multiple of the baseline: add baseline"),
        ("max(value)", "maximum(value)", "9:5: rules.0.value: a value is max, min, sum, avg, median or last of a fiel"),
        ("max(value)", "count(value)", "9:5: rules.0.value: count() takes no field"),
        ("max(value)", "distinct()", "9:5: rules.0.value: distinct() needs a field"),
        ("    value: max(value)\n", "", "11:5: rules.0.levels: a rule with levels needs value, for example max(value)"),
        ("by: [attacker]", "by: [At tacker]", "10:10: rules.0.by.0: a field is a name such as attacker"),
        ("id: drones", "id: Drones", "6:5: rules.0.id: is not made of 3 to 63 small letters, digits and '-', a letter"),
        ("    title: Drones\n", "", "6:5: rules.0.title: is missing; write title: Mass drone attack"),
        ("title: Drones", "title: '{{ vlaue }}'", "7:5: rules.0.title: 'vlaue' is undefined; did you mean value?"),
        ("title: Drones", "title: '{{ range(9) }}'", "7:5: rules.0.title: call is not allowed in a template"),
        ("labels: {team: night}", "labels: {team: '{{ x }}'}", "4:12: defaults.labels.team: 'x' is undefined"),
        ("{under: drone}", "{matches: '(?=a)'}", "8:22: rules.0.where.object.matches: no regular expression (RE2"),
        ("version: 1", "version: 2", "1:1: version: is not 2; write 1"),
        ("by: [attacker]", "clear: '> 40'", "10:5: rules.0.clear: clear points away from the levels, for example '<= "),
        ("by: [attacker]", "clear: '<= 60'", "10:5: rules.0.clear: clear '<= 60' holds while the level '> 50' is reac"),
        ("by: [attacker]", "first_seen: {severity: info}", "12:5: rules.0.levels: give exactly one of levels, first_"),
        ("by: [attacker]", "notify: {notices: [opne]}", "10:24: rules.0.notify.notices.0: is none of open, escala"),
        ("by: [attacker]", "sources: 0", "10:5: rules.0.sources: is below 1"),
        ("by: [attacker]", "baseline: {windows: 3}", "10:16: rules.0.baseline.windows: min_history 7 can never be rea"),
        ("by: [attacker]", "by: attacker", "10:5: rules.0.by: is not a list; write [attacker]"),
        ("by: [attacker]", "enabled: yes", "10:5: rules.0.enabled: is neither true nor false"),
        ("{under: drone}", "{gt: fifty}", "8:22: rules.0.where.object.gt: is not a number; write it without quotes"),
        ("by: [attacker]", "notify: {repeat: 6}", "10:14: rules.0.notify.repeat: a duration is text such as '30m'"),
        ("by: [attacker]", "by: [attacker]\n   x: 1", "11:4: is not YAML: expected <block end>, but found '<block m"),
        ("by: [attacker]", "by: [attacker]\n    by: [x]", '11:5: found duplicate key "by"'),
    ],
)  # fmt: skip
def test_every_error_has_its_place_and_its_remedy(problems, old: str, new: str, expected: str) -> None:  # type: ignore[no-untyped-def]
    assert old in GOOD
    (found,) = problems(GOOD.replace(old, new, 1))
    assert found.startswith(expected)


def test_all_errors_come_at_once(problems) -> None:  # type: ignore[no-untyped-def]
    bad = (
        GOOD.replace("max(value)", "max")
        .replace("> 100", "100")
        .replace("Europe/Kyiv", "Kyiv")
        .replace("[attacker]", "[7]")
    )
    assert [line.split(": ")[1] for line in problems(bad)] == [
        "rules.0.value",
        "rules.0.by.0",
        "rules.0.window.tz",
        "rules.0.levels.1.at",
    ]


def test_templates_and_taken_ids_are_told_beside_other_errors(problems) -> None:  # type: ignore[no-untyped-def]
    second = "\n  - {id: drones, title: '{{ valeu }}', where: {object: {matches: '['}}, by: 7}\n  - just text\n"
    assert [line.split(": ", 2)[1] for line in problems(GOOD.replace("> 100", "100").rstrip() + second)] == [
        "rules.0.levels.1.at",
        "rules.1",
        "rules.1.id",
        "rules.1.title",
        "rules.1.where.object.matches",
        "rules.1.by",
        "rules.2",
    ]


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        (["value: max(value)"], "a rule with levels needs value, for example max(value) or count()"),
        (['window: {night: "18:00-09:00", tz: Europe/Kyiv}'], "a rule with levels needs window, for example {slid"),
        (
            ["value: max(value)", 'window: {night: "18:00-09:00", tz: Europe/Kyiv}'],
            "a rule with levels needs value, for example max(value) or count() and window, for example {sliding: 24h}",
        ),
    ],
)
@pytest.mark.parametrize("bad", ["by: [attacker]", "by: 7"])
def test_what_a_rule_lacks_is_told_beside_other_errors(problems, gone: list[str], words: str, bad: str) -> None:  # type: ignore[no-untyped-def]
    text = GOOD.replace("by: [attacker]", bad)
    for line in gone:
        assert line in text
        text = text.replace(f"    {line}\n", "")
    found = {line.split(": ")[1]: line.split(": ", 2)[2] for line in problems(text)}
    assert found.pop("rules.0.levels").startswith(words)
    assert list(found) == (["rules.0.by"] if bad == "by: 7" else [])


def test_errors_of_all_files_come_at_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(GOOD.replace("> 100", "many"), encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        load_rules([tmp_path])
    assert [Path(problem.file).name for problem in caught.value.problems] == ["a.yaml", "b.yaml"]


def test_an_id_is_taken_once_over_all_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(DocumentError, match=r"b\.yaml:6:5: rules\.0\.id: the id drones is taken"):
        load_rules([tmp_path])


def test_yaml_keeps_hours_and_norway_as_text(tmp_path: Path) -> None:
    file = tmp_path / "r.yaml"
    file.write_text(GOOD.replace('"18:00-09:00"', "18:00-09:00").replace("by: [attacker]", "where2: 1").replace(
        "    where2: 1\n", "").replace("{under: drone}", "NO"), encoding="utf-8")  # fmt: skip
    (rule,) = load_rules([file]).rules
    assert rule.where[0].fields["object"].eq == "NO"


def test_a_missing_file_and_a_list_are_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be read: No such file"):
        load_rules([tmp_path / "none.yaml"])
    (tmp_path / "list.yaml").write_text("- 1\n", encoding="utf-8")
    with pytest.raises(DocumentError, match="a rule file is a map with version: 1"):
        load_rules([tmp_path / "list.yaml"])


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("object: {under", "objekt: {under", "8:13: rules.0.where.objekt: incidents have no field objekt"),
        ("by: [attacker]", "by: [attaker]", "10:10: rules.0.by.0: incidents have no field attaker, so it is never giv"),
        ("{under: drone}", "{under: dron}", "8:13: rules.0.where.object: no object is called dron; did you mean drone"),
        ("measure: involved", "measure: launchd", "8:37: rules.0.where.measure: no measure is called launchd; did you"),
        ("measure: inv", "attacker: ru, measure: inv", "8:37: rules.0.where.attacker: ru is no country code (ISO 3166"),
        ("measure: inv", "is_total: 'yes', measure: inv", "8:37: rules.0.where.is_total: is_total is true or false, w"),
        ("measure: inv", "value: {lte: 60}, measure: inv", "14:26: rules.0.levels.1.at: '> 100' is never reached: whe"),
        ("by: [attacker]", "by: [attacker, place]", "10:20: rules.0.by.1: incidents have no field place"),
        ("max(value)", "max(valeu)", "9:5: rules.0.value: incidents have no field valeu"),
        ("max(value)", "max(attacker)", "9:5: rules.0.value: attacker is no number; use distinct(attacker) or count()"),
        (", measure: involved", "", "8:5: rules.0.where: name a measure"),
        ("max(value)", "sum(value)", "9:5: rules.0.value: a sum over totals and parts counts twice"),
        ("max(value)", "max(confidence)", "13:29: rules.0.levels.0.at: '> 50' is never reached: confidence is at most"),
        ("by: [attacker]", "notify: {repeat: 6h, notices: [open]}", "10:26: rules.0.notify.notices: repeat is set, bu"),
        ("by: [attacker]", "notify: {update_by: 0.5, notices: [open]}", "10:30: rules.0.notify.notices: update_by is"),
        ("by: [attacker]", "notify: {notices: [escalate]}", "10:14: rules.0.notify.notices: notices leaves open out"),
    ],
)  # fmt: skip
def test_what_is_legal_and_odd_is_a_warning(warnings, old: str, new: str, expected: str) -> None:  # type: ignore[no-untyped-def]
    assert old in GOOD
    assert warnings(GOOD.replace(old, new, 1))[0].startswith(expected)


def test_a_level_below_zero_is_never_reached(warnings) -> None:  # type: ignore[no-untyped-def]
    low = GOOD.replace('"> 50"', '"< 10"').replace('"> 100"', '"< 0"')
    assert warnings(low) == ["14:26: rules.0.levels.1.at: '< 0' is never reached: no value is below 0"]


@pytest.mark.parametrize(
    ("low", "lower", "warned"),
    [("< 10", "<= 0", False), ("< 10", "< 0", True)],
)
def test_zero_itself_is_a_value(warnings, low: str, lower: str, warned: bool) -> None:  # type: ignore[no-untyped-def]
    assert bool(warnings(GOOD.replace("> 50", low).replace("> 100", lower))) is warned


@pytest.mark.parametrize(
    ("limits", "warned"),
    [(("> 0.9", ">= 1"), 0), (("> 0.9", "> 1"), 1), (("> 2x", "> 3x"), 0)],
)
def test_only_what_lies_above_one_is_above_every_confidence(  # type: ignore[no-untyped-def]
    warnings, limits: tuple[str, str], warned: int
) -> None:
    text = GOOD.replace("max(value)", "max(confidence)").replace("by: [attacker]", "baseline: {windows: 14}")
    assert len(warnings(text.replace("> 50", limits[0]).replace("> 100", limits[1]))) == warned


def test_routes_are_held_against_the_receivers_when_they_are_known(warnings) -> None:  # type: ignore[no-untyped-def]
    assert warnings(GOOD, ["ops"]) == []
    assert warnings(GOOD, ["desk"]) == ["3:3: defaults.route: no receiver is called ops; add it or correct the name"]


def test_tests_in_a_folder_are_no_rules(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yml", "a.test.yaml", "notes.txt"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert [path.name for path in rule_files([tmp_path])] == ["a.yaml", "b.yml"]


GOLDEN = Path(__file__).parents[2] / "golden" / "rules"
EDITOR = Draft202012Validator(RuleFile.model_json_schema(by_alias=True))


@pytest.mark.parametrize("file", rule_files([GOLDEN]), ids=lambda file: file.stem)
def test_editors_accept_what_the_loader_accepts(file: Path) -> None:
    assert load_rules([file]).rules
    assert list(EDITOR.iter_errors(json.loads(json.dumps(read_yaml(file).data)))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("under: drone", "undr: drone"),
        ("18:00-09:00", "18-9"),
        ("> 100", "100"),
        ("max(value)", "most(value)"),
        ("title: Drones", "titel: Drones"),
        ("severity: high", "severity: hihg"),
    ],
)
def test_editors_mark_what_the_loader_refuses(old: str, new: str) -> None:
    bad = parse_yaml(GOOD.replace(old, new, 1), "r.yaml").data
    assert list(EDITOR.iter_errors(json.loads(json.dumps(bad)))) != []


def test_the_schema_names_all_twenty_keys_and_says_what_they_are() -> None:
    properties = EDITOR.schema["$defs"]["Rule"]["properties"]
    assert len(properties) == 20
    assert "from" in properties
    assert properties["clear"]["description"] == "An alert ends only when this holds, for example `<= 45`."
