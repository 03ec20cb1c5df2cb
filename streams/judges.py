"""The rooms in which one engine of rules works: one for each stream that rules can read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from schemas.rule import Rule
from workers.judge.inputs import EventJudge, FeedJudge
from workers.judge.stage import Judge
from workers.stage import Stage


def judge_rooms(rules: Iterable[Rule], started: datetime | None = None) -> tuple[Stage[Any], ...]:
    """All three rooms on one engine; `started` is when this process began (for rules about silence).

    A room whose stream no rule reads lets every record pass by at once. It is there all the same: a topic is
    trimmed only up to what each of its rooms has taken, and a rule that is added later begins where time stands.
    """
    judge = Judge(rules, started=started)
    return (judge, EventJudge(judge.engine), FeedJudge(judge.engine))
