"""One imported episode into the catalogue: whole, or not at all."""

from dataclasses import fields
from typing import Any

from django.db import DataError, IntegrityError, transaction

from episodes.models import Episode
from notes.check import check
from notes.drafts import Draft, Facts
from notes.history import last_imported
from notes.importers.report import Report
from notes.merge import Source
from notes.publish import apply_draft, apply_facts, finish_edit
from notes.rows import free_episode_slug
from notes.stored import facts_as_json, stored_draft, stored_facts
from text.names import fold_typography
from text.problems import error, has_errors


def import_episode(
    draft: Draft,
    facts: Facts,
    source: Source,
    report: Report,
    *,
    text: str = "",
    file: str = "",
    first_line: int = 1,
) -> Episode | None:
    """Write one episode in one transaction and report what happened; None when it has errors.

    `text` and its place in `file` are for naming lines.
    """
    seconds = facts.enclosure.seconds if facts.enclosure else None
    problems = [p.at(file, first_line - 1) for p in check(draft, text, seconds)]
    for problem in problems:
        report.problem(problem)
    if has_errors(problems):
        report.outcome(draft.title or file, "failed")
        return None
    try:
        with transaction.atomic():
            episode = _write(draft, facts, source, report)
            transaction.set_rollback(report.dry_run)
    except (IntegrityError, DataError) as conflict:
        # A number or GUID that another episode has, a fact out of range: the database says which.
        message = str(conflict).replace("\n", " ").strip()
        report.problem(error(message, first_line, field="facts", value=draft.title, file=file))
        report.outcome(draft.title, "failed")
        return None
    return episode


def _write(draft: Draft, facts: Facts, source: Source, report: Report) -> Episode:
    found = find_episode(draft, facts)
    episode = found or _new_episode(draft, facts)
    before = _State(found) if found else None
    facts_changed = apply_facts(episode, facts)
    draft_changed = apply_draft(episode, draft, source)
    if found and not (facts_changed or draft_changed):
        report.outcome(str(episode), "unchanged")
        return episode
    finish_edit(episode, None, source.name)
    replaced = before.replaced_edits(episode) if before else []
    report.outcome(str(episode), "changed" if found else "new", replaced)
    return episode


def find_episode(draft: Draft, facts: Facts) -> Episode | None:
    """The episode these notes are about: by GUID, address, number, then title."""
    kind = facts.kind or Episode.Kind.PODCAST
    episodes = Episode.objects.select_for_update(of=("self",)).filter(kind=kind)
    for key in ("guid", "slug", "number"):
        value = getattr(facts, key)
        if value is not None and (found := episodes.filter(**{key: value}).first()):
            return found
    # Notes that came in before their facts have no number yet; then the title tells.
    unnumbered = episodes if facts.number is None else episodes.filter(number=None)
    title = fold_typography(draft.title)
    titles = unnumbered.values_list("pk", "title")
    same = [pk for pk, other in titles if fold_typography(other) == title]
    return episodes.get(pk=same[0]) if len(same) == 1 else None


def _new_episode(draft: Draft, facts: Facts) -> Episode:
    kind = facts.kind or Episode.Kind.PODCAST
    slug = facts.slug or free_episode_slug(kind, facts.number, draft.title)
    status = facts.status or Episode.Status.DRAFT
    episode = Episode(kind=kind, slug=slug, title=draft.title, status=status)
    episode.number, episode.published_at = facts.number, facts.published_at
    if facts.guid:
        episode.guid = facts.guid
    episode.save()
    return episode


class _State:
    """An episode before an import, and what of it was the host's own."""

    def __init__(self, episode: Episode) -> None:
        self.draft = stored_draft(episode)
        self.facts = facts_as_json(stored_facts(episode))
        self.imported = last_imported(episode)

    def replaced_edits(self, episode: Episode) -> list[str]:
        """What the host had written and the import has now overwritten, a line each."""
        if self.imported is None:
            return []
        old_draft, old_facts = self.imported
        now_facts = facts_as_json(stored_facts(episode))
        edits = [
            _edit(name, self.facts[name], now_facts[name])
            for name in self.facts
            if self.facts[name] not in (old_facts.get(name), now_facts[name])
        ]
        now = stored_draft(episode)
        for field in fields(Draft):
            values = (getattr(draft, field.name) for draft in (old_draft, self.draft, now))
            edits += _replaced(field.name, *values)
        return edits


def _replaced(name: str, imported: Any, mine: Any, now: Any) -> list[str]:
    if isinstance(mine, str):
        return [_edit(name, mine, now)] if mine not in (imported, now) else []
    lost = [item for item in mine if item not in imported and item not in now]
    return [f"{name}: {item}" for item in lost]


def _edit(name: str, mine: Any, now: Any) -> str:
    return f"{name}: “{str(mine)[:60]}” → “{str(now)[:60]}”"
