"""`nightwire rules`: check rule files, run their tests, print the schema for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from schemas.config import Config
from schemas.rule import RuleFile
from streams.app import house_config
from streams.cli.common import Exit, emit, fail, fail_all, guarded, say
from streams.cli.options import ConfigOption
from streams.documents import DocumentError
from streams.rules import TEST_SUFFIX, load_rules, rule_files
from streams.rules_testing import TestResult, run_rule_tests, test_files

app = typer.Typer(no_args_is_help=True)

Paths = Annotated[list[Path] | None, typer.Argument(help="Files or folders; those of the configuration if none.")]


def _configured(paths: list[Path] | None, config: Path | None) -> tuple[list[Path], Config | None]:
    """The files to look at, and the configuration that names them or was named itself."""
    if paths and config is None:
        return paths, None
    with guarded():
        settings = house_config(config)
    return paths or list(settings.rules), settings


@app.command()
def check(
    files: Paths = None,
    receiver: Annotated[
        list[str] | None, typer.Option("--receiver", help="A name that routes may use; give it once for each receiver.")
    ] = None,
    strict: Annotated[bool, typer.Option(help="Treat warnings as errors.")] = False,
    config: ConfigOption = None,
) -> None:
    """Read rule files and print all that is wrong with them. Exit status 3: some rule is invalid.

    Without files those of the configuration are read, and routes are held against its receivers.
    """
    paths, settings = _configured(files, config)
    if not rule_files(paths):
        named = ", ".join(map(str, paths)) or "the configuration"
        fail(f"no rule file in {named}; rules end in .yaml, their tests in .test.yaml", Exit.INVALID)
    try:
        loaded = load_rules(paths, receiver or (settings.receivers if settings else None))
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
    config: ConfigOption = None,
) -> None:
    """Run the tests of rules on a fake clock. Exit status 1: a test failed; 3: a file is invalid.

    Without files those that stand beside the rules of the configuration are run.
    """
    paths = files or [_beside(path) for path in _configured(None, config)[0]]
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


def _beside(path: Path) -> Path:
    """Where the tests of a configured file stand; those of a folder are in it."""
    return path if path.is_dir() else path.with_name(path.name.removesuffix(path.suffix) + TEST_SUFFIX)


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
