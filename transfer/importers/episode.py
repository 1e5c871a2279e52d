"""Writes one imported episode: completely, or not at all."""

from collections.abc import Container
from dataclasses import dataclass, field, fields, replace
from typing import Any

from django.db import DataError, IntegrityError, transaction

from episodes.models import Episode
from notes.apply import apply_draft, apply_facts, finish_edit
from notes.check import check
from notes.grammar.draft import Draft, Facts
from notes.history import last_imported
from notes.merge import DraftSource
from notes.read_rows import facts_as_json, stored_draft, stored_facts
from notes.write_rows import free_episode_slug
from text.problems import Problem, error, has_errors, warning
from transfer.importers.existing import as_for, find_episode, permitted, permitted_to_listing
from transfer.importers.report import Report


def import_episode(
    draft: Draft,
    facts: Facts,
    source: DraftSource,
    report: Report,
    *,
    text: str = "",
    first_line: int = 1,
    others: Container[str] = frozenset(),
) -> Episode | None:
    """Write one episode in one transaction and report the outcome; None if it has errors.

    Messages take their lines from `text`, which begins at `first_line` of the report's file.
    `others` are the GUIDs of the source's other episodes.
    """
    seconds = facts.enclosure.seconds if facts.enclosure else None
    problems = [p.at(report.file, first_line - 1) for p in check(draft, text, seconds)]
    if not text:
        problems = [replace(problem, line=first_line) for problem in problems]
    report.problems(problems)
    if has_errors(problems):
        report.refuse(draft.title or report.file)
        return None
    try:
        with transaction.atomic():
            written = _write(draft, facts, source, others)
            transaction.set_rollback(report.dry_run)
    except (IntegrityError, DataError) as conflict:
        # Another episode's number or GUID, a fact out of range: the database names it.
        message = str(conflict).replace("\n", " ").strip()
        wrong = error(message, first_line, field="facts", value=draft.title)
        report.refuse(draft.title, wrong)
        return None
    report.problems(replace(problem, line=first_line) for problem in written.problems)
    report.outcome(str(written.episode), written.outcome, written.replaced)
    return written.episode


@dataclass(frozen=True, slots=True)
class _Written:
    """The outcome of one episode, to be reported once it is committed."""

    episode: Episode
    outcome: str
    problems: list[Problem] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)


def _write(draft: Draft, facts: Facts, source: DraftSource, others: Container[str]) -> _Written:
    found = find_episode(draft, facts, others)
    doubts: list[Problem] = []
    if source.listing:
        facts, doubts = permitted_to_listing(facts, found)
    if found is None:
        episode = _new_episode(draft, facts)
        apply_facts(episode, facts)
        apply_draft(episode, draft, source)
        finish_edit(episode, None, source.name)
        return _Written(episode, "new", doubts)
    if found.deleted_at is not None:
        message = "In the desk's bin: left there."
        return _Written(found, "unchanged", [warning(message, field="title", value=found.title)])
    facts, problems = permitted(facts, found, source)
    problems += doubts
    before = _State(found)
    facts_changed = apply_facts(found, facts)
    is_notice = source.listing and found.is_withdrawn  # the feed's notes may be the notice
    draft_changed = not is_notice and apply_draft(found, draft, as_for(source, found))
    if not (facts_changed or draft_changed):
        return _Written(found, "unchanged", problems)
    finish_edit(found, None, source.name)
    return _Written(found, "changed", problems, before.replaced_edits(found))


def _new_episode(draft: Draft, facts: Facts) -> Episode:
    kind = facts.kind or Episode.Kind.PODCAST
    episode = Episode(
        kind=kind,
        slug=facts.slug or free_episode_slug(kind, facts.number, draft.title),
        title=draft.title,
        status=facts.status or Episode.Status.DRAFT,
        number=facts.number,
        published_at=facts.published_at,
    )
    episode.guid = facts.guid or episode.guid
    episode.save()
    return episode


class _State:
    """An episode before an import, for finding the host's edits that the import replaced."""

    def __init__(self, episode: Episode) -> None:
        self.draft = stored_draft(episode)
        self.facts = facts_as_json(stored_facts(episode))
        self.imported = last_imported(episode)

    def replaced_edits(self, episode: Episode) -> list[str]:
        """The host's edits that the import has overwritten, a line each."""
        # Without an earlier import, all of the episode is the host's.
        old_draft, old_facts = self.imported or (Draft(), {})
        now_facts = facts_as_json(stored_facts(episode))
        edits = [
            _edit(name, self.facts[name], now_facts[name])
            for name in self.facts
            if self.facts[name] not in (old_facts.get(name), now_facts[name])
        ]
        now = stored_draft(episode)
        for part in fields(Draft):
            values = (getattr(draft, part.name) for draft in (old_draft, self.draft, now))
            edits += _replaced(part.name, *values)
        return edits


def _replaced(name: str, imported: Any, mine: Any, now: Any) -> list[str]:
    if isinstance(mine, str):
        return [_edit(name, mine, now)] if mine not in (imported, now) else []
    lost = [item for item in mine if item not in imported and item not in now]
    return [f"{name}: {item}" for item in lost]


def _edit(name: str, mine: Any, now: Any) -> str:
    return f"{name}: “{str(mine)[:60]}” → “{str(now)[:60]}”"
