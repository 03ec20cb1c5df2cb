"""A remark about one place of a rule file."""

from __future__ import annotations

from typing import NamedTuple


class Remark(NamedTuple):
    """Something about one place of a rule file."""

    path: tuple[int | str, ...]
    message: str
