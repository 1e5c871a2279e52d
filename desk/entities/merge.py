"""Merge two rows that mean the same guest, technology or library."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import ManyToOneRel

from desk.entities.kinds import Entity, EntityKind
from desk.focal_point import FIELDS as FOCAL_POINT
from episodes.models import Appearance, DiscardedFile, Episode
from guests.models import Guest, GuestName
from notes.apply import finish_renames
from show.models import Redirect
from text.names import normalise_name

# Columns that identify a row, or derive from others.
NOT_COPIED = {
    "id", "name", "slug", "introduction_html", "renderer", "avatar_source", "category_chosen",
    *FOCAL_POINT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What a merge will do, for the host to check first."""

    duplicate: Entity
    survivor: Entity
    renamed: list[Episode]  # name the duplicate, will name the survivor
    shared: list[Episode]  # name both, will name the survivor once
    aliases: list[str]  # will mean the survivor
    copied: list[str]  # fields that only the duplicate has filled in
    redirected: list[str]  # addresses that will lead to the survivor's


def plan_merge(kind: EntityKind, duplicate: Entity, survivor: Entity) -> MergePlan:
    """What a merge would do. Four queries."""
    episodes = Episode.with_deleted.filter(pk__in=_episodes(kind, duplicate)).newest_first()
    shared = set(_episodes(kind, survivor))
    old = duplicate.get_absolute_url()
    earlier = Redirect.objects.filter(new_path=old).values_list("old_path", flat=True)
    return MergePlan(
        duplicate,
        survivor,
        renamed=[episode for episode in episodes if episode.pk not in shared],
        shared=[episode for episode in episodes if episode.pk in shared],
        aliases=[str(alias) for alias in kind.aliases_of(duplicate)],
        copied=[str(field.verbose_name) for field in _fields_to_copy(duplicate, survivor)],
        redirected=[old, *earlier],
    )


@transaction.atomic
def merge(kind: EntityKind, duplicate_key: int, survivor_key: int, user: User | None) -> Entity:
    """Point everything at the survivor, delete the duplicate and redirect its address.

    One transaction. Returns the survivor. Raises the model's DoesNotExist if either row was
    deleted meanwhile, and ValueError if both are the same.
    """
    if duplicate_key == survivor_key:
        raise ValueError("A row can't be merged into itself.")
    rows = kind.model._base_manager.filter(pk__in=(duplicate_key, survivor_key)).order_by("pk")
    by_key = {row.pk: row for row in rows.select_for_update()}
    if len(by_key) < 2:
        raise kind.model.DoesNotExist
    duplicate, survivor = by_key[duplicate_key], by_key[survivor_key]
    touched = _episodes(kind, duplicate)
    list(Episode.with_deleted.filter(pk__in=touched).order_by("pk").select_for_update())
    old = duplicate.get_absolute_url()
    _move_uses(kind, duplicate, survivor)
    kind.aliases_of(duplicate).update(**{kind.name: survivor})
    if isinstance(survivor, Guest) and not _is_alias(duplicate.slug):
        survivor.add_names(duplicate.slug)  # filters and searches may use it
    _move_other_relations(kind, duplicate, survivor)
    _copy_fields(duplicate, survivor)
    duplicate.delete()
    survivor.save()
    Redirect.objects.move(old, survivor.get_absolute_url())
    finish_renames(touched, user, f"merge of {kind.name}")
    return survivor


def _episodes(kind: EntityKind, row: Entity) -> list[int]:
    return list(kind.uses_of(row).values_list("episode", flat=True))


def _move_uses(kind: EntityKind, duplicate: Entity, survivor: Entity) -> None:
    """An episode that names both keeps the earlier position."""
    of_survivor = {use.episode_id: use for use in kind.uses_of(survivor)}
    for use in kind.uses_of(duplicate):
        other = of_survivor.get(use.episode_id)
        if other is None:
            continue
        use.delete()
        other.position = min(other.position, use.position)
        if isinstance(other, Appearance):
            other.title = other.title or use.title
        other.save()
    kind.uses_of(duplicate).update(**{kind.name: survivor})


def _is_alias(slug: str) -> bool:
    return GuestName.objects.filter(normalised=normalise_name(slug)).exists()


def _move_other_relations(kind: EntityKind, duplicate: Entity, survivor: Entity) -> None:
    """Whatever else points to the duplicate: a transcript's cues, the show's host."""
    for relation in kind.model._meta.get_fields(include_hidden=True):
        moved = relation.related_model in (kind.uses, kind.aliases)
        if isinstance(relation, ManyToOneRel) and not moved:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: duplicate})
            rows.update(**{relation.field.name: survivor})


def _copy_fields(duplicate: Entity, survivor: Entity) -> None:
    names = [field.name for field in _fields_to_copy(duplicate, survivor)]
    if "avatar" in names:
        names += FOCAL_POINT
    if "category" in names:
        names.append("category_chosen")
    for name in names:
        setattr(survivor, name, getattr(duplicate, name))
    picture = getattr(duplicate, "avatar", None)
    if picture and "avatar" not in names:
        DiscardedFile.objects.create(name=str(picture))


def _fields_to_copy(duplicate: Entity, survivor: Entity) -> list[Any]:
    return [
        field
        for field in duplicate._meta.concrete_fields
        if field.name not in NOT_COPIED
        and _is_filled_in(duplicate, field)
        and not _is_filled_in(survivor, field)
    ]


def _is_filled_in(row: Entity, field: Any) -> bool:
    value = getattr(row, field.name)
    return bool(value) and value != field.get_default()
