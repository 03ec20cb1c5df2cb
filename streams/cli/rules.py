"""`nightwire rules`: check rule files, run their tests, print the schema for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from schemas.rule import RuleFile
from streams.cli.common import Exit, emit, fail, fail_all, say
from streams.documents import DocumentError
from streams.rules import load_rules, rule_files
from streams.rules_testing import TestResult, run_rule_tests, test_files

app = typer.Typer(help="Check rules and run their tests.", no_args_is_help=True)

Paths = Annotated[
    list[Path] | None, typer.Argument(help="Files or folders; the rules that come with nightwire if none.")
]


def shipped_rules() -> Path:
    """The folder of the rules that come with the program, in the wheel or in a checkout."""
    inside = Path(__file__).parent.parent / "seeds" / "rules"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "seeds" / "rules"


def _paths(given: list[Path] | None) -> list[Path]:
    return given or [shipped_rules()]


@app.command()
def check(
    files: Paths = None,
    receiver: Annotated[
        list[str] | None, typer.Option("--receiver", help="A name that routes may use; give it once for each receiver.")
    ] = None,
    strict: Annotated[bool, typer.Option(help="Treat warnings as errors.")] = False,
) -> None:
    """Read rule files and print all that is wrong with them. Exit status 3: some rule is invalid."""
    paths = _paths(files)
    if not rule_files(paths):
        fail(
            f"no rule file in {', '.join(map(str, paths))}; rules end in .yaml, their tests in .test.yaml", Exit.INVALID
        )
    try:
        loaded = load_rules(paths, receiver)
    except DocumentError as error:
        fail_all(error.problems)
    for warning in loaded.warnings:
        say(f"{warning} (warning)")
    if strict and loaded.warnings:
        raise typer.Exit(int(Exit.INVALID))
    say(f"{len(loaded.rules)} rules in {len(loaded.files)} files are valid, {len(loaded.warnings)} warnings")


@app.command("test")
def run_tests(
    files: Paths = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line per test.")] = False,
) -> None:
    """Run the tests of rules on a fake clock. Exit status 1: a test failed; 3: a file is invalid."""
    paths = _paths(files)
    if not test_files(paths):
        fail(f"no tests in {', '.join(map(str, paths))}; files of tests end in .test.yaml", Exit.INVALID)
    try:
        results = run_rule_tests(paths)
    except DocumentError as error:
        fail_all(error.problems)
    for result in results:
        _show(result, as_json)
    failed = sum(not result.passed for result in results)
    say(f"{len(results) - failed} passed, {failed} failed")
    if failed:
        raise typer.Exit(int(Exit.FAILED))


def _show(result: TestResult, as_json: bool) -> None:
    if as_json:
        place = {"file": str(result.file), "line": result.line, "name": result.name}
        emit({"schema": 1, **place, "passed": result.passed, "failures": list(result.failures)})
        return
    for failure in result.failures:
        print(f"{result.file}:{result.line}: {result.name}: {failure}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of rule files, for editors: `# yaml-language-server: $schema=rules.schema.json`."""
    document = RuleFile.model_json_schema(by_alias=True)
    document["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    document["title"] = "nightwire rules, version 1"
    print(json.dumps(document, indent=2))
