"""Markup to text."""

import pytest

from streams.sources.plaintext import html_to_text, one_line, tidy, title_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain", "plain"),
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>two<br/>three", "One\ntwo\nthree"),
        ("<b>bo</b>ld", "bold"),
        ("<script>x()</script>seen<style>p{}</style>", "seen"),
        ("<script src='x'/>seen", "seen"),
        ("a\n  b\t c", "a\nb c"),
        ("<p>a\n  b\t c</p>", "a b c"),
        ("5 < 6 and <i>so</i> on", "5 < 6 and so on"),
        ("<div><div><p>Deep</p></div></div>", "Deep"),
        ("<!-- not --><p>shown</p>", "shown"),
        ("<img src=x onerror=alert(1)>photo", "photo"),
        ("zero\u200bwidth soft\u00adhyphen", "zerowidth softhyphen"),
    ],
)
def test_html(markup: str, text: str) -> None:
    assert html_to_text(markup) == text


def test_a_body_of_broken_tags_is_quick() -> None:
    assert html_to_text("<a " * 40_000) == ""


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Plain", "Plain"),
        ("A &amp; B", "A & B"),
        ("<b>Bold</b> move", "Bold move"),
        ("&lt;i&gt;Escaped&lt;/i&gt; twice", "Escaped twice"),
        ("if a < b and c > d", "if a < b and c > d"),
        ("List<String> wins", "List<String> wins"),
        ("two\n lines", "two lines"),
        ("one<br>two", "one two"),
    ],
)
def test_title(title: str, text: str) -> None:
    assert title_text(title) == text


def test_a_literal_title_keeps_its_tags() -> None:
    assert title_text("Use <b> for bold", literal=True) == "Use <b> for bold"


def test_tidy_keeps_paragraphs() -> None:
    assert tidy(" a  b \r\n\r\n\r\n\r\n c ") == "a b\n\nc"
    assert one_line("a\n\n b") == "a b"
