"""Which episode an import speaks of, and what it may still change there."""

from dataclasses import replace

from django.db.models import F, QuerySet

from episodes.models import Episode
from notes.drafts import Draft, Facts
from notes.models import Revision
from text.names import fold_typography
from text.problems import Problem, warning


def find_episode(draft: Draft, facts: Facts) -> Episode | None:
    """The episode these notes are about, locked; also one in the desk's bin.

    By GUID, else address, else number together with title or date, else title alone.
    """
    rows = Episode.with_deleted.filter(kind=facts.kind or Episode.Kind.PODCAST)
    pk = _by_key(rows, facts) or _by_number(rows, draft, facts) or _by_title(rows, draft, facts)
    if pk is None:
        return None
    # Found without locks: a title's search must not keep the desk waiting.
    return Episode.with_deleted.select_for_update(of=("self",)).get(pk=pk)


def _by_key(rows: QuerySet[Episode], facts: Facts) -> int | None:
    kept_first = rows.order_by(F("deleted_at").asc(nulls_first=True))
    for key in ("guid", "slug"):
        value = getattr(facts, key)
        if value is not None and (found := kept_first.filter(**{key: value}).first()):
            return found.pk
    return None


def _by_number(rows: QuerySet[Episode], draft: Draft, facts: Facts) -> int | None:
    """A number alone may be mistyped; taking another episode over would lose that one."""
    if facts.number is None:
        return None
    found = rows.filter(number=facts.number, deleted_at=None).first()
    if found and (_same_title(found.title, draft) or found.published_at == facts.published_at):
        return found.pk
    return None


def _by_title(rows: QuerySet[Episode], draft: Draft, facts: Facts) -> int | None:
    """Notes that came in before their facts have no number yet."""
    rows = rows.filter(deleted_at=None)
    if facts.number is not None:
        rows = rows.filter(number=None)
    same = [pk for pk, title in rows.values_list("pk", "title") if _same_title(title, draft)]
    return same[0] if len(same) == 1 else None


def _same_title(title: str, draft: Draft) -> bool:
    return fold_typography(title) == fold_typography(draft.title)


def permitted(facts: Facts, episode: Episode) -> tuple[Facts, list[Problem]]:
    """The facts an import may still change here, and what it may not, said.

    Once the host has edited a published episode, what is public is the host's decision, and
    the GUID stays that apps know: with another they would download the episode again.
    """
    if facts.guid is None and episode.published_at is not None:
        facts = replace(facts, published_at=None)  # the notes' own date: less than what is here
    if episode.first_published_at is None or not _was_edited_here(episode):
        return facts, []
    problems = []
    for field in ("status", "guid"):
        stated, mine = getattr(facts, field), getattr(episode, field)
        if stated not in (None, mine):
            message = f"Kept as it is here; the source says “{stated}”."
            problems.append(warning(message, field=field, value=mine))
            facts = replace(facts, **{field: None})
    return facts, problems


def _was_edited_here(episode: Episode) -> bool:
    revisions = Revision.objects.filter(episode=episode)
    return revisions.exclude(source__startswith="import_").exists()
