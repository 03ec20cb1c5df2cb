"""What the five seed articles must come to, from claims as a careful reader writes them down."""

from __future__ import annotations

from datetime import date

from workers.resolve.book import resolve_article


def figures(incidents, sides, measure="involved", thing="drone"):
    """(value, qualifier) of one measure of the only incident of an object between two sides."""
    attacker, target = sides.split(">")
    found = [i for i in incidents if (i.object, i.attacker, i.target_country) == (thing, attacker, target)]
    assert len(found) == 1
    figure = found[0].figures[measure]
    return (figure.value, figure.qualifier)


def test_an_article_without_figures_makes_no_incident(article, claim):
    deployed = claim(12, "deployed", "RU>UA", object="missile", period="unknown")
    foiled = claim(None, period="unknown")
    assert resolve_article(article("s0", foiled, deployed)) == []


def test_few_drones_over_moscow(article, claim):
    told = article("s1", claim(4), claim(1, "hit"), claim(0, "killed", object="person"))
    assert figures(resolve_article(told), "UA>RU") == (5, "at_least")


def test_launched_over_363_and_39_the_other_way(article, claim):
    told = article(
        "s2",
        claim(363, "launched", "RU>UA", qualifier="over"),
        claim(8, "launched", "RU>UA", object="missile"),
        claim(39, by="Russia"),
        claim(4, "destroyed", object="aircraft", by="Ukraine's military intelligence"),
        claim(2, "destroyed", object="aircraft", scope="part", part_of=3, model="Su-34"),
        claim(3000, "injured", "RU>UA", object="person", period="cumulative"),
        at="2025-06-27T12:00",
    )
    incidents = resolve_article(told)
    assert figures(incidents, "RU>UA") == (363, "over")
    assert figures(incidents, "UA>RU") == (39, "exact")
    assert figures(incidents, "RU>UA", "launched", "missile") == (8, "exact")
    assert not [i for i in incidents if i.object == "aircraft"]  # a loss of equipment, and no part of the night
    assert not [i for i in incidents if i.object == "person"]


def test_20_and_an_additional_124_are_at_least_144_and_46_go_the_other_way(article, claim):
    told = article(
        "s3",
        claim(20, place="Moscow region", scope="part", qualifier="at_least", by="Russia"),
        claim(124, scope="part", additional=True, by="Russia"),
        claim(46, "launched", "RU>UA", by="Ukraine"),
        claim(38, "intercepted", "RU>UA", by="Ukraine"),
        claim(1, "killed", object="person"),
    )
    incidents = resolve_article(told)
    assert figures(incidents, "UA>RU") == (144, "at_least")
    assert figures(incidents, "RU>UA") == (46, "exact")
    ours = next(i for i in incidents if i.object == "drone" and i.target_country == "RU")
    assert ours.night_of == date(2024, 9, 10)
    assert ours.figures["intercepted"].derived


def test_a_part_of_a_total_is_not_added_and_is_told_for_its_place(article, claim):
    told = article(
        "s4",
        claim(64, by="Russian Ministry of Defense", night_of=date(2025, 11, 15)),
        claim(25, place="Ryazan region", scope="part", part_of=0, night_of=date(2025, 11, 15)),
        at="2025-11-15T09:00",
    )
    (incident,) = resolve_article(told)
    assert figures([incident], "UA>RU") == (64, "exact")
    assert [(part.place.name, part.figures["intercepted"].value) for part in incident.parts] == [("Ryazan region", 25)]
