"""Which reports are one voice: copies of one text, outlets of one owner, texts of one news agency."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from schemas.incident import Claim
from workers.resolve.authority import PolicyError
from workers.union import Union

NOBODY = "(?!)"

Mark = tuple[str, str]
"""A sort (article, story, owner, agency) and a name."""


@dataclass(frozen=True, eq=False)
class Owners:
    """The table `owners.toml`: outlets by owner, and the names under which agencies are quoted."""

    outlets: dict[str, str]
    agencies: dict[str, str]
    names: re.Pattern[str]

    def agency(self, text: str | None) -> str | None:
        """The news agency that a byline or an attribution names."""
        return _agency(self, text.casefold()) if text else None

    def marks(self, claim: Claim) -> set[Mark]:
        """What makes a claim one voice with others: its article, its story, its owner, its agency."""
        owner = claim.owner or self.outlets.get((claim.source or "").casefold())
        signs = (
            ("article", claim.article),
            ("story", claim.story),
            ("owner", owner.casefold() if owner else None),
            ("agency", self.agency(claim.source)),
            ("agency", self.agency(claim.claimed_by)),
        )
        return {(sort, name) for sort, name in signs if name}


@lru_cache(maxsize=4096)
def _agency(owners: Owners, text: str) -> str | None:
    found = owners.names.search(text)
    return owners.agencies[found.group()] if found else None


def voices(claims: Iterable[Claim], owners: Owners) -> list[list[Claim]]:
    """Claims by voice: claims that share a mark, directly or through others, belong to one voice."""
    articles: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        articles[claim.article].append(claim)
    same = Union[Mark]()
    for told in articles.values():
        speakers = {claim.claimed_by: claim for claim in told}
        same.join(set().union(*map(owners.marks, speakers.values())))
    heard: dict[Mark, list[Claim]] = defaultdict(list)
    for article, told in articles.items():
        heard[same.lead(("article", article))] += told
    return list(heard.values())


def parse_owners(text: str, name: str = "owners.toml") -> Owners:
    """Read the table; raises PolicyError."""
    try:
        data = tomllib.loads(text)
        outlets = {outlet.casefold(): owner for owner, names in data["owners"].items() for outlet in names}
        agencies = {alias.casefold(): agency for agency, names in data["agencies"].items() for alias in names}
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{name}: is not TOML: {error}") from error
    except KeyError as error:
        raise PolicyError(f"{name}: the table {error.args[0]!r} is missing; take the shipped one as a model") from error
    except (TypeError, AttributeError) as error:
        raise PolicyError(f'{name}: {error}; write owner = ["outlet", ...]') from error
    words = "|".join(re.escape(alias) for alias in sorted(agencies, key=lambda alias: (-len(alias), alias)))
    return Owners(outlets, agencies, re.compile(rf"(?<!\w)(?:{words or NOBODY})(?!\w)"))
