"""What the pages about publishing one episode have in common."""

from typing import Any

from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse

from desk.shortcuts import desk_page
from episodes.fetch import fetch_episode
from episodes.models import NOT_DELETED, Episode


def kept_episode(pk: int) -> Episode:
    """The episode with all that its page shows. Http404 for one in the bin; one query."""
    episode: Episode | None = fetch_episode(NOT_DELETED, id=pk)
    if episode is None:
        raise Http404("There is no such episode, or it is in the bin.")
    return episode


def is_public(episode: Episode) -> bool:
    """Whether it has a page that visitors can open, be that the notice of a withdrawn one."""
    return episode.status != Episode.Status.DRAFT and episode.is_due()


def publishing_page(
    request: HttpRequest, name: str, episode: Episode, title: str, **context: Any
) -> TemplateResponse:
    """A page of the desk about publishing this episode, with ways to the others."""
    frame: dict[str, Any] = {"episode": episode, "current": name, "is_public": is_public(episode)}
    template = f"publishing/{name}.html"
    return desk_page(request, template, title, subtitle=str(episode), **frame, **context)
