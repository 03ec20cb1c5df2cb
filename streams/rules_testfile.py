"""Reads the files that test rules: what arrives when, and which notices must come of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, StrictInt, StrictStr, ValidationError, model_validator

from schemas.alert import Notice
from schemas.base import Document, Mode
from schemas.rule_terms import Zone, parse_duration
from streams.advice import advise
from streams.documents import DocumentError, Problem, YamlDocument, read_yaml

ACTIONS: Final = ("id", "retract", "ack", "outage")
_LOCAL: Final = re.compile(r"\d{4}-\d\d-\d\d(T.*)?")


def _moment(value: object) -> object:
    """Times come as text; YAML makes dates of some."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, str) and (value.startswith("+") or _LOCAL.match(value)):
        return value
    raise ValueError(f"{value!r} is no time; write for example '2026-09-04T02:00' (local), or '+90m' after the start")


Moment = Annotated[str, BeforeValidator(_moment)]


@dataclass(frozen=True, slots=True)
class Moments:
    """Reads the times of one test: local to its zone, with an offset, or counted from its start."""

    zone: ZoneInfo
    start: datetime

    @classmethod
    def of(cls, tz: str, start: str) -> Moments:
        """The times of a test that starts then."""
        zone = ZoneInfo(tz)
        return cls(zone, _local(start, zone))

    def read(self, text: str) -> datetime:
        """The instant that a text means; raises ValueError."""
        if text.startswith("+"):
            return self.start + (timedelta() if text in ("+0", "+0m") else parse_duration(text[1:]))
        return _local(text, self.zone)


def _local(text: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no time ({error}); write for example '2026-09-04T02:00'") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


class Step(Document):
    """One thing that happens: an item arrives or is revised, is taken back, or a person acknowledges."""

    model_config = {"frozen": True, "extra": "allow"}
    at: Annotated[Moment, Field(examples=["2026-09-04T02:00"])]
    id: StrictStr | None = None
    retract: StrictStr | None = None
    ack: StrictStr | None = None
    """Id of the rule whose open alerts somebody takes."""
    outage: StrictStr | None = None
    """For how long up to now no feed could be fetched."""

    @model_validator(mode="after")
    def _one_action(self) -> Step:
        given = [name for name in ACTIONS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"each input has exactly one of {', '.join(ACTIONS)}; found {', '.join(given) or 'none'}")
        return self

    @property
    def fields(self) -> dict[str, Any]:
        """What the step says of its item."""
        return dict(self.model_extra or {})


class Past(Document):
    """The values of earlier windows of one group; null for a window in which the feeds were down."""

    rule: StrictStr
    group: tuple[StrictStr | None, ...] = ()
    values: dict[StrictStr, float | None]


def _known(value: object) -> object:
    if isinstance(value, dict):
        known = {*Notice.model_fields, "by"}
        unknown = sorted(str(key) for key in value if str(key).partition(".")[0] not in known)
        if unknown:
            raise ValueError(f"a notice has no field {', '.join(unknown)}; known: {', '.join(Notice.model_fields)}")
    return value


Expected = Annotated[dict[StrictStr, Any], BeforeValidator(_known)]


class Case(Document):
    """One test: a fake clock, what arrives, and exactly the notices that must come."""

    name: Annotated[StrictStr, Field(examples=["opens and ends"])]
    rules: tuple[StrictStr, ...] = ()
    """Only these rules; all of the files where none is named."""
    tz: Zone | None = None
    start: Annotated[Moment, Field(examples=["2026-09-03T20:00"])]
    until: Moment | None = None
    """How far the clock runs on after the last input."""
    event_defaults: dict[StrictStr, Any] = {}
    history: tuple[Past, ...] = ()
    input: tuple[Step, ...] = ()
    expect: Annotated[tuple[Expected, ...], Field(examples=[[]])]
    late: StrictInt | None = None
    """Windows for which an alert came too late."""
    mode: Mode = "live"


class TestFile(Document):
    """A file of tests."""

    __test__ = False
    rule_files: Annotated[tuple[StrictStr, ...], Field(min_length=1, examples=[["drones.yaml"]])]
    tz: Zone = "UTC"
    event_defaults: dict[StrictStr, Any] = {}
    tests: tuple[Case, ...]


def read_tests(path: Path) -> tuple[YamlDocument, TestFile]:
    """Read a file of tests; raises DocumentError with all that is wrong with it."""
    document = read_yaml(path)
    if not isinstance(document.data, dict):
        raise DocumentError([document.problem((), "a file of tests is a map with rule_files: [...] and tests: [...]")])
    try:
        return document, TestFile.model_validate(document.data)
    except ValidationError as error:
        raise DocumentError(
            [document.problem(each["loc"], advise(each, TestFile)) for each in error.errors()]
        ) from error


def misdated(document: YamlDocument, tests: TestFile) -> list[Problem]:
    """Times that cannot be read, at their places."""
    found = []
    for number, case in enumerate(tests.tests):
        try:
            moments = Moments.of(case.tz or tests.tz, case.start)
        except ValueError as error:
            found.append(document.problem(("tests", number, "start"), str(error)))
            continue
        places: list[tuple[tuple[int | str, ...], Any]] = [
            (("until",), case.until),
            *((("input", i, "at"), step.at) for i, step in enumerate(case.input)),
        ]
        places += [(("expect", i, "at"), each.get("at")) for i, each in enumerate(case.expect)]
        for path, text in places:
            try:
                if text is not None:
                    moments.read(str(text))
            except ValueError as error:
                found.append(document.problem(("tests", number, *path), str(error)))
    return found
