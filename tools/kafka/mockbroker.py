"""librdkafka's mock broker, which answers any request with any error on demand: `confluent-kafka` carries it.

It is quick and speaks the protocol of groups, but it is no Kafka: it makes no topics by request, and its
groups are simple. What a broker does when members come and go is for a real one.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Iterable, Iterator
from importlib.metadata import files
from pathlib import Path
from typing import Any, Final

PRODUCER: Final = 0
"""RD_KAFKA_PRODUCER: the kind of client that the cluster hangs on."""


class MockAbsent(Exception):
    """The mock cannot be had here; the message says what is missing."""


def load_library() -> Any:
    """The C library inside of the wheel; raises MockAbsent."""
    try:
        import confluent_kafka  # noqa: F401 - loads what the library needs
    except ModuleNotFoundError as error:
        raise MockAbsent("confluent-kafka is not installed; it is among the tools of the tests") from error
    for file in files("confluent-kafka") or ():
        if Path(file).name.startswith("librdkafka"):
            return ctypes.CDLL(str(file.locate()))
    raise MockAbsent("this wheel of confluent-kafka holds no librdkafka")


class Mock:
    """One cluster of one broker in this process."""

    def __init__(self, library: Any, cluster: int) -> None:
        self._library, self._cluster = library, ctypes.c_void_p(cluster)
        self.address: str = library.rd_kafka_mock_cluster_bootstraps(self._cluster).decode()

    def topic(self, name: str, partitions: int = 1) -> None:
        """Make a topic."""
        failed = self._library.rd_kafka_mock_topic_create(self._cluster, name.encode(), partitions, 1)
        assert not failed, f"the mock does not make {name}: error {failed}"

    def fail(self, api: int, codes: Iterable[int]) -> None:
        """Answer the next requests of an API with these errors, one each."""
        errors = list(codes)
        array = (ctypes.c_int * len(errors))(*errors)
        self._library.rd_kafka_mock_push_request_errors_array(
            self._cluster, ctypes.c_int16(api), ctypes.c_size_t(len(errors)), array
        )

    def asked(self, api: int) -> int:
        """How many requests of an API have come since the start."""
        number = ctypes.c_size_t()
        requests = self._library.rd_kafka_mock_get_requests(self._cluster, ctypes.byref(number))
        keys = [
            self._library.rd_kafka_mock_request_api_key(ctypes.c_void_p(requests[each])) for each in range(number.value)
        ]
        self._library.rd_kafka_mock_request_destroy_array(requests, number)
        return keys.count(api)


@contextlib.contextmanager
def running() -> Iterator[Mock]:
    """A cluster for as long as the block lasts; raises MockAbsent."""
    library = load_library()
    for name in ("rd_kafka_new", "rd_kafka_mock_cluster_new"):
        getattr(library, name).restype = ctypes.c_void_p
    library.rd_kafka_mock_cluster_bootstraps.restype = ctypes.c_char_p
    library.rd_kafka_mock_get_requests.restype = ctypes.POINTER(ctypes.c_void_p)
    library.rd_kafka_mock_request_api_key.restype = ctypes.c_int16
    handle = ctypes.c_void_p(library.rd_kafka_new(PRODUCER, None, None, ctypes.c_size_t(0)))
    cluster = library.rd_kafka_mock_cluster_new(handle, 1)
    library.rd_kafka_mock_start_request_tracking(ctypes.c_void_p(cluster))
    library.rd_kafka_mock_group_initial_rebalance_delay_ms(ctypes.c_void_p(cluster), ctypes.c_int32(0))
    try:
        yield Mock(library, cluster)
    finally:
        library.rd_kafka_mock_cluster_destroy(ctypes.c_void_p(cluster))
        library.rd_kafka_destroy(handle)
