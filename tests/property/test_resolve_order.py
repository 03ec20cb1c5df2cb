"""The law of the resolver: arrival order, duplicates and revisions never change what the incidents are in the end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.event import ArticleRef, Event, Extraction, Place
from schemas.incident import Incident
from schemas.topic import Topic
from workers.ports import Cell, NotLoaded, Outcome, View
from workers.reasons import Reason
from workers.resolve.book import resolve_articles
from workers.resolve.stage import Resolve

START = datetime(2026, 9, 3, 6, tzinfo=UTC)
ARRIVAL = {"revision", "first_seen", "updated", "reason"}
PLACES = [Place(name=name, country="RU", region=region) for name, region in (("A", "A"), ("B", "B"), ("a1", "A"))]

nights = st.integers(0, 3).map(lambda days: date(2026, 9, 3) + timedelta(days=days))


@st.composite
def events(draw: st.DrawFn) -> Event:
    return Event(
        id="",
        type="attack",
        object=draw(st.sampled_from(["drone", "drone", "missile"])),
        measure=draw(st.sampled_from(["launched", "intercepted", "lost", "hit"])),
        value=draw(st.sampled_from([3, 20, 46, 64, 64, 144])),
        qualifier=draw(st.sampled_from(["exact", "exact", "over", "at_least", "about"])),
        attacker=draw(st.sampled_from(["UA", "RU", None])),
        target_country=draw(st.sampled_from(["RU", "UA", None])),
        place=draw(st.sampled_from([None, None, *PLACES])),
        scope=draw(st.sampled_from(["total", "part"])),
        part_of=draw(st.sampled_from([None, None, 0])),
        additional=draw(st.booleans()),
        period=draw(st.sampled_from(["night", "unknown", "day", "24h", "cumulative"])),
        night_of=draw(st.none() | nights),
        status=draw(st.sampled_from(["asserted", "asserted", "asserted", "denied", "planned"])),
        claimed_by=draw(st.sampled_from([None, "Ukraine's air force", "Russian defence ministry", "Reuters"])),
        confidence=draw(st.sampled_from([0.5, 0.8])),
        quote="q",
        span=(0, 1),
    )


@st.composite
def extractions(draw: st.DrawFn) -> Extraction:
    name, revision = draw(st.sampled_from("abcdef")), draw(st.integers(1, 3))
    published = START + timedelta(hours=draw(st.integers(0, 72)))
    told = draw(st.lists(events(), max_size=4))
    ref = ArticleRef(
        id=name,
        revision=f"r{revision}",
        source=draw(st.sampled_from(["One", "Two", "TASS"])),
        story=draw(st.sampled_from([None, "s1"])),
        published=published,
        fetched=START + timedelta(days=4, hours=revision),
    )
    named = [e.model_copy(update={"id": f"{name}{revision}.{i}", "span": (i, i + 1)}) for i, e in enumerate(told)]
    return Extraction(article=ref, events=tuple(named))


def unique(rows: list[Extraction]) -> list[Extraction]:
    """One content for each revision of an article: a revision is a digest of its words."""
    return list({(row.article.id, row.article.revision): row for row in rows}.values())


class Book:
    """A store in a dictionary: what the driver does, without carriers."""

    def __init__(self) -> None:
        self.cells: dict[Cell, object] = {}
        self.stage = Resolve()
        self.emitted: list[Incident] = []

    def feed(self, row: Extraction, now: datetime) -> Outcome:
        while True:
            try:
                outcome = self.stage.decide(row, View(self.cells, {}), now)
                break
            except NotLoaded as missing:
                self.cells.update(dict.fromkeys(missing.cells))
        self.cells.update(outcome.writes)
        for emit in outcome.emits:
            assert emit.topic is Topic.INCIDENTS
            assert isinstance(emit.model, Incident)
            self.emitted.append(emit.model)
        return outcome

    def run(self, rows: list[Extraction]) -> Book:
        for step, row in enumerate(rows):
            self.feed(row, START + timedelta(days=5, minutes=step))
        return self

    def final(self) -> dict[str, dict[str, object]]:
        """The last revision of every incident that stands."""
        last = {incident.id: incident for incident in self.emitted}
        return {name: i.model_dump(exclude=ARRIVAL) for name, i in last.items() if i.status != "retracted"}


def expected(rows: list[Extraction]) -> dict[str, dict[str, object]]:
    return {incident.id: incident.model_dump(exclude=ARRIVAL) for incident in resolve_articles(rows)}


@settings(max_examples=120)
@given(st.lists(extractions(), max_size=8).map(unique), st.randoms(use_true_random=False))
def test_any_order_with_duplicates_ends_in_the_same_incidents(rows, random):
    shuffled = rows + random.sample(rows, k=len(rows) // 2)
    random.shuffle(shuffled)
    assert Book().run(shuffled).final() == expected(rows)


@settings(max_examples=50)
@given(st.lists(extractions(), max_size=8).map(unique))
def test_revisions_count_up_by_one_and_each_says_something_new(rows):
    book = Book().run(rows)
    last: dict[str, Incident] = {}
    for incident in book.emitted:
        before = last.get(incident.id)
        assert incident.revision == (before.revision + 1 if before else 1)
        if before and before.status != "retracted" and incident.status != "retracted":
            assert incident.model_dump(exclude=ARRIVAL) != before.model_dump(exclude=ARRIVAL)
        last[incident.id] = incident


@settings(max_examples=50)
@given(st.lists(extractions(), min_size=1, max_size=6).map(unique))
def test_articles_that_are_emptied_take_all_their_claims_along(rows):
    book = Book().run(rows)
    for row in rows:
        later = {"revision": "r9", "fetched": START + timedelta(days=9)}
        book.feed(Extraction(article=row.article.model_copy(update=later)), START + timedelta(days=9))
    assert book.final() == {}


@settings(max_examples=50)
@given(extractions())
def test_a_record_that_comes_again_is_a_no_op(row):
    book = Book()
    book.feed(row, START)
    again = book.feed(row, START)
    assert (again.reason, again.passed, again.emits, again.writes) == (Reason.ALREADY_SEEN, False, (), {})


@settings(max_examples=80)
@given(st.lists(extractions(), max_size=6).map(unique))
def test_best_lies_between_low_and_high_and_no_claim_is_lost(rows):
    for incident in resolve_articles(rows):
        for figure in incident.figures.values():
            assert figure.low <= figure.value <= figure.high
        assert not {"planned", "hypothetical"} & {c.status for f in incident.figures.values() for c in f.claims}
