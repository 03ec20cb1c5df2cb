"""Who is told: the receivers of the configuration, and the terminal that nightwire runs in."""

from __future__ import annotations

from typing import Final

from schemas.config import Config
from schemas.receiver import Accept, ConsoleSink, Receiver, SinkConfig

CONSOLE: Final = "console"
"""The name of the terminal among the receivers; one that is configured under this name takes its place."""


def terminal(as_json: bool) -> dict[str, Receiver]:
    """The terminal: everything, printed on standard output."""
    way = SinkConfig(console=ConsoleSink(format="json" if as_json else "text"))
    return {CONSOLE: Receiver(accept=Accept(mode=("live", "replay")), to=(way,))}


def all_receivers(config: Config, as_json: bool = False) -> dict[str, Receiver]:
    """The terminal and the configured receivers."""
    return {**terminal(as_json), **config.receivers}
