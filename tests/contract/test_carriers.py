"""Says aloud which carriers the suite could not run on."""

from __future__ import annotations

import os
import shutil

import pytest


def test_a_redis_beside_valkey() -> None:
    if not os.environ.get("NIGHTWIRE_TEST_REDIS_URL") and not shutil.which("redis-server"):
        pytest.skip("CONTRACT NOT TESTED ON REDIS: no redis-server on PATH and no NIGHTWIRE_TEST_REDIS_URL")
