"""Makes lanes of configured receivers: each way out with its sink, its schedule, its pace and its fallback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from schemas import receiver as config
from schemas.receiver import Receiver, SinkConfig, lane_names
from streams.clock import Clock
from streams.refusal import Refusal
from streams.sinks.base import Sink
from streams.sinks.console import ConsoleSink
from streams.sinks.jsonl import JsonlSink
from streams.sinks.rate import TokenBucket
from streams.sinks.signature import BadSecret, parse_secrets
from streams.sinks.webhook import WebhookSink
from workers.deliver.retry import LOCAL, WEBHOOK, Schedule


class ReceiverError(Refusal):
    """A receiver that cannot be set up; the message says which and what to do, and shows no secret."""

    invalid = True


@dataclass(frozen=True, slots=True)
class Lane:
    """One queue's way out; `fallback` are the lanes that take over what dies here."""

    sink: Sink
    schedule: Schedule = WEBHOOK
    bucket: TokenBucket | None = None
    fallback: tuple[str, ...] = ()


class _Setup(NamedTuple):
    environ: Mapping[str, str]
    clock: Clock


def build_lanes(receivers: Mapping[str, Receiver], environ: Mapping[str, str], clock: Clock) -> dict[str, Lane]:
    """The lanes of all receivers by name; raises ReceiverError when a secret or an address is missing or unusable."""
    lanes = {}
    for name, receiver in receivers.items():
        fallback = lane_names(receiver.fallback, receivers[receiver.fallback]) if receiver.fallback else []
        pace = receiver.pace()
        for lane, item in zip(lane_names(name, receiver), receiver.to, strict=True):
            try:
                sink, schedule = _sink(item, _Setup(environ, clock))
            except ReceiverError as error:
                raise ReceiverError(f"receiver {name}: {error}") from error
            lanes[lane] = Lane(sink, schedule, TokenBucket(*pace) if pace else None, tuple(fallback))
    return lanes


def lanes_of(name: str, receiver: Receiver, environ: Mapping[str, str], clock: Clock) -> dict[str, Lane]:
    """The lanes of one receiver by name, for which nobody steps in; raises ReceiverError like `build_lanes`."""
    return build_lanes({name: receiver.model_copy(update={"fallback": None})}, environ, clock)


def _sink(item: SinkConfig, setup: _Setup) -> tuple[Sink, Schedule]:
    match item.way:
        case config.ConsoleSink() as settings:
            return ConsoleSink(settings.format), LOCAL
        case config.JsonlSink() as settings:
            return JsonlSink(settings.path), LOCAL
        case config.WebhookSink() as settings:
            return _webhook(settings, setup), WEBHOOK


def _webhook(settings: config.WebhookSink, setup: _Setup) -> WebhookSink:
    url = str(settings.url) if settings.url else _variable("url_env", settings.url_env, setup.environ)
    try:
        keys = parse_secrets(_secret(settings, setup.environ))
    except BadSecret as error:
        raise ReceiverError(f"the webhook's secret {error}") from error
    return WebhookSink(url, keys, setup.clock, settings.timeout, settings.allow_private)


def _secret(settings: config.WebhookSink, environ: Mapping[str, str]) -> str:
    if settings.secret is not None:
        return settings.secret.get_secret_value()
    if settings.secret_file is None:
        return _variable("secret_env", settings.secret_env, environ)
    try:
        return settings.secret_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReceiverError(f"secret_file {settings.secret_file} cannot be read: {error}") from error


def _variable(field: str, name: str | None, environ: Mapping[str, str]) -> str:
    value = environ.get(name or "", "").strip()
    if not value:
        raise ReceiverError(f"{field} names the variable {name}, which is not set; set it in the environment")
    return value
