"""Figures and nouns as people write them."""

from __future__ import annotations

import pytest

from workers.wording import figure, number, plural, zone


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (1250, "1,250"),
        (1250.0, "1,250"),
        (2.5, "2.5"),
        (0.25, "0.25"),
        (199.999, "200"),
        (1234567.5, "1,234,567.5"),
    ],
)
def test_numbers(value: float, written: str) -> None:
    assert number(value) == written


def test_figures() -> None:
    assert figure(1250, "at_least") == "at least 1,250"
    assert figure(2.5) == "2.5"
    assert figure(None) == "no figure"


@pytest.mark.parametrize(
    ("noun", "several"),
    [
        ("drone", "drones"),
        ("naval_drone", "naval drones"),
        ("aircraft", "aircraft"),
        ("troops", "troops"),
        ("person", "people"),
        ("glide_bomb", "glide bombs"),
    ],
)
def test_plurals(noun: str, several: str) -> None:
    assert plural(noun) == several


def test_a_zone_that_is_none_is_utc() -> None:
    assert zone("Europe/Kyiv").key == "Europe/Kyiv"
    assert zone("Mars/Olympus").key == zone("../../etc/passwd").key == "UTC"
