"""What an application holds for its handlers."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web
from jinja2 import Environment

from streams.web.board import Board
from streams.web.writers import Writers

BOARD: Final = web.AppKey("board", Board)
TEMPLATES: Final = web.AppKey("templates", Environment)
HEARTBEAT: Final = web.AppKey("heartbeat", float)
"""Seconds between two signs of life on a quiet event stream."""
WRITERS: Final = web.AppKey("writers", Writers)
"""Who may change anything."""
CACHE: Final = web.AppKey("cache", dict[str, Any])
"""The board's page as rendered last, and of which moment it is."""
