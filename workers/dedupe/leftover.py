"""Sentences of a text that the known one does not have: page, headline told again, source, background - or news."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import Final, Literal, NamedTuple

from workers.dedupe.furniture import (
    heads_links,
    is_about_author,
    is_caption,
    is_contact,
    is_crumbs,
    is_heading,
    is_no_comment,
    is_request,
    is_stamp,
)
from workers.dedupe.guard_words import TELLING
from workers.dedupe.lexicons import (
    AUXILIARIES,
    BACK,
    BETWEEN,
    DENIAL,
    EVENTS,
    LATER,
    MISTAKEN,
    NEGATIONS,
    NEWS_WORDS,
    ONCE_MORE,
    PLACE_AFTER,
    PLACE_BEFORE,
    SAYING,
    SETTING,
    STATES,
    STATIVE,
    STATUS,
    THINGS,
    UNITS,
    VICTIMS,
)
from workers.dedupe.names import is_capital, is_known
from workers.dedupe.numbers import WEAK, figures, is_figure
from workers.dedupe.sheet import Sentence, Sheet, calendar_of
from workers.dedupe.story_text import is_of_page
from workers.dedupe.tokens import STEM
from workers.lazy import lazy

Kind = Literal["page", "known", "background", "unclear", "news"]
"""What an added sentence is; `news` shows what it brings, of an `unclear` one there is nothing to go by."""

KNOWN: Final = 0.6
"""Share of a sentence's words of substance that the known text must have for it to tell nothing new."""

SOURCE_WORDS: Final = 20
"""Words of the longest sentence that only says who reported this."""

COUNTED: Final = 3
"""Words behind a figure in which stands what it counts."""

NAMES: Final = 6
"""New names that a sentence of background may bring."""

SET: Final = 2
"""Words of where something lies by which a sentence tells of no event, whatever places it names."""

SPEAKER: Final = 2
"""Place of the last word that may name who says nothing."""

YEARS: Final = range(1900, 2100)


class Fresh(NamedTuple):
    """What a sentence has that the known text has not."""

    figures: frozenset[str]
    names: tuple[int, ...]
    """Places of names in the sentence."""
    telling: bool
    """Whether it tells of a casualty, a weapon, or a turn."""
    dated: bool
    denial: bool


