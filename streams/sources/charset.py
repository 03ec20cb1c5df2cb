"""From the bytes of a document to UTF-8: byte-order mark, then valid UTF-8, then labels, then a guess.

Valid UTF-8 wins over any label, since text in another charset is hardly ever valid UTF-8 by chance,
while wrong labels are common.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import Final

from streams.sources.guess import likely

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FIRST_BYTES: Final = (
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
"""How a document without a mark begins in encodings that ASCII labels cannot be read in."""

_SUPERSETS: Final = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
"""What a label means in practice, as in the WHATWG Encoding Standard."""

_NO_CHARSETS: Final = frozenset(
    {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs", "oem"}
)
_DECLARED: Final = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})")
_LABEL: Final = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_SEVEN_BIT: Final = re.compile(r"^(iso2022|hz$|utf.?7$)", re.IGNORECASE)


@lru_cache(maxsize=200)
def codec_of(label: str | None) -> str | None:
    """Python's codec for a charset label, or None for what is no charset."""
    if not label:
        return None
    try:
        info = codecs.lookup(label.strip())
    except LookupError:
        return None
    if not info._is_text_encoding or info.name.replace("_", "-") in _NO_CHARSETS:
        return None
    return _SUPERSETS.get(info.name, info.name)


def to_utf8(body: bytes, content_type: str | None = None) -> tuple[bytes, list[str]]:
    """The document in UTF-8 without a mark, and what had to be guessed; never raises."""
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return _converted(body[len(mark) :], codec)
    for start, codec in _FIRST_BYTES:
        if body.startswith(start):
            return _converted(body, codec)
    labels = _labels(body, content_type)
    if not any(_SEVEN_BIT.match(label) for label in labels) and _is_utf8(body):
        return body, []
    for label in labels:
        try:
            return body.decode(label).encode("utf-8", "replace"), []
        except UnicodeDecodeError:
            continue
    return _guessed(body)


def sound(text: str) -> str:
    """Text that can be encoded: halves of surrogate pairs, as JSON and headers can carry them, are replaced."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _labels(body: bytes, content_type: str | None) -> list[str]:
    http = _LABEL.search(content_type or "")
    declared = _DECLARED.match(body)
    found = (codec_of(http and http[1]), codec_of(declared and declared[1].decode("ascii")))
    return list(dict.fromkeys(label for label in found if label))


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _converted(body: bytes, codec: str) -> tuple[bytes, list[str]]:
    if codec == "utf-8" and _is_utf8(body):
        return body, []
    text = body.decode(codec, "replace")
    problems = [f"bytes that are no {codec}"] if "�" in text else []
    return text.encode("utf-8", "replace"), problems


def _guessed(body: bytes) -> tuple[bytes, list[str]]:
    """UTF-8 with a few broken bytes, or else a national charset, whichever the bytes look more like."""
    text = body.decode("utf-8", "replace")
    broken = text.count("�")
    whole = len(re.findall(r"[^\x00-\x7f�]", text))
    if broken > whole:
        text = body.decode(likely(body), "replace")
    return text.encode("utf-8", "replace"), ["no charset fits; characters may be wrong"]
