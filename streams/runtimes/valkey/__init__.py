"""The valkey runtime: streams with consumer groups, and all state, on one Valkey or Redis server."""

from streams.runtimes.valkey.runtime import ValkeyRuntime

__all__ = ["ValkeyRuntime"]
