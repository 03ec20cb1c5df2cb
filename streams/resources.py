"""Finds the files that ship with the program: seeds, in the wheel or in the repository."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parent
_PLACES: Final = (_PACKAGE / "seeds", _PACKAGE.parent / "seeds")
"""The wheel carries the seeds inside the package; the repository has them beside it."""


def seeds() -> Path:
    """The folder of the seeds; raises FileNotFoundError when the installation is broken."""
    for place in _PLACES:
        if place.is_dir():
            return place
    raise FileNotFoundError(f"the seeds are missing: looked in {', '.join(map(str, _PLACES))}; install nightwire again")


def seed(name: str) -> Path:
    """A file or folder of the seeds, for example `nightwire.yaml` or `rules`; it need not exist."""
    return seeds() / name
