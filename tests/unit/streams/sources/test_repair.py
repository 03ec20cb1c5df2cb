"""The one repair of XML, and the limits of the tree."""

from collections.abc import Callable

import pytest
from lxml import etree

from streams.sources.faults import NotAFeed
from streams.sources.repair import pieces, repair
from streams.sources.tree import MAX_ATTRIBUTES, Malformed, own_entities, parse_tree


def test_cdata_and_comments_are_kept_as_they_are() -> None:
    text = "<rss><![CDATA[a & b &nbsp; <br>]]><!-- & --></rss>"
    assert repair(text) == text
    assert "".join(piece for piece, _ in pieces(text)) == text


def test_bare_ampersands_and_unknown_names() -> None:
    assert repair("<rss>AT&T &x; &amp; &#65; &mdash;</rss>") == "<rss>AT&amp;T &amp;x; &amp; &#65; —</rss>"


def test_prefixes_are_declared_once() -> None:
    text = repair("<rss><media:title>x</media:title><odd:y/></rss>")
    root = etree.fromstring(text)
    assert root.nsmap["media"] == "http://search.yahoo.com/mrss/"
    assert "odd" in root.nsmap


@pytest.mark.parametrize("piece", ["<![CDATA[", "<!--", "&", "<a ", "<?", "&#", "x:y ", "<"])
def test_repair_takes_linear_time(piece: str, takes_linear_time: Callable[..., bool]) -> None:
    assert takes_linear_time(lambda text: repair(f"<rss>{text}"), piece, 20_000)


LIMITS = {
    "too-deep": b"<rss>" + b"<a>" * 5000,
    "attributes": b"<rss " + b" ".join(b'a%d="1"' % n for n in range(MAX_ATTRIBUTES + 1)) + b"/>",
    "entities": b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><rss>&j;</rss>",
    "too-large": b"<rss>" + b"x" * 10_100_000 + b"</rss>",
}


@pytest.mark.parametrize("reason", LIMITS)
def test_limits_are_final(reason: str) -> None:
    with pytest.raises(NotAFeed) as caught:
        parse_tree(LIMITS[reason])
    assert caught.value.reason == reason


def test_what_cannot_be_repaired() -> None:
    with pytest.raises(Malformed):
        parse_tree(b"<rss><a></b></rss>")


def test_a_repair_is_reported() -> None:
    _, problems = parse_tree(b"<rss>&nbsp;</rss>")
    assert "nbsp" in problems[0]
    assert parse_tree(b"<rss>fine</rss>")[1] == []


def test_own_entities_take_plain_text_only() -> None:
    body = b'<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]><r/>'
    assert own_entities(body) == {"a": "x"}
