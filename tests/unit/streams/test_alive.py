"""The sign of life is given at once and again, and a place that cannot be written is refused before anything starts."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from streams.alive import sign_of_life
from streams.refusal import Refusal


async def test_it_comes_at_once_and_again(tmp_path: Path) -> None:
    file = tmp_path / "alive"
    async with sign_of_life(file, every=0.001):
        assert file.exists()
        os.utime(file, (0, 0))
        async with asyncio.timeout(30):
            while file.stat().st_mtime == 0:
                await asyncio.sleep(0.001)
    os.utime(file, (0, 0))
    await asyncio.sleep(0.01)
    assert file.stat().st_mtime == 0, "it ends with the block"


async def test_a_lost_folder_stops_nothing(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "alive"
    file.parent.mkdir()
    async with sign_of_life(file, every=0.001):
        file.unlink()
        file.parent.rmdir()
        await asyncio.sleep(0.01)
        file.parent.mkdir()
        async with asyncio.timeout(30):
            while not file.exists():
                await asyncio.sleep(0.001)


async def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="name another file"):
        async with sign_of_life(tmp_path / "nowhere" / "alive"):
            pass
