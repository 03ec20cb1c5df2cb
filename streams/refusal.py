"""What a command cannot go on without: one line that says what to do, and the exit status that goes with it."""

from __future__ import annotations


class Refusal(Exception):
    """A server, port or folder that cannot be had; the message is for the person at the terminal."""

    invalid = False
    """True where it is the configuration that must be changed."""
