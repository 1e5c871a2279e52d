"""Dismisses what the start page proposes, and takes that back."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from desk.start.proposals import text_of
from show.models import Show

MOST = 200  # characters of a key


@permission_required("show.change_show", raise_exception=True)
@require_POST
@transaction.atomic
def dismiss(request: HttpRequest) -> HttpResponse:
    """Never propose this again, or (`restore`) propose it again after all."""
    is_restored = "restore" in request.POST
    key = request.POST.get("restore" if is_restored else "key", "")
    text = text_of(key) if len(key) <= MOST else ""
    if not text:
        raise BadRequest("There is no such proposal.")
    show = get_object_or_404(Show.objects.select_for_update())
    others = [each for each in show.dismissed if each != key]
    show.dismissed = others if is_restored else [*others, key]
    show.save(update_fields=["dismissed"])
    if is_restored:
        messages.success(request, f"No longer dismissed: {text}")
    else:
        undo = {"key": key, "text": text, "button": "Undo"}
        messages.success(
            request, render_to_string("admin/desk/start/dismissed.html", undo, request)
        )
    return redirect("admin:index")
