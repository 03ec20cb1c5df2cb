"""Runs the tests of rules: flat items on a fake clock through the production judge, notices held against the file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from schemas.alert import Notice
from schemas.rule import Rule
from schemas.rule_terms import parse_duration
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.documents import DocumentError, Problem, YamlDocument
from streams.operate import change
from streams.rules import load_rules
from streams.rules_testfile import Case, Moments, Step, TestFile, misdated, read_tests
from streams.runtimes.memory import MemoryRuntime
from streams.steps import advance
from workers.errors import Drop
from workers.judge.cells import Coverage, HistoryState, Outage, RuleState, WindowState
from workers.judge.items import Item, Report
from workers.judge.seats import Seat, coverage_cell
from workers.judge.stage import Judge
from workers.ports import Cell, Outcome, View
from workers.tables import JUDGE_GROUP, JUDGE_WINDOW

TEXTS: Final = ("title", "annotations", "labels")
"""Fields of a notice that match when they hold the expected text; all others must be equal."""

OTHER_NAMES: Final = {"by": "group"}
"""Names that an expectation may use besides the notice's own."""

TIMES: Final = ("time", "time_end", "published")
PLAIN: Final = ("qualifier", "period", "time_basis", "confidence")
"""Fields that an item carries besides its `fields`, under the same names."""


