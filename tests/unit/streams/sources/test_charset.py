"""Bytes to UTF-8: the order mark, valid UTF-8, labels, guess."""

import codecs

import pytest

from streams.sources.charset import codec_of, to_utf8
from streams.sources.guess import SAMPLE

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


EASTERN = {
    "ja": "川の水位が上がり、市は住民に避難を呼びかけた。けが人はいない。",
    "ja-title": "政府 来年度予算案を閣議決定",
    "ko": "강의 수위가 올라 시는 주민들에게 대피를 권고했다. 다친 사람은 없다.",
    "zh": "河水上涨,市政府要求居民离开,没有人员受伤。",
    "tw": "河水上漲，市政府要求居民離開，沒有人員受傷。",
}


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("ja", "euc_jp"),
        ("ja", "shift_jis"),
        ("ja-title", "euc_jp"),
        ("ja-title", "shift_jis"),
        ("ko", "euc_kr"),
        ("zh", "gb2312"),
        ("tw", "big5"),
    ],
)
@pytest.mark.parametrize("label", [None, "text/xml; charset=utf-8"])
def test_eastern_scripts_without_a_label_that_fits_are_guessed(text: str, codec: str, label: str | None) -> None:
    document = f"<rss><channel><title>News</title><item><title>{EASTERN[text]}</title></item></channel></rss>"
    body, problems = to_utf8(document.encode(codec), label)
    assert body.decode() == document
    assert problems


@pytest.mark.parametrize("codec", ["euc_jp", "shift_jis"])
def test_one_damaged_byte_spoils_no_guess(codec: str) -> None:
    text = EASTERN["ja"] * 10
    body, _ = to_utf8(text.encode(codec) + b"\xff</rss>")
    assert text in body.decode()


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("НОВОСТИ дня: правительство приняло решение о повышении пенсий", "cp1251"),
        ("НОВОСТИ дня: правительство приняло решение о повышении пенсий", "koi8_r"),
        ("Рятувальники ліквідували пожежу на складі біля річки", "cp1251"),
        ("Die Größe der Flüsse wächst über Nacht: Müller, Köln, Straße", "cp1252"),
        ("Les élus ont voté, à l'été, une loi attendue: « déjà » prête", "cp1252"),
    ],
)
def test_western_and_cyrillic_text_is_not_taken_for_eastern(text: str, codec: str) -> None:
    for times in (1, 50):
        assert to_utf8((f"{text}. " * times).encode(codec))[0].decode() == f"{text}. " * times


@pytest.mark.parametrize("piece", [b"\xff", b"\xa4\xa2", b"\x82\xa0", b"\xb0", b"<\x80"])
def test_a_guess_looks_at_a_sample_only(piece: bytes) -> None:
    assert to_utf8(piece * (SAMPLE // len(piece) * 20))[1]
