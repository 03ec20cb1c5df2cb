"""Puts gathered facts into words, one line each; pure, and plain where a room left no reason."""

from __future__ import annotations

from collections.abc import Iterator

from streams.explain.facts import AlertFacts, ArticleFacts, Facts, IncidentFacts, RuleFacts, Seen
from streams.explain.phrases import (
    at,
    claim_lines,
    event_line,
    figure_line,
    group,
    held_words,
    incident_name,
    judged_lines,
    many,
    sentence,
    verdict_line,
    why_not,
)
from workers.deliver.message import clean
from workers.wording import figure


def words(facts: Facts) -> Iterator[str]:
    """The explanation as lines of text."""
    match facts:
        case AlertFacts():
            return alert_words(facts)
        case IncidentFacts():
            return incident_words(facts)
        case ArticleFacts():
            return article_words(facts)
        case RuleFacts():
            return rule_words(facts)


# -- alerts ------------------------------------------------------------------------------------------


def alert_words(facts: AlertFacts) -> Iterator[str]:
    """Why an alert was raised, what was told since, and to whom."""
    yield f"alert {facts.id}"
    last = facts.state.notice if facts.state and facts.state.notice else (facts.notices[-1] if facts.notices else None)
    if facts.state is not None:
        yield f"  rule {facts.state.rule}, window {facts.state.window}, {facts.state.status}"
    if last is not None:
        yield f"  {clean(last.title)} ({group(last.group)})"
        told = figure(last.value, last.qualifier)
        yield f"  figure {told} against limit '{last.limit or 'none'}', severity {last.severity}, peak {last.peak}"
        named = ", ".join(map(clean, last.sources)) or "no source named"
        yield f"  {many(last.independent, 'independent voice')} ({named})"
        for doubt in last.doubts:
            yield f"  doubt: {doubt}"
    if facts.judgement is not None:
        yield f"  judged last at {at(facts.judgement.at)}: {facts.judgement.outcome}, {facts.judgement.why}"
    else:
        yield "  the window left no judgement: it is older than what is kept"
    yield from _acknowledged(facts)
    yield from _evidence(facts)
    yield from _notices(facts)
    yield from _told(facts)


def _acknowledged(facts: AlertFacts) -> Iterator[str]:
    state = facts.state
    if state is not None and state.acked_by is not None:
        note = f": {clean(state.ack_note)}" if state.ack_note else ""
        yield f"  acknowledged by {clean(state.acked_by)} at {at(state.acked_at)}{note}"
    if facts.held is not None:
        yield f"  silenced: {held_words(len(facts.held.revisions), facts.held.waiting is not None)}"
        for silence in facts.silences:
            yield f"    by {clean(silence.author)} until {at(silence.ends)}: {clean(silence.reason)}"


def _evidence(facts: AlertFacts) -> Iterator[str]:
    yield "claims"
    for incident in facts.incidents:
        yield f"  incident {incident.id}: {incident_name(incident)}, revision {incident.revision}, {incident.status}"
        for measure, found in incident.figures.items():
            yield f"    {figure_line(measure, found)}"
        claims = [claim for found in incident.figures.values() for claim in found.claims]
        yield from (f"    {line}" for line in claim_lines(claims))
    if not facts.incidents:
        notice = facts.state.notice if facts.state else None
        for part in notice.evidence if notice else ():
            said = f"{part.measure or 'claim'} {figure(part.value, part.qualifier)}"
            yield f"  - {said}; {clean(part.source or part.article)}"
            yield f"      {sentence(part.sentence or part.quote)}"
        yield "  the incidents behind it are not on their topic any more; these are the sentences of the last notice"


def _notices(facts: AlertFacts) -> Iterator[str]:
    yield "notices"
    for notice in facts.notices:
        was = f", was {figure(notice.was)}" if notice.was is not None else ""
        value = figure(notice.value, notice.qualifier)
        yield f"  {notice.revision}. {at(notice.at)} {notice.notice} ({notice.reason}): {value}{was}, {notice.severity}"
    if not facts.notices:
        yield "  none is on the topic any more"


