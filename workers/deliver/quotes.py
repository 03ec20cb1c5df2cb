"""The sentences behind a notice as a message shows them: each once, with every number that was read from it marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.alert import Evidence
from workers.wording import number

QUOTE: Final = 300
"""Characters of one quote: enough to judge by, short enough to be a quotation."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of one article and the evidence that stands in it, the decisive one first."""

    text: str
    evidence: tuple[Evidence, ...]


def sentences(evidence: Iterable[Evidence]) -> list[Sentence]:
    """The sentences in the order of their first evidence; a sentence that carries two figures comes once."""
    found: dict[tuple[str, str], list[Evidence]] = {}
    for each in evidence:
        found.setdefault((each.article, each.sentence or each.quote), []).append(each)
    return [Sentence(text, tuple(group)) for (_, text), group in found.items()]


def marked(text: str, values: Sequence[float | int]) -> str:
    """The text with its numbers between asterisks, cut around the first of them when it is long."""
    spots = sorted(spot for value in dict.fromkeys(values) if (spot := _find(text, value)) is not None)
    start = max(0, spots[0][0] - QUOTE // 2) if spots and len(text) > QUOTE else 0
    end = min(len(text), start + QUOTE)
    parts, at = ["…" if start else ""], start
    for low, high in spots:
        if at <= low and high <= end:
            parts += [text[at:low], f"**{text[low:high]}**"]
            at = high
    return "".join([*parts, text[at:end], "…" if end < len(text) else ""])


def _find(text: str, value: float | int) -> tuple[int, int] | None:
    """Where a number stands in digits, with or without marks between its thousands."""
    pattern = re.escape(number(value)).replace(",", "[, \u00a0\u202f]?")
    match = re.search(rf"(?<!\d){pattern}(?!\d)", text)
    return match.span() if match else None
