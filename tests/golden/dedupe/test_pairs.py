"""The labelled pairs: copies are recognised, and no text with a changed fact is called a copy."""

from __future__ import annotations

from collections import Counter
from typing import Any

RIGHT = {"duplicate": {"duplicate"}, "update": {"update"}, "different": {"unique", "update"}}


async def test_every_pair_gets_its_verdict(pairs: list[Any], desk: Any) -> None:
    wrong = []
    for pair in pairs:
        memory = desk()
        await memory.take(pair.old)
        verdict = await memory.verdict(pair.new)
        if verdict.verdict not in RIGHT[pair.label]:
            wrong.append(f"{pair.name}: {pair.label} expected, {verdict.verdict} ({verdict.reason})")
    assert wrong == []


async def test_among_all_originals_nothing_with_a_changed_fact_is_lost(pairs: list[Any], desk: Any) -> None:
    memory = desk()
    originals = {pair.old.title: pair.old for pair in pairs}
    for number, old in enumerate(originals.values()):
        await memory.take(old.model_copy(update={"id": f"old-{number}"}))
    arrivals = [pair for pair in pairs if pair.label != "duplicate" and pair.kind != "same-topic"]
    verdicts = [(pair.name, (await memory.verdict(pair.new)).verdict) for pair in arrivals]
    assert [name for name, verdict in verdicts if verdict == "duplicate"] == []


def test_the_set_is_large_and_in_three_languages(pairs: list[Any]) -> None:
    languages = Counter(pair.name.split()[1][:2] for pair in pairs)
    labels = Counter(pair.label for pair in pairs)
    assert len(pairs) >= 300
    assert min(languages[lang] for lang in ("en", "uk", "ru")) >= 60
    assert min(labels[label] for label in RIGHT) >= 60


def test_no_row_repeats_another(pairs: list[Any]) -> None:
    seen = Counter((pair.old.title, pair.new.title, pair.new.text, pair.kind) for pair in pairs)
    assert [key for key, count in seen.items() if count > 1 and key[-1] not in {"spacing", "exact"}] == []
