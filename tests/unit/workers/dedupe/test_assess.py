"""Two texts side by side: every guard by a case that it must see and one that it must let pass."""

from __future__ import annotations

from itertools import pairwise

import pytest

from workers.dedupe.assess import Assessment, assess
from workers.dedupe.names import same_name
from workers.dedupe.story_text import read_story

TITLE = "Seven drones downed near Izmail port"
TEXT = (
    "IZMAIL, March 4 (Reuters) - Seven drones were shot down near the port of Izmail on Tuesday, the regional head "
    "Oleh Kiper said. Two warehouses were damaged by debris and a fire broke out in one of them. Firefighters put it "
    "out within an hour. Nobody was hurt. Ferries to Romania stopped for the night and set off again in the morning. "
    "The port handles grain and oil and has been a target since the summer of 2023, when the sea corridor was closed."
)


def against(old: str, new: str, text: str = TEXT, title: str = TITLE) -> Assessment:
    assert old in title + text
    return assess(read_story(title, text), read_story(title.replace(old, new), text.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("Seven drones were", "Eight drones were", "changed-number"),
        ("Seven drones were", "17 drones were", "changed-number"),
        ("2023", "2022", "changed-number"),
        ("on Tuesday", "on Friday", "changed-date"),
        ("March 4", "March 6", "changed-date"),
        ("near the port of Izmail", "near the port of Reni", "changed-name"),
        ("IZMAIL, March 4", "KHERSON, March 4", "changed-name"),
        ("Oleh Kiper", "Vitalii Kim", "changed-name"),
        ("to Romania", "to Turkey", "changed-name"),
        ("Seven drones downed", "Nine drones downed", "changed-number"),
        ("Nobody was hurt", "Somebody was hurt", "changed-wording"),
        ("drones were shot", "missiles were shot", "changed-wording"),
        ("Nobody was hurt.", "Nobody was hurt. The head of the port later spoke of 12 trucks burnt.", "added-number"),
        ("Nobody was hurt.", "Nobody was hurt. Two dockers were killed by a blast.", "added-event"),
        (
            "Nobody was hurt.",
            "Nobody was hurt. The minister Denys Shmyhal and the envoy Keith Kellogg came.",
            "added-name",
        ),
        ("Seven drones downed", "UPDATE 2-Seven drones downed", "correction"),
    ],
)
def test_a_changed_fact_is_an_update(old: str, new: str, reason: str) -> None:
    found = against(old, new)
    assert (found.verdict, found.reason) == ("update", reason)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("Seven drones were", "7 drones were", "near-copy"),
        ("were damaged", "were hit", "near-copy"),
        ("Firefighters put it", "Fire crews put it", "near-copy"),
        ("IZMAIL, March 4 (Reuters) - ", "", "byline-changed"),
        ("IZMAIL, March 4 (Reuters)", "IZMAIL (AP)", "byline-changed"),
        ("Nobody was hurt. ", "", "near-copy"),
        ("was closed.", "was closed. Read also: the grain corridor in pictures", "byline-changed"),
        (TITLE, "Port of Izmail attacked by drones", "headline-changed"),
        (TEXT[230:], "", "truncated-copy"),
        ("on Tuesday, the", "on Tuesday, March 4, the", "near-copy"),
    ],
)
def test_a_cosmetic_change_is_a_copy(old: str, new: str, reason: str) -> None:
    found = against(old, new)
    assert (found.verdict, found.reason) == ("duplicate", reason)


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ("Seven Drones Downed Near Izmail Port", "Seven Drones Destroyed Near Izmail Port", "duplicate"),
        ("SEVEN DRONES DOWNED NEAR IZMAIL PORT", "SEVEN DRONES BROUGHT DOWN NEAR IZMAIL PORT", "duplicate"),
        ("Seven Drones Downed Near Izmail Port", "Seven Drones Downed Near Reni Port", "update"),
    ],
)
def test_capitals_in_a_headline_name_nothing_but_places(old: str, new: str, verdict: str) -> None:
    assert assess(read_story(old, TEXT), read_story(new, TEXT)).verdict == verdict


def test_houses_abbreviate_as_they_like() -> None:
    text = f"{TEXT} The U.S. envoy Gen. Keith Kellogg praised Gov. Kiper on Aug. 5."
    other = f"{TEXT} The US envoy General Keith Kellogg praised Governor Kiper on August 5."
    assert assess(read_story(TITLE, text), read_story(TITLE, other)).verdict == "duplicate"


def test_another_days_report_of_the_same_form_is_no_update() -> None:
    other = (
        TEXT.replace("Seven", "Nineteen").replace("Two ware", "Six ware").replace("Tuesday", "Friday")
        .replace("March 4", "March 7")
    )  # fmt: skip
    assert assess(read_story(TITLE, TEXT), read_story("Nineteen drones downed near Izmail port", other))[:2] == (
        "unique",
        "other-day",
    )


def test_a_longer_text_of_the_same_story_is_an_update_in_it() -> None:
    found = assess(read_story(TITLE, TEXT[:230]), read_story(TITLE, TEXT))
    assert (found.verdict, found.reason, found.same_story) == ("update", "longer-text", True)


def test_another_place_is_another_story_and_a_new_toll_is_not() -> None:
    assert not against("near the port of Izmail", "near the port of Reni").same_story
    assert against("Two warehouses", "Three warehouses").same_story


def test_a_stranger_headline_is_not_taken_for_a_copys() -> None:
    found = assess(read_story(TITLE, TEXT), read_story("Parliament debates pension reform", TEXT))
    assert (found.verdict, found.reason) == ("update", "other-headline")


def test_the_same_words_with_a_new_lead_are_an_update() -> None:
    lead = (
        "The insurer of the grain fleet wants higher premiums for every ship that calls at the river ports of Ukraine "
        "and says owners have to decide soon whether the route along the coast still pays for them and their crews."
    )
    goods = [
        "barley",
        "timber",
        "copper",
        "salt",
        "flax",
        "coal",
        "marble",
        "cotton",
        "sugar",
        "cement",
        "potash",
        "tar",
    ]
    goods += ["gravel", "lentils", "soap", "paper", "wool", "oats", "resin", "leather", "glass", "honey"]
    body = TEXT[TEXT.index("Seven") :] + "".join(
        f" Ships with {a} pass those with {b} at the bend." for a, b in pairwise(goods)
    )
    found = assess(read_story(TITLE, body), read_story(TITLE, f"{lead} {body}"))
    assert (found.verdict, found.reason) == ("update", "new-lead")


def test_unrelated_texts_are_unique() -> None:
    other = "The city council voted to plant lime trees along the river road and to pay for it out of the parking fees."
    assert assess(read_story(TITLE, TEXT), read_story("Trees for the river road", other)).verdict == "unique"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("kyiv", "kiev", True), ("ukraine", "ukrainian", True), ("zelensky", "zelenskyy", True),
        ("одеса", "одесі", True), ("бусаргин", "бусаргина", True), ("iran", "iraq", False), ("іран", "ірак", False),
        ("niger", "nigeria", False), ("austria", "australia", False), ("сум", "суми", True), ("kursk", "kursk", True),
    ],
)  # fmt: skip
def test_forms_of_one_name(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same