def _told(facts: AlertFacts) -> Iterator[str]:
    yield "told"
    for each in facts.deliveries:
        how = f"{each.status} at {at(each.finished)}, {many(each.attempts, 'attempt')}"
        yield f"  {each.receiver}: notice {each.notice.revision} {how}{f': {clean(each.error)}' if each.error else ''}"
    for queued in facts.queued:
        item = queued.pending
        tried = f"{many(item.attempts, 'attempt')}, last error: {clean(item.error or 'none')}"
        yield f"  {queued.lane}: notice {item.notice.revision} waits since {at(item.queued)}, {tried}"
    if not facts.deliveries and not facts.queued:
        yield "  nobody: no receiver took it, or the records of deliveries are gone"


# -- incidents ---------------------------------------------------------------------------------------


def incident_words(facts: IncidentFacts) -> Iterator[str]:
    """What an incident holds and what every rule made of it."""
    incident = facts.incident
    yield f"incident {facts.id}"
    if incident is None:
        yield "  its revisions are not on the topic any more; what the judge remembers follows"
    else:
        yield f"  {incident_name(incident)}"
        yield f"  revision {incident.revision}, {incident.status}: {incident.reason or 'no reason was left'}"
        yield f"  {many(incident.independent, 'independent voice')} ({', '.join(map(clean, incident.sources))})"
        if incident.time_basis == "publication":
            yield "  no text gives its time: it was taken from the publication"
        for measure, found in incident.figures.items():
            yield f"  {figure_line(measure, found)}"
        claims = [claim for found in incident.figures.values() for claim in found.claims]
        yield from (f"  {line}" for line in claim_lines(claims))
        if incident.aside:
            yield "  kept and not counted"
            yield from (f"    {line}" for line in claim_lines(incident.aside))
        yield "  revisions: " + "; ".join(f"{r.revision} {at(r.updated)} {r.reason or '-'}" for r in facts.revisions)
    yield "rules"
    yield from (f"  {line}" for line in rules_words(facts))


def rules_words(facts: IncidentFacts) -> Iterator[str]:
    """What every rule made of the figures, as the judge left it."""
    for judged in facts.judged:
        yield from judged_lines(judged)
    for verdict in facts.verdicts:
        yield verdict_line(verdict)
    spoken = {judged.rule for judged in facts.judged} | {verdict.rule for verdict in facts.verdicts}
    for rule in facts.rules:
        if rule not in spoken:
            yield f"{rule}: left no verdict; it reads another object, measure or stream, or it was begun with later"
    if not facts.rules:
        yield "the judge has not run with any rule"


# -- articles ----------------------------------------------------------------------------------------


def article_words(facts: ArticleFacts) -> Iterator[str]:
    """How an article went through the rooms."""
    yield f"article {facts.id}"
    yield from _dedupe(facts)
    yield from _extracted(facts)
    yield from _resolved(facts)
    for judged in facts.judged:
        yield from (f"  {line}" for line in judged_lines(judged))
    for verdict in facts.verdicts:
        yield f"  {verdict_line(verdict)}"


def _dedupe(facts: ArticleFacts) -> Iterator[str]:
    if facts.known is None:
        yield "  dedupe: left no record; the article is older than what is kept, or never came"
        return
    voice = facts.known
    of = f" of {voice.of}" if voice.of else ""
    near = f", similarity {voice.similarity:.2f}" if voice.similarity is not None else ""
    yield f"  dedupe: {voice.verdict}{of}, reason {voice.reason}{near}; story {voice.story}"
    if clean(voice.title):
        yield f"    {sentence(voice.title)}, {clean(voice.source or 'unknown source')}, {at(voice.published)}"
    if voice.verdict == "duplicate":
        yield "    a copy is not read again: the claims are those of the article that it copies"


