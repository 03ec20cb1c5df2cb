"""Parts that are installed on demand."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from streams.runtimes.base import RuntimeRefused


@contextlib.contextmanager
def kafka_extra() -> Iterator[None]:
    """For imports of the kafka runtime, which most installations do without; raises RuntimeRefused with the remedy."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise RuntimeRefused(f"Kafka needs {error.name}; run: pip install 'nightwire[kafka]'") from error
