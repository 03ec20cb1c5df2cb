"""Gathers the facts about an alert, an incident or an article; `find` tells which of them an id names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from schemas.base import Mode
from schemas.event import Abstention, Extraction
from schemas.incident import Incident
from schemas.receiver import Receiver, lane_names
from schemas.topic import Topic
from streams.explain.deliveries import notifications_of
from streams.explain.facts import AlertFacts, ArticleFacts, Facts, IncidentFacts, Queued
from streams.explain.judged import Rules, judged_of
from streams.explain.records import incidents, load, load_all, notices_of, quoted
from streams.operate import alert_state, silence_book
from streams.runtimes.base import Runtime
from workers.dedupe.cells import Known
from workers.dedupe.slots import known_cell
from workers.deliver.cells import Outbox
from workers.deliver.queue import outbox_cell
from workers.deliver.silence import held_cell
from workers.deliver.silence_cells import Held
from workers.extract.cells import ArticleRead, Aside
from workers.extract.stage import aside_cell
from workers.judge.cells import AlertState, Book, SourceDetail, SourceState, Verdict, WindowState
from workers.judge.seats import Seat, book_cell, detail_cell, source_cell
from workers.ports import Cell
from workers.resolve.cells import Group, Slot, Told
from workers.resolve.moves import near
from workers.resolve.slots import home_of
from workers.resolve.stage import article_cell, slot_cell
from workers.tables import EXTRACT_ARTICLE


class Teller:
    """Answers questions about one runtime, whose notices go to `receivers`."""

    def __init__(
        self, runtime: Runtime, mode: Mode, rules: Rules, receivers: Mapping[str, Receiver] = MappingProxyType({})
    ) -> None:
        self.runtime, self.mode, self.rules = runtime, mode, rules
        self._lanes = [lane for name, given in receivers.items() for lane in lane_names(name, given)]

    async def find(self, name: str) -> Facts | None:
        """The facts about whatever has this id; None when no room knows it."""
        state = await alert_state(self.runtime, name)
        if state is not None:
            return await self.alert(name, state)
        if await self._source("incidents", name):
            return await self.incident(name, await self._revisions(name))
        article = await self.article(name)
        if article.known or article.read or article.extraction or article.aside:
            return article
        revisions = await self._revisions(name)
        return await self.incident(name, revisions) if revisions else None

    # -- alerts --------------------------------------------------------------------------------------

    async def alert(self, name: str, state: AlertState | None) -> AlertFacts:
        """An alert: its state, its evaluation, what was told to whom, and the incidents behind it."""
        notices = await notices_of(self.runtime, name)
        last = state.notice if state and state.notice else (notices[-1] if notices else None)
        wanted = set(last.incidents) if last else set()
        texts = map(quoted, wanted)
        found = {each.id: each async for each in incidents(self.runtime, *texts) if each.id in wanted} if wanted else {}
        window = await load(self.runtime, Seat.parse(state.cell).cell, WindowState) if state else None
        held = await load(self.runtime, held_cell(name), Held)
        silences = (await silence_book(self.runtime)).silences if held else ()
        return AlertFacts(
            id=name,
            state=state,
            judgement=window.judgement if window else None,
            notices=notices,
            deliveries=await notifications_of(self.runtime, name),
            queued=await self._queued(name),
            held=held,
            silences=tuple(each for each in silences if held and each.id in held.silences),
            incidents=tuple(found.values()),
        )

    async def _queued(self, alert: str) -> tuple[Queued, ...]:
        boxes = await load_all(self.runtime, (outbox_cell(lane, alert) for lane in self._lanes), Outbox)
        return tuple(Queued(lane=box.lane, pending=item) for box in boxes.values() for item in box.items)

    # -- incidents -----------------------------------------------------------------------------------

    async def incident(self, name: str, revisions: list[Incident]) -> IncidentFacts:
        """An incident: its revisions, and what every rule made of its figures."""
        state = await self._source("incidents", name)
        book = await load(self.runtime, book_cell(self.mode), Book)
        ordered = sorted(revisions, key=lambda each: each.revision)
        return IncidentFacts(
            id=name,
            incident=ordered[-1] if ordered else None,
            revisions=tuple(ordered),
            judged=await judged_of(self.runtime, state, self.rules),
            verdicts=await self._verdicts("incidents", name),
            rules=tuple(book.rules) if book else (),
        )

    async def _revisions(self, name: str) -> list[Incident]:
        return [each async for each in incidents(self.runtime, quoted(name)) if each.id == name]

    async def _source(self, stream: str, name: str) -> SourceState | None:
        return await load(self.runtime, source_cell(stream, self.mode, name), SourceState)

    async def _verdicts(self, stream: str, name: str) -> tuple[Verdict, ...]:
        detail = await load(self.runtime, detail_cell(source_cell(stream, self.mode, name).key), SourceDetail)
        return detail.verdicts if detail else ()

    # -- articles ------------------------------------------------------------------------------------

    async def article(self, name: str) -> ArticleFacts:
        """An article: what dedupe, extract and resolve made of it, and the incidents that hold its claims."""
        known = await load(self.runtime, known_cell(name), Known)
        aside = await load(self.runtime, aside_cell(name), Aside)
        extraction = await self._extraction(name)
        told = await load(self.runtime, article_cell(name), Told)
        claims = await self._source("events", name)
        return ArticleFacts(
            id=name,
            known=known if known and known.article == name else None,
            read=await load(self.runtime, Cell(EXTRACT_ARTICLE, name), ArticleRead),
            aside=aside,
            extraction=extraction,
            abstained=_abstained(extraction, aside),
            counted=tuple(claim.event for group in told.groups for claim in group.claims) if told else None,
            not_counted=told.aside if told else {},
            judged=await judged_of(self.runtime, claims, self.rules),
            verdicts=await self._verdicts("events", name),
            incidents=await self._incidents_with(name, told.groups) if told and told.groups else (),
        )

    async def _extraction(self, name: str) -> Extraction | None:
        found = None
        async for record in self.runtime.mentioning(Topic.EVENTS, quoted(name)):
            if record.key == name and isinstance(record.model, Extraction):
                found = record.model
        return found

    async def _incidents_with(self, article: str, groups: Sequence[Group]) -> tuple[IncidentFacts, ...]:
        """The incidents that ever held a claim of the article, as far as the topic reaches back."""
        wanted = await self._homes(groups)
        revisions: dict[str, list[Incident]] = {}
        async for each in incidents(self.runtime, *map(quoted, (article, *wanted))):
            revisions.setdefault(each.id, []).append(each)
        held = {name for name, told in revisions.items() if any(holds(each, article) for each in told)}
        # Of those that have lost the claim the last word may not mention the article any more.
        lost = {name: await self._revisions(name) for name in sorted(held - wanted)}
        return tuple([await self.incident(name, lost.get(name, revisions[name])) for name in revisions if name in held])

    async def _homes(self, groups: Sequence[Group]) -> set[str]:
        """Where the claims of an article belong now, by the resolver's own calendar."""
        cells = {at: slot_cell(at) for at in near(groups)}
        found = await load_all(self.runtime, cells.values(), Slot)
        slots = {at: found.get(cell, Slot()) for at, cell in cells.items()}
        return {
            home_of(group, {at.day: slot for at, slot in slots.items() if at.object == group.object}).id
            for group in groups
        }


def holds(incident: Incident, article: str) -> bool:
    """Whether an incident holds a claim of an article."""
    whole = [incident.figures, *(part.figures for part in incident.parts)]
    claims = (claim for figures in whole for figure in figures.values() for claim in figure.claims)
    return any(claim.article == article for claim in (*claims, *incident.aside))


def _abstained(extraction: Extraction | None, aside: Aside | None) -> tuple[Abstention, ...]:
    if extraction is not None and (aside is None or aside.revision == extraction.article.revision):
        return extraction.abstained or (aside.abstained if aside else ())
    return aside.abstained if aside else ()
