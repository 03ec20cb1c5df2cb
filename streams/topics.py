"""THE TABLE of topics: the wire name, the model, the CloudEvents type, the key and the retention of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from schemas.alert import Notice
from schemas.article import Article
from schemas.base import Model
from schemas.deadletter import DeadLetter
from schemas.event import Extraction
from schemas.feed import FeedHealth
from schemas.incident import Incident
from schemas.notification import Notification
from schemas.story import UniqueArticle
from schemas.topic import Topic


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """One row: `wire` is the name on every carrier, `type` the CloudEvents type, `keep` the age that is kept."""

    topic: Topic
    wire: str
    model: type[Model]
    type: str
    key: str
    keep: timedelta
    purpose: str

    @property
    def schema_id(self) -> str:
        """The URI of the JSON Schema of its documents: CloudEvents' `dataschema`."""
        return f"urn:nightwire:{self.wire}"


TOPICS: Final[dict[Topic, TopicSpec]] = {
    spec.topic: spec
    for spec in (
        TopicSpec(
            Topic.ARTICLES, "articles.v1", Article, "nightwire.article.fetched.v1",
            "article id", timedelta(days=1), "every article as fetched, for re-processing",
        ),
        TopicSpec(
            Topic.UNIQUE, "articles.unique.v1", UniqueArticle, "nightwire.article.accepted.v1",
            "article id", timedelta(days=1), "each text once, with the story it belongs to",
        ),
        TopicSpec(
            Topic.EVENTS, "events.v1", Extraction, "nightwire.article.extracted.v1",
            "article id", timedelta(days=7), "all claims of one article revision, with their sentences",
        ),
        TopicSpec(
            Topic.INCIDENTS, "incidents.v1", Incident, "nightwire.incident.upserted.v1",
            "incident id", timedelta(days=7), "the state of the world: upserts by id and revision",
        ),
        TopicSpec(
            Topic.ALERTS, "alerts.notices.v1", Notice, "nightwire.alert.notice.v1",
            "alert id", timedelta(days=90), "what changed of which alert",
        ),
        TopicSpec(
            Topic.NOTIFICATIONS, "notifications.v1", Notification, "nightwire.notification.finished.v1",
            "alert id", timedelta(days=30), "who was told what, and how that ended",
        ),
        TopicSpec(
            Topic.HEALTH, "feeds.health.v1", FeedHealth, "nightwire.feed.checked.v1",
            "feed id", timedelta(days=7), "what every check of every feed came to",
        ),
        TopicSpec(
            Topic.DEAD_LETTERS, "dead-letters.v1", DeadLetter, "nightwire.record.quarantined.v1",
            "key of the record", timedelta(days=30), "records that no room could take, kept whole",
        ),
    )
}  # fmt: skip
"""Every topic; a literal topic name anywhere else fails a test."""