@dataclass(frozen=True, slots=True)
class TestResult:
    """How one test came out: no failures means that it passed."""

    __test__ = False
    file: Path
    line: int
    name: str
    failures: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the test passed."""
        return not self.failures


def run_rule_tests(paths: Iterable[Path]) -> list[TestResult]:
    """Run all tests of files, or of the `.test.yaml` files in folders; raises DocumentError with all problems."""
    suites: list[Suite] = []
    problems: list[Problem] = []
    for path in test_files(paths):
        try:
            suites.append(_load(path))
        except DocumentError as error:
            problems += error.problems
    if problems:
        raise DocumentError(list(dict.fromkeys(problems)))  # several may name one rule file
    return [result for suite in suites for result in _run_all(suite)]


def test_files(paths: Iterable[Path]) -> list[Path]:
    """The files of tests among paths."""
    found = [inside for path in paths for inside in (sorted(path.rglob("*.test.yaml")) if path.is_dir() else [path])]
    return list(dict.fromkeys(found))


test_files.__test__ = False  # type: ignore[attr-defined]  # it is not a test itself


class Suite(NamedTuple):
    """A file of tests and the rules that it names."""

    path: Path
    document: YamlDocument
    tests: TestFile
    rules: dict[str, Rule]


def _load(path: Path) -> Suite:
    document, tests = read_tests(path)
    rules = {rule.id: rule for rule in load_rules([_beside(path, name) for name in tests.rule_files]).rules}
    if problems := misdated(document, tests) + _unknown_rules(document, tests, rules):
        raise DocumentError(problems)
    return Suite(path, document, tests, rules)


def _run_all(suite: Suite) -> Iterator[TestResult]:
    for number, case in enumerate(suite.tests.tests):
        chosen = [suite.rules[name] for name in case.rules or suite.rules]
        failures = asyncio.run(_run(case, suite.tests, chosen))
        line, _ = suite.document.locate(("tests", number))
        yield TestResult(suite.path, line, case.name, tuple(failures))


def _beside(path: Path, name: str) -> Path:
    """A rule file as the test file names it; rules and tests that were copied into one folder find each other, too."""
    named, copied = path.parent / name, path.parent / Path(name).name
    return copied if copied.exists() and not named.exists() else named


def _unknown_rules(document: YamlDocument, tests: TestFile, known: Collection[str]) -> list[Problem]:
    found = []
    for number, case in enumerate(tests.tests):
        named: list[tuple[tuple[int | str, ...], str]] = [(("rules", i), name) for i, name in enumerate(case.rules)]
        named += [(("history", i, "rule"), past.rule) for i, past in enumerate(case.history)]
        for place, name in named:
            if name not in known:
                message = f"no rule is called {name}; known: {', '.join(sorted(known))}"
                found.append(document.problem(("tests", number, *place), message))
    return found


@dataclass(slots=True)
class Bench:
    """One test in progress: the judge on the memory runtime, under a clock that the test moves."""

    judge: Judge
    clock: ManualClock
    moments: Moments
    case: Case
    defaults: Mapping[str, Any]
    runtime: MemoryRuntime = field(default_factory=MemoryRuntime)
    said: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The fields of each item as said so far."""
    arrived: dict[str, datetime] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)
    windows: set[Cell] = field(default_factory=set)
    """Cells of all windows that were judged after an arrival."""

    async def act(self, call: Callable[[View], Outcome]) -> None:
        """Let the judge decide something now; a dropped report is a report without effect."""
        with suppress(Drop):
            outcome = await change(self.runtime, self.judge, self.clock.now(), call)
            self.windows |= {cell for cell in outcome.writes if cell.table in (JUDGE_WINDOW, JUDGE_GROUP)}

    async def take(self, step: Step) -> None:
        """Let one step of the test happen."""
        now = self.clock.now()
        if step.ack is not None:
            await self._acknowledge(step.ack)
        elif step.outage is not None:
            start = now - parse_duration(step.outage)
            await self._write(
                {coverage_cell(self.case.mode): Coverage(last_ok=now, outages=(Outage(start=start, end=now),))}
            )
        else:
            report = self._retraction(str(step.retract)) if step.retract else self._report(step)
            await self.act(lambda view: self.judge.engine.judge(report, view, now))

    async def _write(self, cells: Mapping[Any, Any]) -> None:
        await self.act(lambda _: Outcome("given", writes=dict(cells)))

    async def remember(self) -> None:
        """Write the history that the test gives."""
        for past in self.case.history:
            watch = self.judge.engine.watches[past.rule]
            seat = Seat(past.rule, watch.plan.shape, self.case.mode, past.group, "")
            await self._write({seat.history: HistoryState(values=past.values)})

    async def _acknowledge(self, rule: str) -> None:
        watch = self.judge.engine.watches[rule]
        cell = Seat(rule, watch.plan.shape, self.case.mode, (), "").rule_cell
        state = (await self.runtime.load([cell]))[cell].value
        for alert in state.open if isinstance(state, RuleState) else ():
            await self.act(lambda view, alert=alert: self.judge.ack(alert, "test", view, self.clock.now()))  # type: ignore[misc]

    def _retraction(self, name: str) -> Report:
        stream = self.said.get(name, self.defaults).get("from", "incidents")
        return Report(stream=stream, id=name, revision=self._next(name, None), retracted=True, mode=self.case.mode)

    def _next(self, name: str, given: Any) -> int:
        revision = int(given) if given is not None else self.revisions.get(name, 0) + 1
        self.revisions[name] = max(revision, self.revisions.get(name, 0))
        return revision

    def _report(self, step: Step) -> Report:
        name = str(step.id)
        told = dict(step.fields)
        revision = self._next(name, told.pop("revision", None))
        self.said[name] = fields = {**self.said.get(name, dict(self.defaults)), **told}
        stream = fields.get("from", "incidents")
        if stream == "feeds" or name not in self.arrived:  # every check of a feed has its own time
            self.arrived[name] = self.clock.now()
        gone = fields.get("status") == "retracted"
        items = () if gone else (self._item(name, {**fields, "revision": revision}),)
        return Report(stream=stream, id=name, revision=revision, items=items, retracted=gone, mode=self.case.mode)

    def _item(self, name: str, said: dict[str, Any]) -> Item:
        fields = {key: value for key, value in said.items() if key not in ("from", "sources")}
        sources = tuple(said.get("sources", ()))
        arrived = self.arrived[name]
        fields = {"n_sources": len(sources), "n_independent": len(sources) or 1, **fields}
        if "value" in fields:
            fields = {"low": fields["value"], "high": fields["value"], **fields}
        times = {key: self.moments.read(str(fields[key])) for key in TIMES if key in fields}
        night = fields.get("night_of")
        return Item(
            id=name,
            fields={"id": name, **{key: _plain(value) for key, value in fields.items()}},
            time=times.get("time", None if night else arrived),
            time_end=times.get("time_end"),
            published=times.get("published"),
            night_of=date.fromisoformat(str(night)) if night else None,
            ingested=arrived,
            independent=int(fields["n_independent"]),
            sources=sources,
            incident=name,
            **{key: fields[key] for key in PLAIN if key in fields},
        )


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return tuple(map(str, value))
    return value if isinstance(value, (bool, int, float, str)) or value is None else str(value)


