"""Dismisses what the start page proposes."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from feeds.show_gaps import GAPS
from search.question_proposals import PREFIX
from show.models import Show

MOST = 200  # characters of a key


@permission_required("show.change_show", raise_exception=True)
@require_POST
@transaction.atomic
def dismiss(request: HttpRequest) -> HttpResponse:
    """Never propose this again."""
    key = request.POST.get("key", "")
    if key not in {gap.key for gap in GAPS} and not (key.startswith(PREFIX) and len(key) <= MOST):
        raise BadRequest("There is no such proposal.")
    show = get_object_or_404(Show.objects.select_for_update())
    if key not in show.dismissed:
        show.dismissed = [*show.dismissed, key]
        show.save(update_fields=["dismissed"])
    messages.success(request, "Dismissed.")
    return redirect("admin:index")
