"""The retry schedule: full jitter, the receiver's wish, and an end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from workers.deliver.retry import LOCAL, LONGEST, WEBHOOK, next_wait


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 5), (2, 300), (3, 1800), (9, 86400)])
def test_the_wait_is_at_most_the_step_of_the_schedule(attempts: int, seconds: int) -> None:
    assert next_wait(WEBHOOK, attempts, lambda: 1.0) == timedelta(seconds=seconds)
    assert next_wait(WEBHOOK, attempts, lambda: 0.5) == timedelta(seconds=seconds / 2)
    assert next_wait(WEBHOOK, attempts, lambda: 0.0) == timedelta()


def test_after_the_last_step_there_is_none() -> None:
    assert next_wait(WEBHOOK, len(WEBHOOK) + 1, lambda: 1.0) is None


def test_the_wait_asked_for_is_kept_but_not_without_bound() -> None:
    assert next_wait(WEBHOOK, 1, lambda: 1.0, timedelta(minutes=2)) == timedelta(minutes=2)
    assert next_wait(WEBHOOK, 2, lambda: 1.0, timedelta(seconds=1)) == timedelta(minutes=5)
    assert next_wait(WEBHOOK, 1, lambda: 1.0, timedelta(days=365)) == LONGEST


def test_a_full_disk_is_tried_for_hours() -> None:
    assert sum(LOCAL, timedelta()) > timedelta(hours=6)
