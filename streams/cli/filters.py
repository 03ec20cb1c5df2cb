"""The Unix filters: articles in as JSON lines, what each room makes of them out, on the memory runtime."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from schemas.article import Article
from schemas.event import Extraction
from schemas.incident import Incident
from schemas.topic import Topic
from streams.archive import Archive, by_publication
from streams.articles import BadLine, Draft, read_drafts
from streams.cli.common import Exit, emit, guarded, say
from streams.clock import WallClock
from streams.own_tables import read_lexicons
from streams.runtimes.base import Commit
from streams.runtimes.driver import Session
from streams.runtimes.memory import MemoryRuntime
from workers.dedupe.stage import Dedupe
from workers.extract.extractor import Extractor
from workers.extract.stage import Extract
from workers.resolve.book import resolve_article
from workers.resolve.stage import Resolve
from workers.resolve.undated import without_guess

Lexicons = Annotated[list[Path] | None, typer.Option("--lexicon", help="a lexicon file of your own, added to ours")]


class Input:
    """Articles from standard input; a malformed line is told and passed over, and remembered for the exit status."""

    def __init__(self) -> None:
        self.failed = False

    def __iter__(self) -> Iterator[Article]:
        return (draft.article() for draft in self.drafts())

    def drafts(self) -> Iterator[Draft]:
        """The articles, each as far as a look at it needs."""
        for item in read_drafts(sys.stdin.buffer, WallClock().now()):
            if isinstance(item, BadLine):
                self.failed = True
                say(f"nightwire: {item}")
            else:
                yield item

    def finish(self) -> None:
        """End the command with status 1 if a line was malformed."""
        if self.failed:
            raise typer.Exit(int(Exit.FAILED))


def extractor(lexicons: list[Path] | None) -> Extractor:
    """The extractor with the user's lexicons; ends the command when one cannot be used."""
    with guarded():
        return Extractor(read_lexicons(lexicons or ()))


def dedupe() -> None:
    """Say of every article whether it is unique, a duplicate or an update; one line each, in order."""
    articles = Input()
    asyncio.run(_dedupe(articles))
    articles.finish()


async def _dedupe(articles: Input) -> None:
    runtime, room = MemoryRuntime(keep=0, rooms=()), Dedupe()
    for article in articles:
        session = Session(runtime, room, Commit(room=room.name, at=article.fetched))
        await session.prepare(room.prefetch(article))
        verdict, outcome = await session.decide(partial(room.judge, article))
        await session.apply(outcome, article.fetched)
        await runtime.commit(session.finish())
        emit(verdict.line())


def extract(lexicon: Lexicons = None) -> None:
    """Print the claims of every article, with the sentence of each; one line an article, in order."""
    reader, articles = extractor(lexicon), Input()
    for article in articles:
        emit(_extraction_line(reader.extract(article)))
    articles.finish()


def _extraction_line(extraction: Extraction) -> dict[str, object]:
    """Each claim once; where it is told again stands behind all others, so that no index moves."""
    claims = tuple(event for event in extraction.events if event.same_as is None)
    body = extraction.model_copy(update={"events": claims}).model_dump(mode="json", include={"events", "abstained"})
    return {"id": extraction.article.id, **body}


def resolve(
    lexicon: Lexicons = None,
    each: Annotated[bool, typer.Option("--each", help="resolve every article on its own")] = False,
) -> None:
    """Print the incidents that all articles together tell of, or with --each what every article tells on its own."""
    reader, articles = extractor(lexicon), Input()
    if each:
        for article in articles:
            incidents = map(without_guess, resolve_article(reader.extract(article)))
            emit({"id": article.id, "incidents": [incident.model_dump(mode="json") for incident in incidents]})
    else:
        for incident in asyncio.run(_resolve(articles, reader)):
            emit(without_guess(incident))
    articles.finish()


async def _resolve(articles: Input, reader: Extractor) -> list[Incident]:
    rooms = (Dedupe(), Extract(reader), Resolve())
    archive, latest = Archive(rooms), dict[str, Incident]()
    for article in by_publication(articles):
        await archive.take(article)
        latest.update({model.id: model for model in await archive.news(Topic.INCIDENTS) if isinstance(model, Incident)})
    return [incident for incident in latest.values() if incident.status != "retracted"]
