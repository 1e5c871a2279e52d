"""Base of the pages about one episode."""

from typing import Any

from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse

from desk.shortcuts import desk_page
from episodes.fetch import fetch_episode
from episodes.models import NOT_DELETED, Episode


def fetch_episode_or_404(pk: int) -> Episode:
    """The episode with its relations, in one query. Http404 if it is in the bin."""
    episode: Episode | None = fetch_episode(NOT_DELETED, id=pk)
    if episode is None:
        raise Http404("There is no such episode, or it is in the bin.")
    return episode


def render_tab(
    request: HttpRequest, template: str, tab: str, episode: Episode, title: str, **context: Any
) -> TemplateResponse:
    """A page about this episode; `tab` is highlighted among the links to the others."""
    return desk_page(
        request, template, title, subtitle=str(episode), episode=episode, current=tab, **context
    )
