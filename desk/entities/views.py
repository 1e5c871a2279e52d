"""Merging two rows: choose the survivor, check the plan, merge."""

import difflib
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from accounts.security_log import Kind, record
from desk.entities.kinds import KINDS, Entity, EntityKind
from desk.entities.merge import merge, plan_merge
from desk.shortcuts import desk_page, user_of
from text.names import normalise_name

MAX_SUGGESTIONS = 8
MAX_EPISODES = 50  # shown


@require_http_methods(["GET", "HEAD", "POST"])
def merging(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Show a choice of survivors or, with `into`, the plan. POST carries the plan out."""
    found = KINDS.get(kind)
    if found is None:
        raise Http404
    if not request.user.has_perms(found.permissions):
        raise PermissionDenied
    rows: QuerySet[Any] = found.model._base_manager.all()
    duplicate: Entity = get_object_or_404(rows, pk=pk)
    into = (request.POST if request.method == "POST" else request.GET).get("into", "")
    if not into:
        others = _by_label(rows.exclude(pk=pk).order_by("name"))
        typed = request.GET.get("name", "").strip()
        named = next((row for label, row in others if label.casefold() == typed.casefold()), None)
        if named is None:
            return _choose(request, found, duplicate, others, typed)
        into = str(named.pk)
    survivor_key = int(into) if into.isdecimal() and len(into) < 10 else 0
    survivor: Entity = get_object_or_404(rows, pk=survivor_key)
    if survivor == duplicate:
        messages.error(request, "Choose another row: a row can’t be merged into itself.")
        return redirect("desk_merge", kind, pk)
    if request.method == "POST":
        return _merge(request, found, duplicate, survivor)
    return desk_page(
        request,
        "entities/merge.html",
        f"Merge “{duplicate}” into “{survivor}”",
        kind=found,
        row=duplicate,
        plan=plan_merge(found, duplicate, survivor),
        max_episodes=MAX_EPISODES,
    )


def _by_label(rows: Iterable[Entity]) -> list[tuple[str, Entity]]:
    """The rows by name, and those that share one by name and address."""
    rows = list(rows)
    counts = Counter(row.name.casefold() for row in rows)
    return [
        (row.name if counts[row.name.casefold()] == 1 else f"{row.name} ({row.slug})", row)
        for row in rows
    ]


def _choose(
    request: HttpRequest,
    kind: EntityKind,
    row: Entity,
    others: list[tuple[str, Entity]],
    typed: str,
) -> HttpResponse:
    """`typed`: a name that none of the others has."""
    by_key = {normalise_name(other.name): other for _, other in others}
    similar = difflib.get_close_matches(
        normalise_name(row.name), by_key, n=MAX_SUGGESTIONS, cutoff=0.5
    )
    return desk_page(
        request,
        "entities/merge_choose.html",
        f"Merge “{row}” into another",
        kind=kind,
        row=row,
        similar=[by_key[key] for key in similar],
        labels=[label for label, _ in others],
        typed=typed,
    )


def _merge(
    request: HttpRequest, kind: EntityKind, duplicate: Entity, survivor: Entity
) -> HttpResponse:
    user = user_of(request)
    try:
        merged = merge(kind, duplicate.pk, survivor.pk, user)
    except kind.model.DoesNotExist:
        messages.error(request, "One of the two has been deleted meanwhile. Nothing was changed.")
        return redirect(kind.route("changelist"))
    detail = f"{kind.name} “{duplicate.name}” into “{merged.name}”"
    record(request, Kind.MERGED, user.get_username(), detail)
    messages.success(request, f"Merged “{duplicate.name}” into “{merged.name}”.")
    return redirect(kind.route("change"), merged.pk)
