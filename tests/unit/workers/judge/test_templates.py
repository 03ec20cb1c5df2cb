"""Templates: what they may say, what is refused, and what is cleaned away."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from workers.judge.templates import MAX_OUTPUT, TemplateRefused, compile_template, render

CONTEXT: dict[str, Any] = {
    "value": 1200,
    "text": "a bomb",
    "none": None,
    "parts": ("Kyiv", "Odesa"),
    "window": {"date": "2026-09-04"},
    "at": datetime(2026, 9, 4, 2, tzinfo=UTC),
}

ATTACKS = [
    "{{ 'a'*10**9 }}",
    "{{ ''.__class__ }}",
    "{{ range(10**9)|list }}",
    "{{ '%s' % value }}",
    "{{ lipsum() }}",
    "{{ cycler }}",
    "{{ joiner }}",
    "{{ namespace() }}",
    "{{ '{0.__class__}'.format(value) }}",
    "{{ text.__class__.__mro__ }}",
    "{{ text['__class__'] }}",
    "{{ text|attr('__class__') }}",
    "{{ text * 3 }}",
    "{{ 3 * text }}",
    "{{ parts * 3 }}",
    "{{ value ** value }}",
    "{{ text % value }}",
    "{{ text.upper() }}",
    "{% set a = text ~ text %}{{ a }}",
    "{% for a in parts %}{% for b in parts %}x{% endfor %}{% endfor %}",
    "{% macro m() %}x{% endmacro %}{{ m() }}",
    "{% include 'x' %}",
    "{% import 'x' as y %}",
    "{% extends 'x' %}",
    "{% filter upper %}x{% endfilter %}",
    "{% call value() %}x{% endcall %}",
    "{{ text|replace('a', 'aaaa') }}",
    "{{ text|center(100000) }}",
    "{{ text|join(text) }}",
    "{{ text|wordwrap }}",
    "{{ [text, text] }}",
    "{{ self }}",
    "{{ unknown }}",
    "{{ value.unknown }}",
    "{{ value is divisibleby(3) }}",
    "{{ value",
    "{% if %}",
]


@pytest.mark.parametrize("template", ATTACKS)
def test_attacks_are_refused(template: str) -> None:
    with pytest.raises(TemplateRefused):
        render(template, CONTEXT)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ value | num }} drones", "1,200 drones"),
        ("{{ value }}", "1200"),
        ("{{ 0.5 | num }} {{ 12.25 | num }} {{ 3.0 | num }} {{ none | num }}", "0.5 12.25 3 –"),
        ("{{ window.date }}", "2026-09-04"),
        ("{{ at | when('Europe/Kyiv') }}", "2026-09-04 05:00 EEST"),
        ("{{ at | day }} {{ none | day }} {{ none | when }}", "2026-09-04 – –"),
        ("{{ parts | listed }}", "Kyiv, Odesa"),
        ("{% if value > 100 %}many{% else %}few{% endif %}", "many"),
        ("{% for p in parts %}[{{ p }}]{% endfor %}", "[Kyiv][Odesa]"),
        ("{{ 'a' if none is none else 'b' }}", "a"),
        ("{{ value / 2 + 1 - 3 * 2 }}", "595.0"),
        ("{{ value % 7 }}", "3"),
        ("{{ text | upper }} {{ text | title }}", "A BOMB A Bomb"),
        ("{{ none | default('nothing', true) }}", "nothing"),
        ("{{ 'a' ~ text }}", "aa bomb"),
    ],
)
def test_what_templates_may_say(template: str, text: str) -> None:
    assert render(template, CONTEXT) == text


def test_text_of_events_is_never_a_template() -> None:
    assert render("{{ text }}", {"text": "{{ 7 * 7 }}"}) == "{{ 7 * 7 }}"


def test_control_and_direction_characters_go_and_lines_stay() -> None:
    assert render("{{ text }}", {"text": "a\u202eb\x00c\x1b[31md\u200be\nf"}) == "abc[31mde\nf"


def test_the_output_is_cut() -> None:
    assert len(render("{{ text }}", {"text": "x" * 10_000})) == MAX_OUTPUT


def test_the_message_says_what_is_wrong() -> None:
    with pytest.raises(TemplateRefused, match="call is not allowed in a template"):
        compile_template("{{ value() }}")
    with pytest.raises(TemplateRefused, match="unknown filter shout; known: abs, "):
        compile_template("{{ value | shout }}")
    with pytest.raises(TemplateRefused, match="'vlaue' is undefined"):
        render("{{ vlaue }}", CONTEXT)
