"""Merging two of a kind: choosing, looking at what will happen, doing it."""

import difflib

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from desk.entities.kinds import KINDS, Kind, Named
from desk.entities.merge import merge, plan
from desk.shortcuts import desk_page, user_of
from text.names import normalise_name

NEAR = 8
SHOWN = 50  # episodes


@require_http_methods(["GET", "HEAD", "POST"])
def merging(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Into which to merge this one; with `into`, what that does; POST does it."""
    found = KINDS.get(kind)
    if found is None:
        raise Http404
    if not request.user.has_perm(found.permission):
        raise PermissionDenied
    row = _row_or_404(found, pk)
    into = (request.POST if request.method == "POST" else request.GET).get("into", "")
    if not into:
        return _choosing(request, found, row)
    target = _row_or_404(found, int(into) if into.isdecimal() and len(into) < 10 else 0)
    if target == row:
        messages.error(request, "Choose another one: nothing can be merged into itself.")
        return redirect("desk_merge", kind, pk)
    if request.method == "POST":
        return _merged(request, found, row, target)
    title = f"Merge “{row}” into “{target}”"
    planned = plan(found, row, target)
    return desk_page(
        request, "entities/merge.html", title, kind=found, row=row, plan=planned, shown=SHOWN
    )


def _row_or_404(kind: Kind, pk: int) -> Named:
    row = kind.model._base_manager.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _choosing(request: HttpRequest, kind: Kind, row: Named) -> HttpResponse:
    others: list[Named] = list(kind.model._base_manager.exclude(pk=row.pk).order_by("name"))
    by_key = {normalise_name(other.name): other for other in others}
    near = difflib.get_close_matches(normalise_name(row.name), by_key, n=NEAR, cutoff=0.5)
    return desk_page(
        request,
        "entities/merge_choose.html",
        f"Merge “{row}” into another",
        kind=kind,
        row=row,
        near=[by_key[key] for key in near],
        others=others,
    )


def _merged(request: HttpRequest, kind: Kind, row: Named, target: Named) -> HttpResponse:
    user = user_of(request)
    try:
        kept = merge(kind, row.pk, target.pk, user)
    except kind.model.DoesNotExist:
        messages.error(request, "One of the two has been deleted meanwhile. Nothing was changed.")
        return redirect(kind.list_name)
    messages.success(request, f"“{row.name}” is “{kept.name}” now, everywhere.")
    return redirect(kind.form_name, kept.pk)
