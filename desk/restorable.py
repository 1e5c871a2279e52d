"""Deleted rows of the desk's lists: stored for 30 days, and restored whole with their own keys.

Episodes have their bin, transcripts their history; accounts are deleted for good.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import NestedObjects
from django.contrib.auth import get_permission_codename
from django.core import serializers
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import pluralize
from django.template.loader import render_to_string

from desk.models import Deletion
from episodes.models import SocialCard
from show.clock.reading import removable_before

RETENTION = timedelta(days=30)
MAX_NAME = Deletion._meta.get_field("name").max_length or 0
DERIVED = (SocialCard,)  # drawn again when they are asked for


@transaction.atomic
def delete_restorably(rows: QuerySet[Any], username: str) -> Deletion:
    """Delete rows of one model and all that goes with them. Returns what restores them."""
    chosen = list(rows)
    collector = NestedObjects(using=connection.alias, origin=rows)
    collector.collect(chosen)
    collector.sort()  # rows that others need come last
    stored = [
        row
        for model, instances in reversed(collector.data.items())
        if model not in DERIVED
        for row in sorted(instances, key=lambda row: row.pk)
    ]
    deletion = Deletion(
        model=rows.model._meta.label_lower,
        name=name_of(chosen),
        rows=serializers.serialize("json", stored),
        emptied=list(_emptied(collector)),
        deleted_by=username,
    )
    collector.delete()
    deletion.save()
    return deletion


def name_of(rows: list[Any]) -> str:
    """How the desk names what is deleted: the row, or how many there are and which."""
    names = ", ".join(map(str, rows))
    if len(rows) > 1:
        names = f"{len(rows)} {rows[0]._meta.verbose_name_plural}: {names}"
    return names if len(names) <= MAX_NAME else f"{names[: MAX_NAME - 1]}…"


def may_restore_rows(user: Any, model: type[Model]) -> bool:
    """Whether somebody may restore deleted rows of a model: who may add one, and delete one."""
    meta = model._meta
    codenames = (get_permission_codename(action, meta) for action in ("add", "delete"))
    return user.has_perms([f"{meta.app_label}.{codename}" for codename in codenames])


def restorable_kinds(user: Any) -> dict[str, type[Model]]:
    """The models whose deleted rows somebody may restore, by label."""
    return {
        model._meta.label_lower: model
        for model, model_admin in admin.site._registry.items()
        if getattr(model_admin, "is_restorable", False) and may_restore_rows(user, model)
    }


def undo_message(request: HttpRequest, deletion: Deletion, words: str) -> str:
    """The words, with the button that restores what was deleted, for whoever may."""
    may_restore = may_restore_rows(request.user, apps.get_model(deletion.model))
    context = {"deletion": deletion, "words": words, "days": RETENTION.days}
    context["may_restore"] = may_restore
    return render_to_string("admin/desk/deletions/undo.html", context, request)


def _emptied(collector: NestedObjects) -> Iterable[list[Any]]:
    """Columns that deleting sets to null: model, column, its former value and the rows' keys."""
    updates: dict[Any, Any] = collector.field_updates
    for (field, value), batches in updates.items():
        if value is not None:
            continue
        by_former: dict[Any, list[Any]] = {}
        for row in (row for batch in batches for row in batch):
            by_former.setdefault(getattr(row, field.attname), []).append(row.pk)
        for former, keys in by_former.items():
            yield [field.model._meta.label_lower, field.attname, former, sorted(keys)]


@transaction.atomic
def restore(key: int) -> list[Any]:
    """Bring deleted rows back; returns those that the host deleted.

    Raises Deletion.DoesNotExist if somebody restored them already or their time is over,
    ValidationError if another row has their name or address now, and IntegrityError if what they
    belong to is gone.
    """
    deletion = Deletion.objects.select_for_update().get(pk=key)
    rows = [
        each.object
        for each in serializers.deserialize("json", deletion.rows, ignorenonexistent=True)
    ]
    for row in rows:
        _check_is_free(row)
        row.save_base(raw=True)  # as it was, without what the model's own save adds
    for label, column, former, keys in deletion.emptied:
        _fill(label, column, former, keys)
    connection.check_constraints()
    deletion.delete()
    return [row for row in rows if row._meta.label_lower == deletion.model]


def _check_is_free(row: Any) -> None:
    try:
        row.validate_unique()
        row.validate_constraints()
    except ValidationError as error:
        kind, fields = row._meta.verbose_name, error.error_dict.keys() - {NON_FIELD_ERRORS}
        labels = sorted(str(row._meta.get_field(name).verbose_name) for name in fields)
        what = f"its {' and '.join(labels)}" if labels else "its place"
        raise ValidationError(f"Another {kind} has {what} now.") from error


def _fill(label: str, column: str, former: Any, keys: list[Any]) -> None:
    """Set a column that the deletion emptied, where nothing else was chosen since."""
    model: type[Model] = apps.get_model(label)
    model._base_manager.filter(pk__in=keys, **{column: None}).update(**{column: former})


def remove_old_deletions() -> str:
    """Remove what was deleted more than RETENTION ago for good; says how many."""
    count, _ = Deletion.objects.filter(deleted_at__lte=removable_before(RETENTION)).delete()
    return f"Removed {count} deletion{pluralize(count)} for good." if count else ""
