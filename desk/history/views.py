"""An episode's history: who saved what when, each save in full, and the way back to it."""

from dataclasses import dataclass
from itertools import pairwise

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from desk.history.differences import differences
from desk.shortcuts import desk_page, user_of
from desk.writing.diff import Difference
from episodes.models import Episode
from notes.history import saved_now, saved_then
from notes.models import Revision
from notes.restoring import lost_by_restoring, restore

PAGE = 20
SHOWN, MOST = 30, 1000  # changes of one save: in the list, and on its own page
viewer = permission_required("episodes.view_episode", raise_exception=True)
editor = permission_required("episodes.change_episode", raise_exception=True)


@dataclass(frozen=True, slots=True)
class Save:
    """One line of the history."""

    revision: Revision
    changes: list[Difference] | None  # None for the first, before which nothing is known


@viewer
@require_safe
def episode_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every save of an episode, newest first, with what it changed."""
    episode = get_object_or_404(Episode.with_deleted, pk=pk)
    revisions = Revision.objects.filter(episode=episode).select_related("user")
    page = Paginator(revisions, PAGE).get_page(request.GET.get("page"))
    found = list(page.object_list)
    older = found and revisions.filter(number__lt=found[-1].number).first()
    saves = _saves([*found, *([older] if older else [])], whole=not older)
    title = f"History of “{episode}”"
    return desk_page(
        request, "history/history.html", title, episode=episode, saves=saves, page=page, most=SHOWN
    )


def _saves(revisions: list[Revision], whole: bool) -> list[Save]:
    """Each revision beside the one before it; the last only when nothing was before it."""
    saves = []
    for newer, older in pairwise(revisions):
        saves.append(Save(newer, differences(saved_then(older), saved_then(newer))))
    if whole and revisions:
        saves.append(Save(revisions[-1], None))
    return saves


@viewer
@require_http_methods(["GET", "HEAD", "POST"])
def revision(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One save in full, and what restoring it would change; POST restores it."""
    found = get_object_or_404(Revision.objects.select_related("user"), episode=pk, number=number)
    if request.method == "POST":
        return _restore(request, found)
    episode = Episode.with_deleted.get(pk=pk)
    then = saved_then(found)
    changes = differences(saved_now(episode), then)
    return desk_page(
        request,
        "history/revision.html",
        f"Revision {number} of “{episode}”",
        episode=episode,
        revision=found,
        changes=changes,
        most=MOST,
        lost=lost_by_restoring(episode, then),
        may_restore=request.user.has_perm("episodes.change_episode"),
    )


@editor
def _restore(request: HttpRequest, found: Revision) -> HttpResponse:
    user = user_of(request)
    try:
        lost = restore(found, user)
    except ValidationError as error:
        messages.error(request, f"Nothing was restored: {' '.join(error.messages)}")
        return redirect("admin:episodes_episode_history", found.episode_id)
    except OSError as error:
        messages.error(request, f"Nothing was restored: a file could not be stored ({error}).")
        return redirect("admin:episodes_episode_history", found.episode_id)
    messages.success(request, f"The episode is again what revision {found.number} says.")
    for sentence in lost:
        messages.warning(request, sentence)
    return redirect("admin:episodes_episode_history", found.episode_id)
