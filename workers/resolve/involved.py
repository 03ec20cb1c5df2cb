"""How many took part in an attack, whatever the reports call it: the measure that a threshold reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from schemas.incident import Figure
from workers.resolve.policy import Measures


def involved(measures: Measures, figures: Mapping[str, Figure]) -> Figure | None:
    """The larger of launched and intercepted + lost + hit, on the same claims; "at least" where it was added up."""
    whole = figures.get(measures.whole)
    total = _total(_terms(measures, figures))
    told = [figure for figure in (whole, total) if figure is not None]
    if not told:
        return None
    largest = max(told, key=lambda figure: figure.value)
    return largest.model_copy(
        update={
            "low": largest.low if largest is whole else min(figure.low for figure in told),
            "high": largest.high,
            "conflict": any(figure.conflict for figure in told),
        }
    )


def _terms(measures: Measures, figures: Mapping[str, Figure]) -> list[Figure]:
    """The figures to add; one that the first holds within its total is left out."""
    rows = [name for name in measures.added if name in figures and figures[name].value]
    others = [name for name in figures if name in rows[:1] or name not in (measures.whole, *measures.added)]
    told = {(claim.article, claim.value) for name in others for claim in figures[name].claims}
    first = [figures[name] for name in rows[:1]]
    return [*first, *(figures[name] for name in rows[1:] if not _within(first[0], figures[name], told))]


def _within(total: Figure, figure: Figure, told: Collection[tuple[str, float]]) -> bool:
    """Whether some article tells the total as this figure and one that is not added: 42, of which 9 fell, 33 lost."""
    return any((claim.article, total.value - claim.value) in told for claim in figure.claims)


def _total(terms: Sequence[Figure]) -> Figure | None:
    if len(terms) < 2:
        return terms[0] if terms else None
    return Figure(
        value=sum(figure.value for figure in terms),
        low=max(figure.low for figure in terms),
        high=sum(figure.high for figure in terms),
        qualifier="at_least",
        derived=True,
        claims=tuple(claim for figure in terms for claim in figure.claims),
    )
