"""The night of an article that nobody dated: what neither the text nor a feed tells is no date of a clock."""

from __future__ import annotations

from schemas.incident import Incident


def without_guess(incident: Incident) -> Incident:
    """The same without its date where that was taken from the hour of reading alone.

    A room that reads feeds sees an article soon after it was written, so that its hour says the night; a file that is
    read by a command may be years old.
    """
    claims = [claim for figure in incident.figures.values() for claim in figure.claims]
    claims += [claim for part in incident.parts for figure in part.figures.values() for claim in figure.claims]
    if incident.time_basis == "stated" or any(claim.published for claim in (*claims, *incident.aside)):
        return incident
    return incident.model_copy(update={"night_of": None, "start": None, "end": None})
