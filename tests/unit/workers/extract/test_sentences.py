from __future__ import annotations

import pytest

from workers.extract.sentences import split
from workers.extract.tokens import Tokens, plain


def parts(text: str) -> list[str]:
    return [text[a:b] for a, b in split(text)]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One fell. Two flew on.", 2),
        ("Gen. Ivanov and Lt. Col. Petrov spoke to the U.S. envoy.", 1),
        ("He lives in the U.S. The war goes on.", 2),
        ("It began at 9 a.m. and ended at 5 p.m. on Monday.", 1),
        ("Two fighter jets.These jets are new.", 2),
        ("The site News.Az reports on it.", 1),
        ("A headline without a stop\n\nThe first line of the body.", 2),
        ("a line that is\nwrapped by hand", 1),
        ("The alert ended (it was false.) and people left.", 1),
        ("• first item\n• second item", 2),
        ('"We saw it." She left.', 2),
        ("Really? Yes! Good.", 3),
        ("J. R. Smith said so.", 1),
        ("", 0),
        (" \n ", 0),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(parts(text)) == count, parts(text)


def test_sentences_are_slices_in_order() -> None:
    text = "  First one. \n\n Second one!  "
    assert parts(text) == ["First one.", "Second one!"]


def test_plain_text_keeps_every_offset() -> None:
    odd = "\u201cKyiv\u2019s\u201d \u2013 12\u00a0345 \u00abdrones\u00bb"
    assert len(plain(odd)) == len(odd)
    assert plain(odd) == '"Kyiv\'s" \u2013 12 345 "drones"'


def test_tokens_tell_what_is_glued() -> None:
    tok = Tokens("Su-34s fly", 0, 10)
    assert tok.words == ["su", "-", "34", "s", "fly"]
    assert [tok.glued(i) for i in range(5)] == [False, True, True, True, False]
