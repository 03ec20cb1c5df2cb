"""The style sheet, the script and the icon: read once, named by their content, so that a browser may keep them."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from typing import Final

from aiohttp import web

TYPES: Final = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


class Assets:
    """All files of the folder `static`, under names that change with their content."""

    def __init__(self) -> None:
        self._bodies: dict[str, bytes] = {}
        self._names: dict[str, str] = {}
        for file in files("streams.web").joinpath("static").iterdir():
            body = file.read_bytes()
            stem, _, ending = file.name.rpartition(".")
            named = f"{stem}.{hashlib.blake2b(body, digest_size=6).hexdigest()}.{ending}"
            self._bodies[named], self._names[file.name] = body, named

    def url(self, name: str) -> str:
        """The address of a file; raises KeyError for one that does not ship."""
        return f"/static/{self._names[name]}"

    async def serve(self, request: web.Request) -> web.Response:
        """One file, to be kept for a year; 404 for a name of another version."""
        name = request.match_info["name"]
        if name not in self._bodies:
            raise web.HTTPNotFound
        response = web.Response(body=self._bodies[name], content_type=TYPES[name.rpartition(".")[2]], charset="utf-8")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
