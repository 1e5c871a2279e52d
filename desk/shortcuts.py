"""Shortcuts for the desk's views."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import permission_required, user_passes_test
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse

from accounts.roles import PUBLISH, edits_drafts_only, sees_episodes
from desk.workspace.bar import workspace
from episodes.bin import RETENTION
from episodes.models import Episode
from episodes.rights import may_edit, may_publish
from notes.apply import finish_edit
from notes.history import state_since

SOURCE = "desk"  # of revisions
EPISODE_LIST = "admin:episodes_episode_changelist"
BIN = "bin"  # the value of the list's state filter
ONLY_DRAFTS = "You work on drafts. Ask a host or an editor to change what visitors see."
may_publish_episodes = permission_required(
    ("episodes.change_episode", PUBLISH), raise_exception=True
)


def may_change_episodes(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views of one episode (`pk`): whoever may change this one. Of others, any.

    Who works on drafts reads why this is none any more, and what they typed meanwhile.
    """

    @permission_required("episodes.change_episode", raise_exception=True)
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refused = refuse_unless_draft(request, kwargs["pk"]) if "pk" in kwargs else None
        return refused or view(request, *args, **kwargs)

    return guarded


def refuse_unless_draft(request: HttpRequest, pk: int) -> HttpResponse | None:
    """A page with status 403 for more than a draft, if the user edits nothing else."""
    user = user_of(request)
    if not edits_drafts_only(user):
        return None
    episode = Episode.with_deleted.filter(pk=pk).first()
    if episode is None or may_edit(user, episode):
        return None
    return desk_page(
        request,
        "episodes/no_draft.html",
        "Not saved" if request.method == "POST" else "Not a draft",
        status=403,
        workspace=workspace(user, episode, ""),
        episode=episode,
        since=state_since(episode),
        typed=request.POST.get("text", ""),
    )


def _check_view(user: AbstractBaseUser | AnonymousUser) -> bool:
    if not sees_episodes(user):
        raise PermissionDenied
    return True


may_view_episodes = user_passes_test(_check_view)


def desk_page(
    request: HttpRequest, template: str, title: str, status: int = 200, **values: Any
) -> TemplateResponse:
    """A page from templates/admin/desk/ with this title."""
    context = admin.site.each_context(request) | {"title": title} | values
    return TemplateResponse(request, f"admin/desk/{template}", context, status=status)


def user_of(request: HttpRequest) -> User:
    """The signed-in user; `admin_view` admits nobody else."""
    return cast(User, request.user)


def locked_episode(pk: int) -> Episode:
    """The episode, locked until the transaction ends. Raises Http404 when it is in the bin."""
    return get_object_or_404(Episode.objects.select_for_update(of=("self",)), pk=pk)


def moved_to_bin(request: HttpRequest, pk: int, name: str) -> str:
    """What a message says of the episode, with a link to the bin and the button to restore it."""
    context = {"pk": pk, "name": name, "days": RETENTION.days, "bin": BIN}
    context["may_restore"] = may_publish(user_of(request))
    return render_to_string("admin/desk/episodes/binned.html", context, request)


def finish(request: HttpRequest, episode: Episode) -> None:
    """End an edit by whoever is signed in."""
    finish_edit(episode, user_of(request), SOURCE)
