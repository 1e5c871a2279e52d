"""Base of the pages about one episode."""

from typing import Any

from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse

from desk.shortcuts import desk_page
from desk.workspace.bar import Save, workspace
from episodes.fetch import fetch_episode
from episodes.models import NOT_DELETED, Episode


def fetch_episode_or_404(pk: int) -> Episode:
    """The episode with its relations, in one query. Http404 if it is in the bin."""
    episode: Episode | None = fetch_episode(NOT_DELETED, id=pk)
    if episode is None:
        raise Http404("There is no such episode, or it is in the bin.")
    return episode


def render_tab(
    request: HttpRequest,
    template: str,
    tab: str,
    episode: Episode,
    title: str,
    *,
    save: Save | None = None,
    **context: Any,
) -> TemplateResponse:
    """A screen of this episode under the bar; `tab` is the current one.

    `save` is the bar's button, if the screen has a form to save.
    """
    bar = workspace(request.user, episode, tab, save)
    context |= {"subtitle": str(episode), "episode": episode, "workspace": bar}
    return desk_page(request, template, title, **context)