def _extracted(facts: ArticleFacts) -> Iterator[str]:
    events = facts.extraction.events if facts.extraction else ()
    if facts.extraction is None:
        count = facts.read.events if facts.read else None
        yield "  extract: " + (
            f"read {count} claims, which are not on their topic any more" if count else "took no claim in it"
        )
    counted = set(facts.counted or ())
    for event in events:
        yield f"  claim {event_line(event)}"
        yield f"    {sentence(event.sentence or event.quote)}"
        if event.id in counted:
            yield "    went into an incident"
        elif facts.counted is None:
            yield "    resolve left no record of the article"
        else:
            yield f"    was not counted: {why_not(facts.not_counted.get(event.id))}"
    for each in facts.abstained:
        yield f"  not taken: {sentence(each.quote)}, reason {each.reason}"
    if facts.aside and facts.aside.more and facts.extraction is None:
        yield f"  and {facts.aside.more} more numbers that were not taken"
    if not events and not facts.abstained and facts.extraction is None:
        yield "    no number was left aside either, so no reason was left"


def _resolved(facts: ArticleFacts) -> Iterator[str]:
    for each in facts.incidents:
        if each.incident is not None:
            state = f"{each.incident.status}: {each.incident.reason or 'no reason was left'}"
            yield f"  incident {each.id}: {incident_name(each.incident)}, revision {each.incident.revision}, {state}"
            for measure, found in each.incident.figures.items():
                yield f"    {figure_line(measure, found)}"
            yield from (f"    {line}" for line in rules_words(each))
    if facts.counted and not facts.incidents:
        yield "  the incidents that it went into are not on their topic any more"


# -- rules -------------------------------------------------------------------------------------------


def rule_words(facts: RuleFacts) -> Iterator[str]:
    """What a rule saw in one window and why it fired or did not."""
    yield f"rule {facts.rule}: {facts.title}"
    yield f"  window {facts.window}, {at(facts.start)} to {at(facts.end)}"
    if facts.limits:
        yield f"  limits: {', '.join(facts.limits)}"
    if not facts.enabled:
        yield "  the rule is switched off"
    yield (
        f"  the judge runs with it since {at(facts.since)}" if facts.since else "  the judge has not run with it so far"
    )
    for judged in facts.groups:
        yield from (f"  {line}" for line in judged_lines(judged))
    if not facts.groups:
        yield "  nothing counted in this window"
    for item in facts.items:
        sides = f"{item.text('attacker') or '?'} on {item.text('target_country') or '?'}"
        yield f"  counted {item.id.partition('/')[2]} {figure(item.number('value'), item.qualifier)}, {sides}"
        told = (
            f"{sentence(part.sentence or part.quote)} {clean(part.source or part.article)}" for part in item.evidence
        )
        yield from (f"    {line}" for line in dict.fromkeys(told))
    yield from _seen(facts.seen)
    yield from _checks(facts)


def _seen(seen: tuple[Seen, ...]) -> Iterator[str]:
    yield f"seen: {many(len(seen), 'incident')}"
    for each in seen:
        yield f"  incident {each.incident.id}: {incident_name(each.incident)}, {each.incident.status}"
        if each.incident.status == "retracted":
            yield f"    {each.incident.reason or 'no reason was left'}"
        for measure, found in each.incident.figures.items():
            yield f"    {figure_line(measure, found)}"
        if each.counted:
            yield f"    counted: {', '.join(name.partition('/')[2] for name in each.counted)}"
        for verdict in each.verdicts:
            yield f"    {verdict_line(verdict)}"
        if not each.read:
            yield "    no rule reads any of its figures"
        elif not each.counted and not each.verdicts:
            yield "    left no verdict: the rule reads another object or measure"


def _checks(facts: RuleFacts) -> Iterator[str]:
    checks = facts.checks
    yield f"feeds: {checks.working} checks worked and {checks.failed} failed, of those that are on record"
    for feed, reason in checks.feeds_failed.items():
        yield f"  {feed}: {reason}"
    for outage in checks.outages:
        yield f"  no feed could be fetched from {at(outage.start)} to {at(outage.end)}"
