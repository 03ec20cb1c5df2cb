"""Canonical URLs: a table of addresses of one article, and what must stay apart."""

from __future__ import annotations

import pytest

from workers.dedupe.urls import canonical_url, identifies

SAME = [
    "https://example.com/news/drones-2024",
    "http://example.com/news/drones-2024",
    "https://example.com:443/news/drones-2024/",
    "http://EXAMPLE.com:80/news/drones-2024#comments",
    "https://www.example.com/news/drones-2024?utm_source=rss&utm_medium=feed",
    "https://m.example.com/news/drones-2024?fbclid=abc",
    "https://mobile.example.com//news//drones-2024",
    "https://amp.example.com/news/drones-2024",
    "https://www.example.com/amp/news/drones-2024",
    "https://www.example.com/news/drones-2024/amp/",
    "https://www.example.com/news/drones-2024?amp=1",
    "https://www.google.com/amp/s/www.example.com/news/drones-2024",
    "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/news/drones-2024",
    "https://user:pass@example.com/news/drones%2D2024",
    "https://example.com./news/drones-2024/index.html",
    "  https://example.com/news/drones-2024?at_medium=RSS&at_campaign=KARANGA ",
]

APART = [
    "https://example.com/news/drones-2024?page=2",
    "https://example.com/news/drones-2025",
    "https://example.org/news/drones-2024",
    "https://news.example.com/news/drones-2024",
    "https://example.com:8080/news/drones-2024",
    "https://example.com/News/drones-2024",
    "https://example.com/#!/news/drones-2024",
]


@pytest.mark.parametrize("url", SAME)
def test_other_doors_to_one_article_are_one(url: str) -> None:
    assert canonical_url(url) == "https://example.com/news/drones-2024"


def test_other_articles_stay_apart() -> None:
    assert len({canonical_url(url) for url in [SAME[0], *APART]}) == len(APART) + 1


@pytest.mark.parametrize(
    "url",
    [None, "", "mailto:a@example.com", "/relative/path", "http://", "http://[", "http://a:99999/x", "tag:a,2024:1"],
)
def test_what_is_no_address_has_no_identity(url: str | None) -> None:
    assert canonical_url(url) is None


def test_query_order_does_not_matter_but_meaning_does() -> None:
    assert canonical_url("https://e.com/a?id=5&b=") == canonical_url("https://e.com/a?b=&id=5&utm_x=1")
    assert canonical_url("https://e.com/a?id=5") != canonical_url("https://e.com/a?id=6")


def test_foreign_letters_have_one_spelling() -> None:
    assert canonical_url("https://приклад.укр/новини") == canonical_url(
        "http://xn--80aikifvh.xn--j1amh/%d0%bd%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8/"
    )


def test_a_home_page_names_no_article() -> None:
    assert not identifies(canonical_url("https://www.example.com/?utm_source=rss") or "")
    assert identifies(canonical_url("https://www.example.com/?p=12") or "")
    assert identifies(canonical_url("https://www.example.com/a") or "")
