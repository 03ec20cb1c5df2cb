"""The extractor: an article goes to the pack of its language; in a language without one it is put aside by name."""

from __future__ import annotations

from typing import Final

from schemas.article import Article
from schemas.event import Abstention, Extraction
from workers.extract.english import English
from workers.extract.language import language_of
from workers.extract.lexicon import Lexicon
from workers.extract.pack import FIELDS, Pack, Prose, reference
from workers.extract.slavic.pack import Slavic

NOT_READ: Final = "language-not-read"
"""Why an article was put aside: no pack reads its language."""
SHOWN: Final = 80
"""Characters of such an article that its abstention quotes."""


class Extractor:
    """Reads what each number counts, by the grammar of the article's language; safe to share between threads."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self.lexicon = lexicon or Lexicon.default()
        packs: tuple[Pack, ...] = (English(self.lexicon), Slavic("uk"), Slavic("ru"))
        self._packs = {pack.code: pack for pack in packs}

    def silent(self, article: Prose) -> bool:
        """Whether an article has nothing to read, told at a glance; one that no pack reads has its name to be told."""
        pack = self._packs.get(language_of(article))
        return pack is not None and pack.silent(article)

    def extract(self, article: Article, story: str | None = None) -> Extraction:
        """All claims of one article; never raises, whatever the text."""
        pack = self._packs.get(language_of(article))
        if pack is not None:
            return pack.read(article, story)
        field = next((name for name in FIELDS if getattr(article, name)), "text")
        quote = getattr(article, field)[:SHOWN]
        aside = Abstention(quote=quote, reason=NOT_READ, field=field, span=(0, len(quote)))
        return Extraction(article=reference(article, story), abstained=(aside,))


def unread(extraction: Extraction) -> bool:
    """Whether the article was put aside for its language."""
    return any(told.reason == NOT_READ for told in extraction.abstained)
