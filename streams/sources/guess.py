"""Guesses the charset of bytes that are no UTF-8 and carry no label that fits, by what writers write most."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

SAMPLE: Final = 100_000
"""Bytes that are looked at, from the first that is not ASCII."""
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_HIGH_WORD: Final = re.compile(rb"[\xa4-\xff]{3,}")
_HIGH_LETTER: Final = re.compile(rb"[A-Za-z][\xc0-\xff]{1,2}(?![\x80-\xff])|(?<![\x80-\xff])[\xc0-\xff]{1,2}[A-Za-z]")
_CYRILLIC: Final = ("cp1251", "koi8_u")
_FREQUENT_CYRILLIC: Final = re.compile("[оеаинтсрвлі]")

_WIDE: Final = re.compile("[^\x00-\x7f�]")
_JAPANESE: Final = re.compile("[ぁ-んァ-ヶー日本国人年月大会社新東京政府首相県市時前後中地方発表情報事故]")
_HANGUL: Final = re.compile(
    "[이다는에의을가고하지한로기사도를정시인서대부해자과으일있수은그전나보원안장구어조들공성상주국라원관제리비유경미여선무신]"
)
_HANZI: Final = re.compile(
    "[的一是不了在人有我他中大来上国到为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小日月新市政府部"
    "无击导弹袭军战乌俄美京安全民公司行发成方多经法现定本长分业与将水能高开加发进重于员前外同工最此第这说们个华问没还机体动实电话记者报]"
)
_HANZI_TRADITIONAL: Final = re.compile(
    "[的一是不了在人有我他中大來上國到為子和你地出道也時年得就那要下以生會自著去之過家學對可裡後小日月新市政府部"
    "無擊導彈襲軍戰烏俄美京安全民公司行發成方多經法現定本長分業與將水能高開加進重於員前外同工最此第這說們個華問沒還機體動實電話記者報]"
)
"""The characters that news in these scripts is full of; in the wrong charset they come up by chance alone."""


class _Script(NamedTuple):
    codec: str
    frequent: re.Pattern[str]
    share: float
    """The part of all characters beyond ASCII that the frequent ones have at the least."""


_SCRIPTS: Final = (
    _Script("euc_jp", _JAPANESE, 0.2),
    _Script("cp932", _JAPANESE, 0.2),
    _Script("cp949", _HANGUL, 0.25),
    _Script("gb18030", _HANZI, 0.2),
    _Script("cp950", _HANZI_TRADITIONAL, 0.2),
)
_MOST_BROKEN: Final = 0.02
"""The part of all characters that may be damaged; a document in one of these charsets hardly decodes in another."""
_FEWEST: Final = 4
"""Characters that a guess at a script of thousands needs."""


def likely(body: bytes) -> str:
    """The codec that a document in some national charset is most likely written in; cp1252 where nothing tells."""
    first = _HIGH.search(body)
    sample = body[first.start() :][:SAMPLE] if first else b""
    return _eastern(sample) or _single_byte(sample)


def _eastern(sample: bytes) -> str | None:
    """The charset of two-byte characters in which frequent ones are as frequent as they should be."""
    shares = ((_share(sample, script), script) for script in _SCRIPTS)
    return max(
        ((share / script.share, script.codec) for share, script in shares if share >= script.share), default=(0, None)
    )[1]


def _share(sample: bytes, script: _Script) -> float:
    text = sample.decode(script.codec, "replace")
    whole = len(_WIDE.findall(text))
    if whole < _FEWEST or text.count("�") > 1 + whole * _MOST_BROKEN:
        return 0.0
    return len(script.frequent.findall(text)) / whole


def _single_byte(sample: bytes) -> str:
    """Cyrillic writes whole words in high bytes, and mostly in small letters; Latin scripts put one here and there."""
    if len(_HIGH_WORD.findall(sample)) <= len(_HIGH_LETTER.findall(sample)):
        return "cp1252"
    return max(_CYRILLIC, key=lambda codec: len(_FREQUENT_CYRILLIC.findall(sample.decode(codec, "replace"))))