class Known:
    """A known text, asked whether sentences add anything to it."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    @lazy
    def _denied(self) -> frozenset[str]:
        """What the known text says there was none of."""
        denying = (each.words for each in self._sheet.sentences if not each.words.isdisjoint(NEGATIONS))
        return TELLING.intersection(map(THINGS.get, chain(*denying)))

    def kinds(self, sentences: Sequence[Sentence], told: Sequence[bool]) -> list[Kind | None]:
        """What each sentence that is not told by the known text is; None for those that are."""
        pairs = zip(sentences, told, strict=True)
        fresh = [None if known else self.fresh(sentence) for sentence, known in pairs]
        kinds = [each and self._kind(sentence, each) for sentence, each in zip(sentences, fresh, strict=True)]
        first, last = (list(told).index(True), len(told) - 1 - [*told][::-1].index(True)) if any(told) else (0, 0)
        for place in list_items(sentences, kinds):
            kinds[place] = "page"
        told_lines = {sentence.line for sentence, known in zip(sentences, told, strict=True) if known}
        for line in {sentence.line for sentence in sentences} - told_lines:
            self._read_together([place for place, each in enumerate(sentences) if each.line == line], fresh, kinds)
        for place, each in enumerate(fresh):
            if each and place > last and not each.telling and _only_years(each) and _in_author_box(sentences, place):
                kinds[place] = "page"
            alone = bool(each and each.denial) and kinds[place - 1] != "background"
            if kinds[place] == "background" and (place < first or alone):
                kinds[place] = "unclear"
        return kinds

    def _read_together(self, places: Sequence[int], fresh: Sequence[Fresh | None], kinds: list[Kind | None]) -> None:
        """Take a paragraph that has a line of the page, and nothing of the story, for one of the page."""
        if "page" not in {kinds[place] for place in places}:
            return
        for place in places:
            each = fresh[place]
            if each and not (each.telling or each.figures or each.dated or each.names or each.denial):
                kinds[place] = "page"

    def fresh(self, sentence: Sentence) -> Fresh:
        """What a sentence has that is new."""
        tokens = sentence.tokens
        strangers = [form for form in tokens.forms if form[:STEM] not in self._sheet.stems]
        names = (place for place, token in enumerate(tokens) if not token.first and is_capital(token))
        return Fresh(
            frozenset(figures(tokens.forms).keys() - WEAK - self._sheet.figures),
            tuple(place for place in names if not is_known(tokens.forms[place], self._sheet.words)),
            any(map(self._is_turn, strangers)) or self._takes_back(sentence),
            bool(calendar_of(tokens) - self._sheet.calendar),
            any(form in DENIAL for form in strangers),
        )

    def _is_turn(self, form: str) -> bool:
        thing = THINGS.get(form)
        if thing in TELLING and thing not in self._sheet.things:
            return True
        if form in VICTIMS or form in MISTAKEN:
            return True
        return form in STATUS and form not in DENIAL and not self._sheet.has_turn(form)

    def _takes_back(self, sentence: Sentence) -> bool:
        """Whether it tells of what the known text says there was none of."""
        return sentence.words.isdisjoint(NEGATIONS) and any(THINGS.get(form) in self._denied for form in sentence.words)

    def _kind(self, sentence: Sentence, fresh: Fresh) -> Kind:
        if is_stamp(sentence) or is_of_page(sentence.text, sentence.tokens.forms):
            return "page"
        if is_no_comment(sentence) and self._tells_known(sentence, fresh):
            return "known"
        if fresh.telling or self._counts(sentence, fresh):
            return "news"
        if is_caption(sentence) or is_contact(sentence) or is_crumbs(sentence):
            return "page"
        counted = [figure for figure in fresh.figures if not _is_measure(sentence, figure)]
        further = counted or fresh.dated or _place_among(sentence, fresh.names)
        if is_request(sentence) and not (further and sentence.ended):
            return "page"
        if not fresh.figures and is_heading(sentence) and len(fresh.names) <= 1:
            return "page"
        if not fresh.figures and not fresh.dated and (self._adds_nothing(sentence, fresh) or _only_says_who(sentence)):
            return "known"
        if _is_background(sentence, fresh):
            return "background"
        return "news" if _brings_news(sentence, fresh) else "unclear"

    def _tells_known(self, sentence: Sentence, fresh: Fresh) -> bool:
        """Whether whatever befell in it befell in the known text."""
        elsewhere = [place for place in fresh.names if place > SPEAKER]
        if fresh.figures or fresh.dated or _place_among(sentence, elsewhere):
            return False
        things = TELLING.intersection(map(THINGS.get, sentence.words))
        return things <= self._sheet.things and not any(form in EVENTS for form in sentence.words)

    def _counts(self, sentence: Sentence, fresh: Fresh) -> bool:
        """Whether a new figure counts a thing."""
        forms = sentence.tokens.forms
        return any(
            fresh.figures & figures([form]).keys() and any(map(THINGS.get, forms[place + 1 : place + 1 + COUNTED]))
            for place, form in enumerate(forms)
        )

    def _adds_nothing(self, sentence: Sentence, fresh: Fresh) -> bool:
        """Whether nearly all that it says is said in the known text: a headline or a first line told again."""
        tokens = sentence.tokens
        if fresh.names or fresh.denial or any(form in ONCE_MORE or form in LATER for form in tokens.forms):
            return False
        if any(form in NEGATIONS for form in tokens.forms if form not in self._sheet.words):
            return False
        words = [form for form in tokens.forms if len(form) >= STEM and form not in AUXILIARIES and not is_figure(form)]
        known = sum(word[:STEM] in self._sheet.stems or THINGS.get(word) in self._sheet.things for word in words)
        return known >= len(words) * (1 if any(form in EVENTS for form in tokens.forms) else KNOWN)


def list_items(sentences: Sequence[Sentence], kinds: Sequence[Kind | None]) -> Iterator[int]:
    """The places of the lines below a heading of the page that end without a stop: in its paragraph, or one a line."""
    heading: Sentence | None = None
    number = 0
    for place, (sentence, kind) in enumerate(zip(sentences, kinds, strict=True)):
        if kind == "page" and (is_heading(sentence) or _opens_list(sentence)):
            heading, number = sentence, 0
        elif kind is None:
            heading = None
        elif heading and (not sentence.ended or all(map(is_figure, sentence.words))):
            number += sentence.text.lstrip().startswith(str(number + 1))
            if sentence.paragraph == heading.paragraph or number or _opens_list(heading) or heads_links(heading):
                yield place
        elif sentence.ended and kind != "page":
            heading = None


def _opens_list(heading: Sentence) -> bool:
    return heading.text.rstrip().endswith(":")


def _in_author_box(sentences: Sequence[Sentence], place: int) -> bool:
    """Whether a sentence, or one before it in the same paragraph, says who writes for the house."""
    here = [each for each in sentences[: place + 1] if each.paragraph == sentences[place].paragraph]
    return any(map(is_about_author, here))


def _only_years(fresh: Fresh) -> bool:
    return all(figure.isdecimal() and int(figure) in YEARS for figure in fresh.figures)


def _only_says_who(sentence: Sentence) -> bool:
    forms = sentence.tokens.forms
    return len(forms) <= SOURCE_WORDS and any(form in SAYING for form in forms) and any(form in BACK for form in forms)


def _is_background(sentence: Sentence, fresh: Fresh) -> bool:
    """Whether it tells what is so and not what happened: no count, no day, no further place."""
    tokens = sentence.tokens
    if fresh.dated or len(fresh.names) > NAMES or not sentence.ended or any(form in EVENTS for form in tokens.forms):
        return False
    if not any(form in STATIVE for form in tokens.forms) or any(form in NEWS_WORDS for form in tokens.forms):
        return False
    if not all(_is_measure(sentence, figure) for figure in fresh.figures):
        return False
    return not _place_among(sentence, fresh.names) or sum(form in SETTING for form in tokens.forms) >= SET


def _brings_news(sentence: Sentence, fresh: Fresh) -> bool:
    """Whether it shows what is new: a figure, a day, a place, an event, one more of the same."""
    forms = sentence.tokens.forms
    if fresh.dated or fresh.denial or any(not _is_measure(sentence, figure) for figure in fresh.figures):
        return True
    if any(form in EVENTS or form in ONCE_MORE or (form in STATUS and form not in DENIAL) for form in forms):
        return True
    return _place_among(sentence, fresh.names) and not any(form in STATIVE for form in forms)


def _place_among(sentence: Sentence, names: Iterable[int]) -> bool:
    forms = sentence.tokens.forms
    for place in names:
        behind = place - 1 if forms[place - 1] == "the" else place
        before, after = forms[max(0, behind - 1) : behind], forms[place + 1 : place + 2]
        if any(word in PLACE_BEFORE or word in BETWEEN for word in before):
            return True
        if any(word in PLACE_AFTER and word not in STATES for word in (*before, *after)):
            return True
    return False


def _is_measure(sentence: Sentence, figure: str) -> bool:
    """Whether a figure is a year, a length, a weight."""
    if figure.isdecimal() and int(figure) in YEARS:
        return True
    forms = sentence.tokens.forms
    return any(figure in figures([form]) and after in UNITS.names - {"percent"} for form, after in pairwise(forms))
