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

    def marks(self, claim: Claim) -> frozenset[Mark]:
        """What makes a claim one voice with others: its article, its story, its owner, its agency."""
        return _marks(self, claim.article, claim.story, claim.owner, claim.source, claim.claimed_by)


@lru_cache(maxsize=4096)
def _marks(
    owners: Owners, article: str, story: str | None, owner: str | None, source: str | None, speaker: str | None
) -> frozenset[Mark]:
    owner = owner or owners.outlets.get((source or "").casefold())
    signs = (
        ("article", article),
        ("story", story),
        ("owner", owner.casefold() if owner else None),
        ("agency", owners.agency(source)),
        ("agency", owners.agency(speaker)),
    )
    return frozenset((sort, name) for sort, name in signs if name)


@lru_cache(maxsize=4096)
def _agency(owners: Owners, text: str) -> str | None:
    found = owners.names.search(text)
    return owners.agencies[found.group()] if found else None


def voices(marked: Iterable[tuple[Claim, frozenset[Mark]]]) -> list[list[Claim]]:
    """Claims by voice: claims that share a mark, directly or through others, belong to one voice."""
    alike: dict[frozenset[Mark], list[Claim]] = defaultdict(list)
    for claim, marks in marked:
        alike[marks].append(claim)  # the claims of one article mostly bear the same
    same = Union[Mark]()
    for marks in alike:
        same.join(marks)
    heard: dict[Mark, list[Claim]] = defaultdict(list)
    for marks, told in alike.items():
        heard[same.lead(next(iter(marks)))] += told
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
