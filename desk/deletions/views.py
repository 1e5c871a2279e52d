"""What was deleted within 30 days, and restoring it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.text import capfirst
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import sees_episodes
from desk.models import Deletion
from desk.restorable import RETENTION, restorable_kinds, restore
from desk.shortcuts import desk_page

MOST = 200  # shown, newest first
GONE = "Somebody has restored this already, or its 30 days are over."


@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    kinds = restorable_kinds(request.user)
    if not kinds:
        raise PermissionDenied
    rows = Deletion.objects.filter(model__in=kinds)[:MOST]
    return desk_page(
        request,
        "deletions/list.html",
        "Deleted",
        rows=[(row, capfirst(str(kinds[row.model]._meta.verbose_name))) for row in rows],
        days=RETENTION.days,
        sees_bin=sees_episodes(request.user),
    )


@require_POST
def restore_deleted(request: HttpRequest, pk: int) -> HttpResponse:
    kinds = restorable_kinds(request.user)
    if not kinds:
        raise PermissionDenied
    found = Deletion.objects.filter(pk=pk).first()
    if found is None:
        messages.error(request, GONE)
        return redirect("desk_deleted")
    if found.model not in kinds:
        raise PermissionDenied
    try:
        rows = restore(pk)
    except Deletion.DoesNotExist:
        messages.error(request, GONE)
    except ValidationError as error:
        reasons = " ".join(error.messages)
        messages.error(request, f"{found} was not restored. {reasons}")
    except IntegrityError:
        messages.error(
            request, f"{found} was not restored: what it belongs to has been deleted, too."
        )
    else:
        return _restored(request, kinds[found.model], found, rows)
    return redirect("desk_deleted")


def _restored(
    request: HttpRequest, model: type[models.Model], deletion: Deletion, rows: list[Any]
) -> HttpResponse:
    """To the restored row, or to the list in which several stand again."""
    model_admin: Any = admin.site._registry[model]
    for row in rows:
        model_admin.log_addition(request, row, [{"added": {}}])
    messages.success(request, format_html("{} is restored.", deletion))
    route = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    if len(rows) == 1 and model_admin.has_view_or_change_permission(request, rows[0]):
        return redirect(f"{route}_change", rows[0].pk)
    return redirect(f"{route}_changelist")
