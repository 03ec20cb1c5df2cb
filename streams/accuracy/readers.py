"""Who is measured: the production rooms, and the baselines that everybody can build in an afternoon."""

from __future__ import annotations

import importlib
import importlib.util
import re
import warnings
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from schemas.article import Article
from schemas.incident import Incident
from streams.accuracy.gold import Answer, Row
from workers.extract.extractor import Extractor
from workers.resolve.book import resolve_article

LIMIT: Final = 50
"""The headline rule: more than this many drones in one night."""


class Told(NamedTuple):
    """What a reader makes of one article; `alarm` is whether it would cross the headline limit."""

    answers: tuple[Answer, ...]
    rows: tuple[Row, ...]
    alarm: bool


Reader = Callable[[Article], Told]


def production(extractor: Extractor) -> Reader:
    """The rooms extract and resolve, on one article at a time."""

    def read(article: Article) -> Told:
        extraction = extractor.extract(article)
        answers = tuple(
            Answer.model_validate(event.model_dump(include=set(Answer.model_fields)))
            for event in extraction.events
            if event.value and event.status == "asserted" and event.same_as is None
        )
        incidents = [incident for incident in resolve_article(extraction) if incident.period in ("night", "unknown")]
        return Told(answers, tuple(_rows(incidents)), any(map(_crosses, incidents)))

    return read


def _rows(incidents: Sequence[Incident]) -> list[Row]:
    return [
        Row(
            object=incident.object,
            attacker=incident.attacker,
            target_country=incident.target_country,
            night_of=incident.night_of,
            measure=measure,
            value=figure.value,
        )
        for incident in incidents
        for measure, figure in incident.figures.items()
        if figure.value
    ]


def _crosses(incident: Incident) -> bool:
    figure = incident.figures.get("involved")
    return incident.object == "drone" and figure is not None and over(figure.value, figure.qualifier)


def over(value: float, qualifier: str) -> bool:
    """Whether a figure is above the headline limit; "over 50" is, 50 is not."""
    return value > LIMIT or (value == LIMIT and qualifier == "over")


_NUMBER: Final = re.compile(r"(?<![\w.,-])(\d{1,3}(?:,\d{3})+|\d{1,7})(?![\w-]|[.,]\d)")
_DRONE: Final = re.compile(r"\b(?:drones?|UAVs?)\b", re.IGNORECASE)
NEAR: Final = 40
"""Characters between a number and the word, for the baseline."""


def largest_number(article: Article) -> Told:
    """The baseline: the largest number near the word drone was launched in the night before publication."""
    text = f"{article.title}\n{article.text}"
    spots = [found.start() for found in _DRONE.finditer(text)]
    near = [
        float(found[1].replace(",", ""))
        for found in _NUMBER.finditer(text)
        if any(-NEAR <= spot - found.end() <= NEAR for spot in spots)
    ]
    if not near:
        return Told((), (), alarm=False)
    value = max(near)
    row = Row(object="drone", night_of=article.time.date(), measure="launched", value=value)
    return Told((Answer(object="drone", measure="launched", value=value),), (row,), over(value, "exact"))


_THING: Final = re.compile(r"\s*(?:[A-Za-z-]+\s+){0,3}?(drone|missile|rocket)s?\b", re.IGNORECASE)
"""The thing that follows a quantity, with up to three words between."""


def quantities() -> Reader | None:
    """The baseline of a library: quantulum3's numbers without a unit, each with the noun that follows; None without it.

    The library tells how many, never what was done to them, so everything counts as launched.
    """
    if importlib.util.find_spec("quantulum3") is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for a classifier of units, which plain counts do not need
        parse = importlib.import_module("quantulum3.parser").parse

    def read(article: Article) -> Told:
        text = f"{article.title}\n{article.text}"
        found = []
        for quantity in parse(text):
            thing = _THING.match(text, quantity.span[1])
            if thing and quantity.unit.name == "dimensionless" and quantity.value > 0:
                found.append((thing[1].lower(), float(quantity.value)))
        answers = tuple(Answer(object=thing, measure="launched", value=value) for thing, value in dict.fromkeys(found))
        night = article.time.date()
        rows = tuple(Row(object=a.object or "", night_of=night, measure="launched", value=a.value) for a in answers)
        return Told(answers, rows, any(over(row.value, "exact") for row in rows if row.object == "drone"))

    return read
