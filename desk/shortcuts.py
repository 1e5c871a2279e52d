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
from episodes.bin import RETENTION
from episodes.models import Episode
from episodes.rights import may_edit, may_publish
from notes.apply import finish_edit

SOURCE = "desk"  # of revisions
EPISODE_LIST = "admin:episodes_episode_changelist"
BIN = "bin"  # the value of the list's state filter
ONLY_DRAFTS = "You work on drafts. Ask a host or an editor to change what visitors see."
may_publish_episodes = permission_required(
    ("episodes.change_episode", PUBLISH), raise_exception=True
)


def may_change_episodes(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views of one episode (`pk`): whoever may change this one. Of others, any."""

    @permission_required("episodes.change_episode", raise_exception=True)
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "pk" in kwargs:
            refuse_unless_editable(user_of(request), kwargs["pk"])
        return view(request, *args, **kwargs)

    return guarded


def refuse_unless_editable(user: User, pk: int) -> None:
    """Raises PermissionDenied for more than a draft, if the user edits nothing else."""
    if not edits_drafts_only(user):
        return
    episode = Episode.with_deleted.filter(pk=pk).first()
    if episode and not may_edit(user, episode):
        raise PermissionDenied(ONLY_DRAFTS)


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
