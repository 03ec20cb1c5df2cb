"""The options that several commands have, each with one help text; imports nothing that a filter would wait for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ConfigOption = Annotated[Path | None, typer.Option("--config", "-c", help="Configuration file.")]
DataDirOption = Annotated[Path | None, typer.Option(help="Folder of the private server's state.")]
RedisOption = Annotated[str | None, typer.Option(help="Use this Redis or Valkey server instead.")]
RulesOption = Annotated[list[Path] | None, typer.Option(help="Rule files or folders instead of the configured ones.")]
ListenOption = Annotated[str | None, typer.Option(help="Where the page is served, host:port.")]

FromOption = Annotated[str | None, typer.Option("--from", help="Leave out what was published before this time.")]
ToOption = Annotated[str | None, typer.Option("--to", help="Leave out what was published after this time.")]

JsonOption = Annotated[bool, typer.Option("--json", help="JSON lines.")]
NoticesOption = Annotated[bool, typer.Option("--json", help="Print notices as JSON lines.")]
ReplayOption = Annotated[bool, typer.Option("--replay", help="Look at what replays have left.")]
