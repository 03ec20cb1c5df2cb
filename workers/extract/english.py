"""The English pack: an article in, all claims of its title, summary and text out; pure and linear."""

from __future__ import annotations

from typing import Final

from schemas.article import Article
from schemas.event import Event, Extraction
from workers.extract import build
from workers.extract.drafts import Draft
from workers.extract.frames import FrameReader, Frames
from workers.extract.gate import Gate
from workers.extract.items import Reading
from workers.extract.lexicon import Lexicon
from workers.extract.links import link
from workers.extract.measures import Discourse, MeasureReader
from workers.extract.pack import FIELDS, Prose, reference
from workers.extract.prefilter import Prefilter
from workers.extract.readings import ReadingMaker
from workers.extract.roles import Roles
from workers.extract.speakers import SpeakerReader, Speakers
from workers.extract.status import negated, status_of
from workers.extract.timing import Timing
from workers.extract.tokens import plain
from workers.extract.uncounted import mark as mark_uncounted
from workers.extract.untold import Untold, UntoldReader
from workers.extract.world import Gazetteer

ABSTENTIONS: Final = 50
CLAIMS: Final = 300
"""Claims of one article that are kept: linking compares each with each."""


class English:
    """Reads what each number of an English article counts; safe to share between threads."""

    code = "en"

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self.lexicon = lexicon or Lexicon.default()
        self._gazetteer = Gazetteer.default()
        self._measures = MeasureReader(self.lexicon)
        self._roles = Roles(self.lexicon)
        self._frames = FrameReader(self.lexicon)
        self._speakers = SpeakerReader(self.lexicon)
        self._untold = UntoldReader(self.lexicon)
        self._prefilter = Prefilter(self.lexicon)
        self._gate = Gate(self._prefilter)
        self._readings = ReadingMaker(self.lexicon, self._prefilter, self._gazetteer)

    def silent(self, article: Prose) -> bool:
        """Whether no sentence is worth reading."""
        return self._gate.silent(article)

    def read(self, article: Article, story: str | None = None) -> Extraction:
        """All claims of one article; never raises, whatever the text."""
        text = {field: plain(getattr(article, field)) for field in FIELDS}
        if not any(map(self._prefilter.article, text.values())):
            return Extraction(article=reference(article, story))
        for field in ("title", "summary"):
            if text[field] and text[field] in text["text"]:
                text[field] = ""
        readings = self._readings.make(text)
        told, untold = self._draft(text, readings)
        frames = Frames(self._frames, readings, self.lexicon)
        self._roles.fill(told.drafts, frames)
        for event in untold:
            self._untold.settle(event, frames)
        timing = Timing(text, article.published)
        timing.fill(told.drafts, readings)
        drafts, again = link([d for d in told.drafts if not negated(d)])
        mark_uncounted(drafts, article.published, readings)
        index = {id(draft): n for n, draft in enumerate(drafts)}
        events = self._events(article, drafts, index, timing)
        events += self._untold_events(article, untold, drafts, timing)
        events += self._events(article, again, index, timing)  # behind all others, so that no index moves
        abstained = tuple(build.abstention(article, *refused) for refused in told.refused[:ABSTENTIONS])
        return Extraction(article=reference(article, story), events=events, abstained=abstained)

    def _draft(self, text: dict[str, str], readings: list[Reading]) -> tuple[Discourse, list[Untold]]:
        """The claims and the events without a number, with who says so."""
        told, untold = Discourse(), list[Untold]()
        speakers = Speakers(self._speakers, readings)
        for reading in readings:
            if len(told.drafts) > CLAIMS:
                break
            for draft in self._measures.read(reading, told):
                draft.status = status_of(draft)
                said = speakers.nearest(reading, draft.q.i)
                if said is not None:
                    draft.claimed_by, draft.claimant = said.name, said.side
            for event in self._untold.read(reading):
                event.speaker = speakers.of(reading)
                event.before = self._actor_before(text[reading.field], reading)
                untold.append(event)
        for draft in told.drafts if told.rockets else ():
            draft.object = "rocket" if draft.object == "projectile" else draft.object  # named only further down
        return told, untold

    def _actor_before(self, words: str, reading: Reading) -> str | None:
        """The country named first in the sentence before, for "it has retaken"."""
        placed = any(self.lexicon.spec.typed[rule].placed for rule in reading.marks.typed)
        if reading.before is None or not placed:
            return None
        sentence = words[slice(*reading.before)]
        return next((m.place.country for m in self._gazetteer.find(sentence) if m.place.country), None)

    def _events(
        self, article: Article, drafts: list[Draft], index: dict[int, int], timing: Timing
    ) -> tuple[Event, ...]:
        return tuple(build.event(article, self.lexicon, d, index, timing.spans[id(d)]) for d in drafts)

    def _untold_events(
        self, article: Article, untold: list[Untold], drafts: list[Draft], timing: Timing
    ) -> tuple[Event, ...]:
        """Events without a number, each once, where no figure tells the same."""
        figures = {(d.object, d.attacker, d.target) for d in drafts if d.measure == "launched"}
        kept: dict[tuple[str | None, ...], Untold] = {}
        for told in sorted(untold, key=lambda u: u.reading.field != "text"):
            place = told.place.place.name if told.place is not None and told.place.place is not None else None
            attack = told.rule.type == "attack"
            key = (told.rule.name, told.object, told.attacker, told.target, None if attack else place)
            if told.rule.weapon and (told.object, told.attacker, told.target) in figures:
                continue
            if attack and not told.sure and key not in kept and any(key[0] == other[0] for other in kept):
                continue
            if key not in kept or (kept[key].place is None and place is not None):
                kept[key] = told
        return tuple(build.untold_event(article, u, timing.of_sentence(u.reading, u.target)) for u in kept.values())
