"""What counts as one voice."""

from __future__ import annotations

import pytest

from workers.resolve.authority import PolicyError
from workers.resolve.book import resolve_articles
from workers.resolve.policy import default_policy
from workers.resolve.voices import parse_owners


def independent(*articles):
    (incident,) = resolve_articles(articles)
    return incident.independent


def test_two_outlets_are_two_voices(article, claim):
    assert independent(article("a", claim(64)), article("b", claim(64))) == 2


def test_one_story_one_owner_and_one_agency_are_one_voice(article, claim):
    story = {"story": "s"}
    assert independent(article("a", claim(64), **story), article("b", claim(64), **story)) == 1
    owner = {"owner": "Big Paper Group"}
    assert independent(article("a", claim(64), **owner), article("b", claim(64), **owner)) == 1
    byline = article("a", claim(64), source="Reuters via The Gazette")
    said = article("b", claim(64, by="Reuters"), source="The Herald")
    assert independent(byline, said) == 1


def test_outlets_of_one_owner_by_the_table_are_one_voice(article, claim):
    assert independent(article("a", claim(64), source="RIA Novosti"), article("b", claim(64), source="sputnik")) == 1


def test_voices_are_joined_through_others(article, claim):
    one = article("a", claim(64), story="s1", owner="x")
    two = article("b", claim(64), story="s1", owner="y")
    three = article("c", claim(64), story="s2", owner="y")
    assert independent(one, three) == 2
    assert independent(one, two, three) == 1


def test_an_agency_is_found_as_a_whole_name_the_longest_first():
    owners = default_policy().owners
    assert owners.agency("Reuters via LBCI") == "Reuters"
    assert owners.agency("Interfax-Ukraine") == "Interfax-Ukraine"
    assert owners.agency("the map of Japan") is None
    assert owners.agency(None) is None


def test_tables_may_be_empty():
    assert parse_owners("[owners]\n[agencies]\n").agency("Reuters") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("=", "is not TOML"),
        ("[owners]\n", "the table 'agencies' is missing"),
        ("[owners]\nx = 1\n[agencies]\n", "write owner ="),
    ],
)
def test_a_bad_table_says_what_is_wrong(text, message):
    with pytest.raises(PolicyError, match=message):
        parse_owners(text)
