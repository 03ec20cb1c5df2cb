"""Who a name is, and how its word weighs."""

from __future__ import annotations

import pytest

from workers.resolve.authority import Claimant, PolicyError, parse_authority, shipped
from workers.resolve.policy import Policy, default_policy

AUTHORITY = default_policy().authority


@pytest.mark.parametrize(
    ("name", "country", "kind"),
    [
        ("Russian Ministry of Defense", "RU", "forces"),
        ("Ukrainian Air Force", "UA", "forces"),
        ("Ukraine's military intelligence", "UA", "intelligence"),
        ("Kyiv City Military Administration", "UA", "local"),
        ("Governor Vyacheslav Gladkov", "RU", "local"),
        ("Volodymyr Zelenskyy", "UA", "government"),
        ("Moscow", "RU", "state"),
        ("the defence ministry", None, "forces"),
        ("US Central Command", "US", "forces"),
        ("Russian Telegram channels", "RU", "reports"),
        ("Повітряні сили ЗСУ", "UA", "forces"),
        ("Минобороны РФ", "RU", "forces"),
        ("Міноборони рф", "RU", "forces"),
        ("Харківська ОВА", "UA", "local"),
        ("Нацполіція", None, "services"),
        ("Дональд Туск", "PL", "government"),
        ("British defence ministry", "GB", "forces"),
        ("a passer-by", None, "other"),
        (None, None, "newsroom"),
        ("  ", None, "newsroom"),
    ],
)
def test_a_name_tells_country_and_kind(name, country, kind):
    assert AUTHORITY.claimant(name) == Claimant(country, kind)


def test_short_words_stand_alone_and_long_ones_begin_a_word():
    assert AUTHORITY.claimant("musketeers").country is None
    assert AUTHORITY.claimant("the model maker").kind == "other"
    assert AUTHORITY.claimant("Iranians").country == "IR"


def order(measure, *names, attacker="UA", target="RU"):
    """The names from the most to the least authoritative."""
    rank = {name: AUTHORITY.rank(measure, AUTHORITY.claimant(name), attacker, target) for name in names}
    return sorted(names, key=lambda name: rank[name])


def test_the_defender_counts_what_flew_over_its_territory():
    names = ("Ukrainian General Staff", None, "Russian Ministry of Defence", "Telegram channels", "Kremlin")
    told = order("intercepted", *names)
    assert told == ["Russian Ministry of Defence", "Kremlin", None, "Ukrainian General Staff", "Telegram channels"]
    assert order("intercepted", *names[::2], attacker="RU", target="UA")[0] == "Ukrainian General Staff"


def test_rescuers_count_victims_before_soldiers():
    assert order("killed", "Russian defence ministry", "Russian police")[0] == "Russian police"
    assert order("injured", "Russian defence ministry", "governor of Ryazan")[0] == "governor of Ryazan"


def test_channels_come_last_whatever_their_country():
    reports = [AUTHORITY.claimant(name) for name in ("Polish media", "Russian Telegram channels", "Telegram channels")]
    ranks = {AUTHORITY.rank("intercepted", claimant, "UA", "RU") for claimant in reports}
    assert len(ranks) == 1
    assert ranks.pop() > AUTHORITY.rank("intercepted", AUTHORITY.claimant("the mayor"), "UA", "RU")


def test_allies_stand_on_the_side_of_the_body_that_attacks():
    assert AUTHORITY.side(AUTHORITY.claimant("Hezbollah"), "HZ", "IL") == "attacker"
    assert AUTHORITY.side(AUTHORITY.claimant("Poland"), "RU", "UA") == "third"
    assert AUTHORITY.side(AUTHORITY.claimant("officials"), "RU", "UA") == "unknown"


def test_what_is_not_listed_stands_together_at_the_end():
    table = parse_authority('kinds = []\n[countries]\nRU = ["russia"]\n[orders]\ndefault = ["newsroom"]\n')
    assert table.rank("hit", table.claimant("Russia"), "UA", "RU") == 1
    assert table.rank("hit", table.claimant(None), "UA", "RU") == 0


def test_an_operator_changes_the_order():
    text = shipped("authority.toml").replace("default = [", 'default = [\n  "*.reports",', 1)
    changed = Policy.parse(authority=text).authority
    said = changed.claimant("Telegram channels")
    assert changed.rank("hit", said, "UA", "RU") == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("orders = [", "is not TOML"),
        ("kinds = []\n[countries]\n", "'orders' is missing"),
        ("kinds = []\n[countries]\n[orders]\nhit = []\n", "'orders.default' is missing"),
        ('kinds = []\n[countries]\n[orders]\ndefault = []\nhit = "no"\n', "there is no order 'no'; known: default"),
        ('kinds = []\n[people]\nx = "UA"\n[countries]\n[orders]\ndefault = []\n', "must read COUNTRY.kind"),
        ('[kinds]\nkind = "x"\n[countries]\n[orders]\ndefault = []\n', "take the shipped table as a model"),
    ],
)
def test_a_bad_table_says_what_is_wrong(text, message):
    with pytest.raises(PolicyError, match=message):
        parse_authority(text)
