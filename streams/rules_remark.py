"""A remark about one place of a rule file."""

from __future__ import annotations

from typing import NamedTuple

Steps = tuple[int | str, ...]
"""A path into a file: names of keys and places in lists."""


class Remark(NamedTuple):
    """Something about one place of a rule file."""

    path: Steps
    message: str
