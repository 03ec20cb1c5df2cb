"""THE MAP: every room of the pipeline, the topic it reads and the topics it writes, in the order data flows.

feeds --fetch--> articles --dedupe--> articles.unique --extract--> events --resolve--> incidents
      --judge--> alerts --deliver--> notifications
events --judge.events--> alerts          feeds.health --judge.feeds--> alerts
any room --> dead-letters          fetch --> feeds.health
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from schemas.topic import Topic


@dataclass(frozen=True, slots=True)
class Room:
    """One row of the map: a verb, what it reads (None: the world) and what it writes."""

    name: str
    reads: Topic | None
    writes: tuple[Topic, ...]
    does: str


PIPELINE: Final[tuple[Room, ...]] = (
    Room("fetch", None, (Topic.ARTICLES, Topic.HEALTH), "polls the feeds and publishes what is new"),
    Room("dedupe", Topic.ARTICLES, (Topic.UNIQUE,), "lets each text through once"),
    Room("extract", Topic.UNIQUE, (Topic.EVENTS,), "reads what each number counts"),
    Room("resolve", Topic.EVENTS, (Topic.INCIDENTS,), "makes one incident of all claims about one thing"),
    Room("judge", Topic.INCIDENTS, (Topic.ALERTS,), "holds incidents against the rules"),
    Room("judge.events", Topic.EVENTS, (Topic.ALERTS,), "holds single claims against the rules that ask for them"),
    Room("judge.feeds", Topic.HEALTH, (Topic.ALERTS,), "holds feed checks against the rules, and keeps outages"),
    Room("deliver", Topic.ALERTS, (Topic.NOTIFICATIONS,), "tells every receiver once"),
)
