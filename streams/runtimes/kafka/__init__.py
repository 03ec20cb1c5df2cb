"""The kafka runtime: records on Apache Kafka, state and the journal of outputs on a Valkey or Redis server."""

from streams.runtimes.kafka.runtime import KafkaRuntime

__all__ = ["KafkaRuntime"]
