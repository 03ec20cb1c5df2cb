"""Which reports are one voice: copies of one text, outlets of one owner, texts of one news agency."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass

from schemas.incident import Claim
from workers.resolve.authority import PolicyError


@dataclass(frozen=True)
class Owners:
    """The table `owners.toml`: outlets by owner, and the names under which agencies are quoted."""

    outlets: dict[str, str]
    agencies: tuple[tuple[re.Pattern[str], str], ...]

    def owner(self, claim: Claim) -> str | None:
        """Who owns the outlet: as the feed says, else as the table says."""
        return claim.owner or self.outlets.get((claim.source or "").casefold())

    def agency(self, text: str | None) -> str | None:
        """The news agency that a byline or an attribution names."""
        return next((name for pattern, name in self.agencies if text and pattern.search(text.casefold())), None)

    def marks(self, claim: Claim) -> set[str]:
        """What makes a claim one voice with others: its article, its story, its owner, its agency."""
        owner = self.owner(claim)
        agencies = {self.agency(claim.source), self.agency(claim.claimed_by)} - {None}
        marks = {f"article {claim.article}", *(f"agency {name}" for name in agencies)}
        marks |= {f"story {claim.story}"} if claim.story else set()
        return marks | ({f"owner {owner.casefold()}"} if owner else set())


def voices(claims: Iterable[Claim], owners: Owners) -> list[list[Claim]]:
    """Claims by voice: claims that share a mark, directly or through others, belong to one voice."""
    groups: list[tuple[set[str], list[Claim]]] = []
    for claim in claims:
        marks, members = owners.marks(claim), [claim]
        apart = []
        for other, theirs in groups:
            if marks & other:
                marks, members = marks | other, theirs + members
            else:
                apart.append((other, theirs))
        groups = [*apart, (marks, members)]
    return [members for _, members in groups]


def parse_owners(text: str, name: str = "owners.toml") -> Owners:
    """Read the table; raises PolicyError."""
    try:
        data = tomllib.loads(text)
        outlets = {outlet.casefold(): owner for owner, names in data["owners"].items() for outlet in names}
        rows = [(alias, agency) for agency, names in data["agencies"].items() for alias in names]
        rows.sort(key=lambda row: (-len(row[0]), row))
        agencies = tuple((re.compile(rf"(?<!\w){re.escape(alias.casefold())}(?!\w)"), a) for alias, a in rows)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{name}: is not TOML: {error}") from error
    except KeyError as error:
        raise PolicyError(f"{name}: the table {error.args[0]!r} is missing; take the shipped one as a model") from error
    except (TypeError, AttributeError) as error:
        raise PolicyError(f'{name}: {error}; write owner = ["outlet", ...]') from error
    return Owners(outlets, agencies)
