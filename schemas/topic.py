"""The names of the topics; what travels on each is told by the table in `streams/topics.py`."""

from enum import StrEnum


class Topic(StrEnum):
    """One arrow of the pipeline map."""

    ARTICLES = "articles"
    UNIQUE = "articles.unique"
    EVENTS = "events"
    INCIDENTS = "incidents"
    ALERTS = "alerts"
    NOTIFICATIONS = "notifications"
    HEALTH = "feeds.health"
    DEAD_LETTERS = "dead-letters"
