"""Which episode an import speaks of, and what it may still change there."""

from collections.abc import Container
from dataclasses import replace
from datetime import time

from django.db.models import F, QuerySet

from episodes.models import Episode
from notes.grammar.draft import Draft, Facts
from notes.merge import FEED, DraftSource
from notes.models import Revision
from text.names import fold_typography
from text.problems import Problem, warning

Found = tuple[int, str]  # an episode's key and GUID


def find_episode(
    draft: Draft, facts: Facts, others: Container[str] = frozenset()
) -> Episode | None:
    """The episode these notes are about, locked; also one in the desk's bin.

    By GUID, else address, else number together with title or date, else title alone. `others`
    are the GUIDs that the source has for other episodes: none of those is it.
    """
    rows = Episode.with_deleted.filter(kind=facts.kind or Episode.Kind.PODCAST)
    found = _by_key(rows, facts) or _by_number(rows, draft, facts) or _by_title(rows, draft, facts)
    if found is None:
        return None
    pk, guid = found
    if guid != facts.guid and guid in others:
        return None
    # Found without locks: a title's search must not keep the desk waiting.
    return Episode.with_deleted.select_for_update(of=("self",)).get(pk=pk)


def _by_key(rows: QuerySet[Episode], facts: Facts) -> Found | None:
    kept_first = rows.order_by(F("deleted_at").asc(nulls_first=True))
    for key in ("guid", "slug"):
        value = getattr(facts, key)
        if value is not None and (found := kept_first.filter(**{key: value}).first()):
            return found.pk, found.guid
    return None


def _by_number(rows: QuerySet[Episode], draft: Draft, facts: Facts) -> Found | None:
    """A number alone may be mistyped; taking another episode over would lose that one."""
    if facts.number is None:
        return None
    found = rows.filter(number=facts.number, deleted_at=None).first()
    if found and (_same_title(found.title, draft) or found.published_at == facts.published_at):
        return found.pk, found.guid
    return None


def _by_title(rows: QuerySet[Episode], draft: Draft, facts: Facts) -> Found | None:
    """Notes that came in before their facts have no number yet."""
    rows = rows.filter(deleted_at=None)
    if facts.number is not None:
        rows = rows.filter(number=None)
    known = rows.values_list("pk", "guid", "title")
    same = [(pk, guid) for pk, guid, title in known if _same_title(title, draft)]
    return same[0] if len(same) == 1 else None


def _same_title(title: str, draft: Draft) -> bool:
    return fold_typography(title) == fold_typography(draft.title)


def permitted(facts: Facts, episode: Episode, source: DraftSource) -> tuple[Facts, list[Problem]]:
    """The facts an import may still change here, and what it may not, said.

    Once the host has edited a published episode, what is public is the host's decision, and
    the GUID stays that apps know: with another they would download the episode again.
    """
    if facts.guid is None and episode.published_at is not None:
        facts = replace(facts, published_at=None)  # the notes' own date: less than what is here
    if not source.listing and _is_its_day(facts, episode):
        facts = replace(facts, published_at=None)  # a feed's time is more than a file's day
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


def _is_its_day(facts: Facts, episode: Episode) -> bool:
    """Whether what is stated is a day, as files state dates, and the episode came out on it."""
    stated, known = facts.published_at, episode.published_at
    if stated is None or known is None or stated.time() != time():
        return False
    return known.astimezone(stated.tzinfo).date() == stated.date()


def _was_edited_here(episode: Episode) -> bool:
    revisions = Revision.objects.filter(episode=episode)
    return revisions.exclude(source__startswith="import_").exists()


def permitted_to_listing(facts: Facts, episode: Episode | None) -> tuple[Facts, list[Problem]]:
    """The facts of a feed's item that may be stored, for an episode that is here or for a new one.

    A feed only lists what is on air: it brings no withdrawn episode back. Its numbers may begin
    anew each season, and its addresses are only proposals.
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


def as_for(source: DraftSource, episode: Episode) -> DraftSource:
    """The source as it counts for this episode: a feed's notes yield to those from elsewhere."""
    if not source.listing:
        return source
    by = list(Revision.objects.filter(episode=episode).values_list("source", flat=True))
    own = {FEED.name, "import_transcript"}
    elsewhere = any(name.startswith("import_") and name not in own for name in by)
    return replace(source, fills=elsewhere or by[-1:] != [FEED.name])