async def _run(case: Case, tests: TestFile, rules: list[Rule]) -> list[str]:
    """One test: the failures in words, none when it passes."""
    moments = Moments.of(case.tz or tests.tz, case.start)
    bench = Bench(
        judge=Judge(rules, started=moments.start),
        clock=ManualClock(moments.start),
        moments=moments,
        case=case,
        defaults={**tests.event_defaults, **case.event_defaults},
    )
    await bench.remember()
    await bench.act(lambda view: bench.judge.begin(view, moments.start, case.mode))
    for step in sorted(case.input, key=lambda step: moments.read(step.at)):
        await advance(bench.runtime, [bench.judge], bench.clock, moments.read(step.at))
        await bench.take(step)
    if case.until is not None:
        await advance(bench.runtime, [bench.judge], bench.clock, moments.read(case.until))
    await advance(bench.runtime, [bench.judge], bench.clock, bench.clock.now())
    records = await bench.runtime.tail(Topic.ALERTS, limit=10_000)
    notices = [record.model for record in records if isinstance(record.model, Notice)]
    return [*_compare(case, notices, moments), *await _compare_late(case, bench)]


async def _compare_late(case: Case, bench: Bench) -> list[str]:
    if case.late is None:
        return []
    states = [versioned.value for versioned in (await bench.runtime.load(bench.windows)).values()]
    late = sum(isinstance(state, WindowState) and bool(state.judgement and state.judgement.late) for state in states)
    return [] if late == case.late else [f"expected {case.late} late windows, found {late}"]


def _compare(case: Case, notices: list[Notice], moments: Moments) -> Iterator[str]:
    for number, (wanted, notice) in enumerate(zip(case.expect, notices, strict=False), 1):
        for name, value in wanted.items():
            found = _field(notice, name)
            if not _matches(name, value, found, moments):
                shown = found.astimezone(moments.zone).isoformat() if isinstance(found, datetime) else repr(found)
                yield f"notice {number}: {name} is {shown}, expected {value!r} ({_brief(notice, moments)})"
    for notice in notices[len(case.expect) :]:
        yield f"unexpected notice: {_brief(notice, moments)}"
    for wanted in case.expect[len(notices) :]:
        yield f"missing notice: {dict(wanted)}"


def _field(notice: Notice, name: str) -> Any:
    first, _, rest = name.partition(".")
    first = OTHER_NAMES.get(first, first)
    value = getattr(notice, first)
    if first == "window":
        value = notice.window.key.partition("/")[2] if rest == "date" else getattr(value, rest or "key")
    elif rest:
        value = value.get(rest) if isinstance(value, dict) else None
    return value


def _matches(name: str, wanted: Any, found: Any, moments: Moments) -> bool:
    if isinstance(wanted, dict) and isinstance(found, dict):
        return all(key in found and _matches(name, part, found[key], moments) for key, part in wanted.items())
    if name.partition(".")[0] in TEXTS:
        return isinstance(found, str) and str(wanted) in found
    if isinstance(found, datetime):
        return moments.read(str(wanted)) == found
    if name in ("group", "by") and isinstance(wanted, list):
        return list(wanted) == list(found.values())
    if isinstance(found, tuple):
        return list(map(str, wanted)) == list(map(str, found))
    return bool(wanted == found)


def _brief(notice: Notice, moments: Moments) -> str:
    at = notice.at.astimezone(moments.zone)
    value = "" if notice.value is None else f" {notice.value}"
    return f"{at:%Y-%m-%dT%H:%M} {notice.notice} {notice.severity}{value}, {notice.reason}, {notice.window.key}"
