"""The one door to places and times: what the grammar asks of the gazetteer and of the night rules."""

from __future__ import annotations

from workers.extract.nights import TimeMention, Timespan, day_of_writing, find_times, resolve
from workers.extract.places import Gazetteer, PlaceMention

__all__ = ["Gazetteer", "PlaceMention", "TimeMention", "Timespan", "day_of_writing", "find_times", "resolve"]
