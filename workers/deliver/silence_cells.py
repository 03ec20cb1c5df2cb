"""What deliver remembers of silences: all of them in one book, and for every alert the notices held back."""

from __future__ import annotations

from schemas.alert import Notice
from schemas.base import Instant, Model
from schemas.silence import Silence


class SilenceBook(Model):
    """All silences, ended ones for a while, and the alerts that have notices held back."""

    silences: tuple[Silence, ...] = ()
    holding: tuple[str, ...] = ()


class Held(Model):
    """The notices of one alert that a silence holds or has held back."""

    alert: str
    waiting: Notice | None = None
    """The latest notice that waits for the end of the silence."""
    revisions: tuple[int, ...] = ()
    """All revisions that were ever held, so that a redelivered one is known."""
    silences: tuple[str, ...] = ()
    """Ids of the silences that held them."""
    released: Instant | None = None
    """When notices were let go last."""
