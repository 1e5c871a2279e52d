"""Two rows that mean one guest, technology or library become one."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import ManyToOneRel

from desk.entities.kinds import Kind, Named, taken_over
from episodes.models import Appearance, DiscardedFile, Episode
from guests.models import Guest, GuestName
from notes.renaming import finish_renaming
from show.models import Redirect
from stack.models import Library
from text.names import normalise_name


@dataclass(frozen=True, slots=True)
class Plan:
    """What merging `gone` into `kept` will do, for the host to look at first."""

    kind: Kind
    gone: Named
    kept: Named
    moved: list[Episode]  # named one, name the other then
    both: list[Episode]  # named both, name one then
    names: list[str]  # go on meaning the one that is kept
    filled: list[str]  # what the kept one lacked
    redirected: list[str]  # addresses that lead to the kept one's


def plan(kind: Kind, gone: Named, kept: Named) -> Plan:
    """Changes nothing. Four queries."""
    episodes = Episode.with_deleted.filter(pk__in=_episodes(kind, gone)).newest_first()
    shared = set(_episodes(kind, kept))
    old = gone.get_absolute_url()
    before = Redirect.objects.filter(new_path=old).values_list("old_path", flat=True)
    return Plan(
        kind,
        gone,
        kept,
        moved=[episode for episode in episodes if episode.pk not in shared],
        both=[episode for episode in episodes if episode.pk in shared],
        names=[str(name) for name in kind.names_of(gone)],
        filled=[str(field.verbose_name) for field in taken_over(kind, gone, kept)],
        redirected=[old, *before],
    )


@transaction.atomic
def merge(kind: Kind, gone_key: int, kept_key: int, user: User | None) -> Named:
    """Let everything that names one row name the other, delete the one, and redirect its address.

    One transaction. Returns the row that is kept; raises the model's DoesNotExist if either has
    gone meanwhile, and ValueError for a row and itself.
    """
    if gone_key == kept_key:
        raise ValueError("Nothing can be merged into itself.")
    rows = kind.model._base_manager.filter(pk__in=(gone_key, kept_key)).order_by("pk")
    by_key = {row.pk: row for row in rows.select_for_update()}
    if len(by_key) < 2:
        raise kind.model.DoesNotExist
    gone, kept = by_key[gone_key], by_key[kept_key]
    touched = _episodes(kind, gone)
    list(Episode.with_deleted.filter(pk__in=touched).order_by("pk").select_for_update())
    old = gone.get_absolute_url()
    _move_uses(kind, gone, kept)
    _move_names(kind, gone, kept)
    _move_others(kind, gone, kept)
    _fill(kind, gone, kept)
    gone.delete()
    kept.save()
    Redirect.objects.move(old, kept.get_absolute_url())
    finish_renaming(touched, user, f"merge of {kind.name}")
    return kept


def _episodes(kind: Kind, row: Named) -> list[int]:
    return list(kind.uses_of(row).values_list("episode", flat=True))


def _move_uses(kind: Kind, gone: Named, kept: Named) -> None:
    """An episode that named both names one, in the earlier of their places."""
    of_kept = {use.episode_id: use for use in kind.uses_of(kept)}
    for use in kind.uses_of(gone):
        other = of_kept.get(use.episode_id)
        if other is None:
            continue
        use.delete()
        other.position = min(other.position, use.position)
        if isinstance(other, Appearance):
            other.title = other.title or use.title
        other.save()
    kind.uses_of(gone).update(**{kind.relation: kept})


def _move_names(kind: Kind, gone: Named, kept: Named) -> None:
    kind.names_of(gone).update(**{kind.relation: kept})
    if isinstance(kept, Guest) and not _is_named(gone.slug):
        # Filters and searches may have them by their address.
        kept.know_as(gone.slug)


def _is_named(slug: str) -> bool:
    return GuestName.objects.filter(normalised=normalise_name(slug)).exists()


def _move_others(kind: Kind, gone: Named, kept: Named) -> None:
    """Whatever else points to it: a transcript's cues, the show's host."""
    special = (kind.uses, kind.names)
    for relation in kind.model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and relation.related_model not in special:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: gone})
            rows.update(**{relation.field.name: kept})


def _fill(kind: Kind, gone: Named, kept: Named) -> None:
    fields = taken_over(kind, gone, kept)
    for field in fields:
        setattr(kept, field.name, getattr(gone, field.name))
    if isinstance(gone, Library):
        return
    picture = getattr(gone, "avatar", None)
    if picture and "avatar" not in [field.name for field in fields]:
        DiscardedFile.objects.create(name=str(picture))
