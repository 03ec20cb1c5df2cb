"""Laws of canonical URLs."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from workers.dedupe.urls import canonical_url

HOSTS = st.sampled_from(
    ["example.com", "www.m.example.co.uk", "amp.b.ua", "google.com", "x.cdn.ampproject.org", "[::1]"]
)
PIECES = st.text(alphabet="aZ0/%.-_~амp&=?#! +;:@[]\\\u2028", max_size=40)


@given(st.sampled_from(["http", "https", "HTTPS"]), HOSTS, PIECES)
@example("https", "example.com", "/%%34%31")
@example("https", "google.com", "/amp/s/google.com/amp/s/a.com/b/amp/amp.html")
def test_applying_it_twice_changes_nothing(scheme: str, host: str, rest: str) -> None:
    once = canonical_url(f"{scheme}://{host}/{rest}")
    assert once is None or canonical_url(once) == once


@given(st.text(max_size=60))
def test_any_text_is_taken_without_an_exception(text: str) -> None:
    once = canonical_url(text)
    assert once is None or canonical_url(once) == once


@given(
    st.text(alphabet="abcdef-0123456789/", min_size=1, max_size=30),
    st.sampled_from(["utm_source", "fbclid", "ref", "amp"]),
)
def test_tracking_never_changes_the_identity(path: str, name: str) -> None:
    plain = f"https://example.com/{path}"
    assert canonical_url(f"{plain}?{name}=x#y") == canonical_url(plain)
