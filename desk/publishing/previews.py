"""Previews of an unpublished episode, for guests with a valid link and for editors.

Audio and chapters are below the preview's address, so that guests hear what they approve. The
stored recording, to which that redirects, stays reachable after the link expires: a listener could
have saved it anyway. Public addresses never show any of this.
"""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk.models import PreviewLink
from desk.publishing.page import fetch_episode_or_404
from desk.shortcuts import may_view_episodes
from episodes.models import Enclosure, Episode
from feeds.enclosures import redirect_to_audio
from pages.metadata import metadata
from pages.redirects import with_query
from pages.rendering import render_page
from pages.views.episode import Preview, SiteContext, episode_page
from show.models import Show
from topics.chapters import json_chapters

PARTS = ("", "audio", "chapters.json")
View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """GET and HEAD only; no caching, no indexing, no referrer to other sites."""

    @require_safe
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if kwargs.get("part", "") not in PARTS:
            raise Http404
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return guarded


@private
def preview(request: HttpRequest, token: str, part: str = "") -> HttpResponse:
    """A guest's preview. Once the episode is public, its link redirects there."""
    link = PreviewLink.objects.select_related("episode").filter(token=token).first()
    if link is None:
        return _unavailable(request, 404)
    if link.episode.deleted_at:
        return _unavailable(request, 410)
    if link.episode.is_viewable:
        return _redirect_to_public(request, link.episode, part)
    if link.has_expired:
        return _unavailable(request, 410)
    episode = fetch_episode_or_404(link.episode_id)
    return _render(request, episode, part, link.get_absolute_url(), link)


@may_view_episodes
@private
def editors_preview(request: HttpRequest, pk: int, part: str = "") -> HttpResponse:
    """An editor's preview, without a link."""
    episode = fetch_episode_or_404(pk)
    if episode.is_viewable:
        return _redirect_to_public(request, episode, part)
    return _render(request, episode, part, reverse("desk_preview", args=[pk]), None)


def _redirect_to_public(request: HttpRequest, episode: Episode, part: str) -> HttpResponse:
    """Redirect to the public page, audio or chapters, so that playback continues."""
    target = episode.get_absolute_url()
    if part == "audio" and hasattr(episode, "enclosure"):
        target = episode.enclosure.path
    elif part == "chapters.json":
        target += "/chapters.json"
    return HttpResponseRedirect(with_query(target, request.META.get("QUERY_STRING", "")))


def _render(
    request: HttpRequest, episode: Episode, part: str, path: str, link: PreviewLink | None
) -> HttpResponse:
    if part == "audio":
        return redirect_to_audio(get_object_or_404(Enclosure, episode=episode))
    if part == "chapters.json":
        chapters = json_chapters(episode, list(episode.topics.all()))
        return JsonResponse(chapters, content_type="application/json+chapters")
    # A draft without a date shows today's.
    episode.published_at = episode.published_at or timezone.now()
    paths = Preview(path, f"{path}/audio", link.expires_at if link else None)
    return episode_page(request, SiteContext.read(), episode, paths)


def _unavailable(request: HttpRequest, status: int) -> HttpResponse:
    show = Show.objects.current()
    return render_page(
        request,
        "pages/preview_unavailable.html",
        metadata(show, "Preview", "", robots="noindex"),
        status=status,
        has_expired=status == 410,
    )
