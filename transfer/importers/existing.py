"""Finds the episode that an import is about, and what the import may change there."""

from collections.abc import Container
from dataclasses import replace
from datetime import time

from django.db.models import F, Q, QuerySet

from episodes.models import Episode
from notes.grammar.draft import Draft, Facts
from notes.grammar.headings import escape_title
from notes.models import ImportBase, ImportSource, Revision
from text.names import fold_typography
from text.problems import Problem, warning


def find_episode(
    draft: Draft, facts: Facts, others: Container[str] = frozenset()
) -> Episode | None:
    """The episode, locked; it may be in the bin.

    Found by GUID, else address, else number together with title or date, else title alone, else
    the title that an import gave it last time. `others` are the GUIDs of the source's other
    episodes, which are never meant.
    """
    rows = Episode.with_deleted.filter(kind=facts.kind or Episode.Kind.PODCAST)
    found = _by_key(rows, facts) or _by_number(rows, draft, facts) or _by_title(rows, draft, facts)
    found = found or _by_former_title(rows, draft, facts)
    if found is None or (found.guid != facts.guid and found.guid in others):
        return None
    # Only this row is locked: a lock on all that were searched would block the desk.
    return Episode.with_deleted.select_for_update(of=("self",)).get(pk=found.pk)


def _by_key(rows: QuerySet[Episode], facts: Facts) -> Episode | None:
    keys = {key: value for key in ("guid", "slug") if (value := getattr(facts, key)) is not None}
    either = Q(*keys.items(), _connector=Q.OR)
    found = (
        list(rows.filter(either).order_by(F("deleted_at").asc(nulls_first=True))) if keys else []
    )
    matches = (row for key in keys for row in found if getattr(row, key) == keys[key])
    return next(matches, None)


def _by_number(rows: QuerySet[Episode], draft: Draft, facts: Facts) -> Episode | None:
    """The episode with this number, if title or date match, too: a number may be mistyped."""
    if facts.number is None:
        return None
    found = rows.filter(number=facts.number, deleted_at=None).first()
    if found and (_same_title(found.title, draft) or found.published_at == facts.published_at):
        return found
    return None


def _by_title(rows: QuerySet[Episode], draft: Draft, facts: Facts) -> Episode | None:
    """The episode with this title: notes imported before their facts have no number yet."""
    rows = rows.filter(deleted_at=None)
    if facts.number is not None:
        rows = rows.filter(number=None)
    titles = rows.values_list("pk", "title")
    same = [pk for pk, title in titles if _same_title(title, draft)]
    return rows.get(pk=same[0]) if len(same) == 1 else None


def _by_former_title(rows: QuerySet[Episode], draft: Draft, facts: Facts) -> Episode | None:
    """The episode that has another title here since notes without facts brought it."""
    if facts.guid is not None:
        return None
    head = f"# {escape_title(draft.title)}\n"
    bases = ImportBase.objects.filter(notes__startswith=head).values("episode")
    found = list(rows.filter(deleted_at=None, pk__in=bases)[:2])
    return found[0] if len(found) == 1 else None


def _same_title(title: str, draft: Draft) -> bool:
    return fold_typography(title) == fold_typography(draft.title)


def permitted(
    facts: Facts, episode: Episode, base: Facts, source: ImportSource
) -> tuple[Facts, list[Problem]]:
    """The facts that an import may change, and a warning for each that it may not.

    Once the host has edited a published episode, its GUID stays: with another, apps would
    download it again. So does a status that the source hasn't changed since `base`.
    """
    if source != ImportSource.FEED and _is_its_day(facts, episode):
        facts = replace(facts, published_at=None)  # a feed's time is more precise than a day
    if episode.first_published_at is None:
        return facts, []
    said, problems = facts, []
    for field in ("status", "guid"):
        stated, mine = getattr(facts, field), getattr(episode, field)
        if stated in (None, mine) or (field == "status" and stated != base.status):
            continue
        message = f"Unchanged here; the source states “{stated}”."
        problems.append(warning(message, field=field, value=mine))
        facts = replace(facts, **{field: None})
    return (facts, problems) if problems and _was_edited_here(episode) else (said, [])


def _is_its_day(facts: Facts, episode: Episode) -> bool:
    """Whether the stated date is a day without a time, and the episode's own day."""
    stated, published = facts.published_at, episode.published_at
    if stated is None or published is None or stated.time() != time():
        return False
    return published.astimezone(stated.tzinfo).date() == stated.date()


def _was_edited_here(episode: Episode) -> bool:
    revisions = Revision.objects.filter(episode=episode)
    return revisions.exclude(source__startswith="import_").exists()


def permitted_to_listing(facts: Facts, episode: Episode | None) -> tuple[Facts, list[Problem]]:
    """The facts of a feed's item that may be stored, for an existing or a new episode.

    A feed lists only what is public: it doesn't bring a withdrawn episode back. Its numbers may
    start again each season, and its addresses are only proposals.
    """
    others = Episode.objects.filter(kind=facts.kind or Episode.Kind.PODCAST)
    if episode is not None:
        others = others.exclude(pk=episode.pk)
        facts = replace(facts, slug=None)
        if episode.is_withdrawn:
            facts = replace(facts, status=None)
    elif facts.slug and others.filter(slug=facts.slug).exists():
        facts = replace(facts, slug=None)
    if facts.number is None or not others.filter(number=facts.number).exists():
        return facts, []
    message = "Another episode has this number; left out."
    return replace(facts, number=None), [warning(message, field="number", value=str(facts.number))]
