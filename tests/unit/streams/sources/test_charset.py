"""Bytes to UTF-8: the order mark, valid UTF-8, labels, guess."""

import codecs

import pytest

from streams.sources.charset import codec_of, to_utf8

TEXT = "<rss>Київ, café</rss>"


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_decides(codec: str) -> None:
    body, problems = to_utf8(TEXT.encode(codec), "text/xml; charset=iso-8859-1")
    assert body.decode() == TEXT
    assert problems == []


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_text_without_a_mark(codec: str) -> None:
    assert to_utf8(TEXT.encode(codec))[0].decode() == TEXT


def test_valid_utf8_wins_over_every_label() -> None:
    body = f'<?xml version="1.0" encoding="koi8-r"?>{TEXT}'.encode()
    assert to_utf8(body, "text/xml; charset=windows-1251")[0] == body


def test_the_http_label_comes_before_the_document_s() -> None:
    body = '<?xml version="1.0" encoding="koi8-r"?><rss>Київ</rss>'.encode("cp1251")
    assert "Київ" in to_utf8(body, 'text/xml; charset="windows-1251"')[0].decode()


def test_latin1_means_windows_1252() -> None:
    body = b'<?xml version="1.0" encoding="iso-8859-1"?><rss>\x93caf\xe9\x94</rss>'
    assert "“café”" in to_utf8(body)[0].decode()


def test_seven_bit_encodings_are_not_taken_for_utf8() -> None:
    body = b'<?xml version="1.0" encoding="iso-2022-jp"?><rss>' + "日本".encode("iso-2022-jp") + b"</rss>"
    assert "日本" in to_utf8(body)[0].decode()


@pytest.mark.parametrize("codec", ["cp1251", "koi8_u"])
def test_cyrillic_without_a_label_is_guessed(codec: str) -> None:
    text = "<rss>Рятувальники ліквідували пожежу на складі біля річки</rss>"
    body, problems = to_utf8(text.encode(codec, "replace"))
    assert "пожежу на складі" in body.decode()
    assert problems


def test_a_broken_byte_costs_one_character() -> None:
    body, problems = to_utf8("<rss>Київ і Львів".encode() + b"\xff</rss>")
    assert body.decode() == "<rss>Київ і Львів�</rss>"
    assert problems


def test_western_text_without_a_label() -> None:
    assert "Müller café" in to_utf8("<rss>Müller café</rss>".encode("cp1252"))[0].decode()


@pytest.mark.parametrize("label", ["hex", "base64", "idna", "unicode_escape", "nonsense", "", None])
def test_what_is_no_charset(label: str | None) -> None:
    assert codec_of(label) is None


def test_aliases_mean_their_supersets() -> None:
    assert codec_of("latin1") == "cp1252"
    assert codec_of("GB2312") == "gb18030"
    assert codecs.lookup(codec_of("tis-620") or "").name == "cp874"
