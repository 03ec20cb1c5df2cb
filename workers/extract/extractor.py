"""The extractor: an article in, all claims of its title, summary and text out; pure and linear."""

from __future__ import annotations

from typing import Final

from schemas.article import Article
from schemas.event import ArticleRef, Event, Extraction
from workers.extract import build, sentences
from workers.extract.drafts import Draft
from workers.extract.frames import FrameReader, Frames
from workers.extract.items import ItemReader, Reading
from workers.extract.lexicon import Lexicon
from workers.extract.links import link
from workers.extract.marks import Marks
from workers.extract.measures import Discourse, MeasureReader
from workers.extract.roles import Roles
from workers.extract.speakers import Speaker, SpeakerReader
from workers.extract.status import negated, status_of
from workers.extract.timing import Timing
from workers.extract.tokens import Tokens, plain
from workers.extract.untold import Untold, UntoldReader
from workers.extract.world import Gazetteer, Timespan

FIELDS: Final = ("title", "summary", "text")
LONGEST_SENTENCE: Final = 6000
"""Code points of a sentence that are read; a longer one is a table or no language."""
ABSTENTIONS: Final = 50
_UNKNOWN: Final = Timespan("unknown", None, None, None, "publication")


class Extractor:
    """Reads what each number counts; safe to share between threads."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self.lexicon = lexicon or Lexicon.default()
        self._gazetteer = Gazetteer.default()
        self._items = ItemReader(self.lexicon)
        self._measures = MeasureReader(self.lexicon)
        self._roles = Roles(self.lexicon)
        self._frames = FrameReader(self.lexicon)
        self._speakers = SpeakerReader()
        self._untold = UntoldReader(self.lexicon)

    def extract(self, article: Article, story: str | None = None) -> Extraction:
        """All claims of one article; never raises, whatever the text."""
        text = {field: plain(getattr(article, field)) for field in FIELDS}
        if text["title"] and text["title"] in text["text"]:
            text["title"] = ""
        if text["summary"] and text["summary"] in text["text"]:
            text["summary"] = ""
        readings = self._read(text)
        told, untold = self._draft(readings)
        frames = Frames(self._frames, readings, self.lexicon)
        self._roles.fill(told.drafts, frames)
        timing = Timing(text, article.published)
        timing.fill(readings, told.drafts)
        for event in untold:
            self._untold.settle(event, frames)
        drafts = link([d for d in told.drafts if not negated(d)])
        events = self._events(article, drafts, timing) + self._untold_events(article, untold, drafts, timing)
        abstained = tuple(build.abstention(article, *refused) for refused in told.refused[:ABSTENTIONS])
        return Extraction(article=reference(article, story), events=events, abstained=abstained)

    def _read(self, text: dict[str, str]) -> list[Reading]:
        readings: list[Reading] = []
        context: frozenset[str] = frozenset()
        for field, words in text.items():
            for start, end in sentences.split(words):
                end = min(end, start + LONGEST_SENTENCE)
                marks = Marks(Tokens(words, start, end), self.lexicon)
                marks.add_places(words[start:end], start, self._gazetteer, context)
                context |= {g.code for g in marks.geo.values() if g.code}
                reading = self._items.read(marks)
                reading.field, reading.start, reading.end, reading.index = field, start, end, len(readings)
                reading.opens = "\n" in words[max(0, start - 2) : start] or start == 0
                readings.append(reading)
        return readings

    def _draft(self, readings: list[Reading]) -> tuple[Discourse, list[Untold]]:
        told, untold = Discourse(), list[Untold]()
        speaker: Speaker | None = None
        for reading in readings:
            speaker = self._speakers.read(reading, speaker)
            for draft in self._measures.read(reading, told):
                draft.status = status_of(draft)
                if speaker is not None:
                    draft.claimed_by, draft.claimant = speaker.name, speaker.side
            untold.extend(self._untold.read(reading, speaker))
        return told, untold

    def _events(self, article: Article, drafts: list[Draft], timing: Timing) -> tuple[Event, ...]:
        index = {id(draft): n for n, draft in enumerate(drafts)}
        return tuple(build.event(article, self.lexicon, d, index, timing.spans.get(id(d), _UNKNOWN)) for d in drafts)


    def _untold_events(
        self, article: Article, untold: list[Untold], drafts: list[Draft], timing: Timing
    ) -> tuple[Event, ...]:
        """Events without a number, each once, where no figure tells the same."""
        figures = {(d.object, d.attacker, d.target) for d in drafts if d.measure == "launched"}
        seen: set[tuple[str | None, ...]] = set()
        events = []
        for told in untold:
            place = told.place.place.name if told.place is not None and told.place.place is not None else None
            key = (told.rule.name, told.object, told.attacker, told.target, place if told.rule.type != "attack" else None)
            if told.rule.type == "attack" and place is None and any(key[:4] == k[:4] for k in seen):
                continue
            if key in seen or (told.rule.weapon and (told.object, told.attacker, told.target) in figures):
                continue
            seen.add(key)
            events.append(build.untold_event(article, told, timing.of_sentence(told.reading, told.target)))
        return tuple(events)


def reference(article: Article, story: str | None) -> ArticleRef:
    """What later rooms need to know of the article."""
    return ArticleRef(
        id=article.id,
        revision=article.revision,
        source=article.source,
        owner=article.owner,
        url=article.url,
        title=article.title,
        lang=article.lang,
        feed=article.feed,
        published=article.published,
        fetched=article.fetched,
        mode=article.mode,
        story=story,
    )
