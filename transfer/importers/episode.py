"""Writes one imported episode: completely, or not at all."""

from collections.abc import Collection, Container
from dataclasses import dataclass, field, fields, replace

from django.db import DataError, IntegrityError, transaction

from episodes.models import Episode
from notes.apply import apply_draft, apply_facts, finish_edit
from notes.check import check
from notes.grammar.draft import Draft, Facts
from notes.merge import MergeChange
from notes.models import ImportSource
from notes.read_rows import PARTS
from notes.validity import normalise
from notes.write_rows import free_episode_slug
from show.models import Redirect
from text.problems import Problem, error, has_errors, warning
from transfer.importers.conflicts import conflict_warning
from transfer.importers.existing import find_episode, permitted, permitted_to_listing
from transfer.importers.merging import ImportMerge, store_base
from transfer.importers.report import Report

GONE = (
    "Gone for good here: left out. To import it again, delete its address at the desk, under "
    "“Redirects”."
)
WHOLE_DRAFT = frozenset(each.name for each in fields(Draft))


def import_episode(
    draft: Draft,
    facts: Facts,
    source: ImportSource,
    report: Report,
    *,
    text: str = "",
    first_line: int = 1,
    others: Container[str] = frozenset(),
    unread: Collection[str] = frozenset(),
) -> Episode | None:
    """Write one episode in one transaction and report the outcome; None if it is left out.

    An episode that is here already takes what only the source changed since its last import.
    Messages take their lines from `text`, which begins at `first_line` of the report's file.
    `others` are the GUIDs of the source's other episodes, `unread` the parts of the notes that
    couldn't be read: they stay.
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
            written = _write(draft, facts, source, others, unread, report.theirs)
            transaction.set_rollback(report.rolls_back_each)
    except (IntegrityError, DataError) as conflict:
        # Another episode's number or GUID, a fact out of range: the database names it.
        message = str(conflict).replace("\n", " ").strip()
        wrong = error(message, first_line, field="facts", value=draft.title)
        report.refuse(draft.title, wrong)
        return None
    report.problems(replace(problem, line=first_line) for problem in written.problems)
    report.differing.update(written.differing)
    report.changes(written.episode, written.changes)
    report.outcome(_with_status(written.episode), written.outcome)
    return None if written.episode._state.adding else written.episode


def _with_status(episode: Episode) -> str:
    """The episode, and its status if it isn't published."""
    published = episode.status == Episode.Status.PUBLISHED
    return str(episode) if published else f"{episode} ({episode.status})"


@dataclass(frozen=True, slots=True)
class _Written:
    """The outcome of one episode, to be reported once it is committed."""

    episode: Episode
    outcome: str
    problems: list[Problem] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)  # fields that stay unlike in the source
    changes: list[MergeChange] = field(default_factory=list)


def _write(
    draft: Draft,
    facts: Facts,
    source: ImportSource,
    others: Container[str],
    unread: Collection[str],
    theirs: bool,
) -> _Written:
    found = find_episode(draft, facts, others)
    doubts: list[Problem] = []
    if source == ImportSource.FEED:
        facts, doubts = permitted_to_listing(facts, found)
    said = facts
    if found is None:
        episode = _new_episode(draft, facts)
        path = episode.get_absolute_url()
        if Redirect.objects.targets([path]).get(path) == "":
            return _Written(episode, "unchanged", [warning(GONE, field="address", value=path)])
        episode.save()
        apply_facts(episode, facts)
        apply_draft(episode, draft, {relation: [] for relation in PARTS})
        finish_edit(episode, None, source)
        store_base(episode, source, draft, said)
        return _Written(episode, "new", doubts)
    if found.deleted_at is not None:
        message = "In the desk's bin: left there."
        return _Written(found, "unchanged", [warning(message, field="title", value=found.title)])
    if source == ImportSource.FEED and found.is_withdrawn:
        unread = WHOLE_DRAFT  # a feed's notes may be the notice
    merging = ImportMerge(found, source, theirs)
    facts, problems = permitted(facts, found, merging.facts, source)
    changed = merging.apply(draft, facts, unread)
    problems += [conflict_warning(each, found, theirs) for each in merging.conflicts]
    if changed:
        finish_edit(found, None, source)
    store_base(found, source, draft, said, merging, unread)
    differing = [] if theirs else [each.field for each in merging.conflicts]
    outcome = "changed" if changed else "unchanged"
    changes = merging.decisions.changes if changed else []
    return _Written(found, outcome, problems + doubts, differing, changes)


def _new_episode(draft: Draft, facts: Facts) -> Episode:
    """The episode, unsaved."""
    kind, texts = facts.kind or Episode.Kind.PODCAST, normalise(draft)
    episode = Episode(
        kind=kind,
        slug=facts.slug or free_episode_slug(kind, facts.number, draft.title),
        title=texts.title,
        summary=texts.summary,
        introduction=texts.introduction,
        status=facts.status or Episode.Status.DRAFT,
        number=facts.number,
        published_at=facts.published_at,
    )
    episode.guid = facts.guid or episode.guid
    return episode
