"""Reads and checks the query of an API request: known names, a bounded limit, errors that say what to write."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from streams.advice import near

DEFAULT_LIMIT: Final = 100
MAX_LIMIT: Final = 1000


class BadQuery(Exception):
    """A request that cannot be answered as it stands; the message says what to write."""


class Query:
    """The parameters of one request; raises BadQuery for a name that the endpoint does not know."""

    def __init__(self, request: web.Request, *known: str) -> None:
        self._values = request.query
        names = (*known, "limit")
        for name in self._values:
            if name not in names:
                meant = near(name, names)
                advice = f"did you mean {meant}?" if meant else f"write one of: {', '.join(names)}"
                raise BadQuery(f"{name!r} is not a parameter here; {advice}")

    @property
    def limit(self) -> int:
        """How many entries the answer may have, 1 to 1000; 100 where the request does not say."""
        text = self._values.get("limit", str(DEFAULT_LIMIT))
        if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MAX_LIMIT:
            raise BadQuery(f"limit is not {text[:20]!r}; write a number from 1 to {MAX_LIMIT}")
        return int(text)

    def flag(self, name: str) -> bool | None:
        """A yes-or-no parameter: `true` or `false`."""
        text = self._values.get(name)
        if text not in {None, "true", "false"}:
            raise BadQuery(f"{name} is not {text[:20] if text else ''!r}; write true or false")
        return None if text is None else text == "true"

    def matches(self, fields: Mapping[str, object]) -> bool:
        """Whether every parameter that names one of the fields equals it, in any case of letters."""
        return all(
            str(value or "").casefold() == self._values[name].casefold()
            for name, value in fields.items()
            if name in self._values
        )


def answer(content: Mapping[str, Any], status: int = 200) -> web.Response:
    """A JSON answer with the version of its form."""
    text = json.dumps({"schema": 1, **content}, ensure_ascii=False)
    return web.Response(text=text + "\n", status=status, content_type="application/json")


def refusal(status: int, reason: str, message: str) -> web.Response:
    """An error of the API: a named reason for programs, and a sentence for people."""
    return answer({"error": {"reason": reason, "message": message}}, status)
