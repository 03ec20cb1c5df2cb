"""`nightwire doctor`: is everything there that nightwire needs; one line each, with a remedy."""

from __future__ import annotations

import typer

from streams.app import house_config
from streams.cli.common import Exit, emit, guarded
from streams.cli.options import ConfigOption, DataDirOption, JsonOption, RedisOption
from streams.doctor import examine


def doctor(
    config: ConfigOption = None,
    data_dir: DataDirOption = None,
    redis_url: RedisOption = None,
    as_json: JsonOption = False,
) -> None:
    """Look at Python, time zones, server, folder, disk, feeds, rules and receivers; exit status 1 when one fails."""
    with guarded():
        settings = house_config(config, data_dir=data_dir, redis_url=redis_url)
    failed = False
    for finding in examine(settings):
        failed |= finding.state == "fail"
        if as_json:
            emit({"schema": 1, **finding.model_dump(mode="json")})
        else:
            remedy = f"; {finding.remedy}" if finding.remedy else ""
            print(f"{finding.state:<5} {finding.check:<10} {finding.message}{remedy}")
    if failed:
        raise typer.Exit(int(Exit.FAILED))
