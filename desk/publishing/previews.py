"""An episode as it will look: for whoever has a link that hasn't ended, and for editors.

Its audio and chapters are there too, at addresses below the link's, so that a guest hears what
they are asked to agree to. The recording's stored address, to which that redirects, outlives the
link: whoever could hear it could have kept it. Public addresses look at none of this.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk.models import PreviewLink
from desk.publishing.page import is_public, kept_episode
from episodes.models import Enclosure, Episode
from feeds.enclosures import redirect_to_audio
from pages.metadata import metadata
from pages.redirects import with_query
from pages.rendering import render_page
from pages.views.episode import Preview, SiteContext, episode_page
from show.models import Show
from topics.chapters import json_chapters

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """For GET and HEAD; kept by no cache, listed by no search engine, told to no other site."""

    @require_safe
    @wraps(view)
    def unlisted(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return unlisted


@private
def preview(request: HttpRequest, token: str, part: str = "") -> HttpResponse:
    """What a guest sees. Once the episode is public the same address leads to its page."""
    link = PreviewLink.objects.select_related("episode").filter(token=token).first()
    if link is None:
        return _nothing(request, 404)
    if link.episode.deleted_at:
        return _nothing(request, 410)
    if is_public(link.episode):
        return _to_public(request, link.episode, part)
    if link.has_expired:
        return _nothing(request, 410)
    episode = kept_episode(link.episode_id)
    return _shown(request, episode, part, link.get_absolute_url(), link)


@permission_required("episodes.view_episode", raise_exception=True)
@private
def editors_preview(request: HttpRequest, pk: int, part: str = "") -> HttpResponse:
    """The same at the desk, without a link that ends."""
    episode = kept_episode(pk)
    if is_public(episode):
        return _to_public(request, episode, part)
    return _shown(request, episode, part, reverse("desk_preview", args=[pk]), None)


def _to_public(request: HttpRequest, episode: Episode, part: str) -> HttpResponse:
    """Whoever listens while the episode comes out goes on hearing it."""
    target = episode.get_absolute_url()
    if part == "audio" and hasattr(episode, "enclosure"):
        target = episode.enclosure.path
    elif part == "chapters.json":
        target += "/chapters.json"
    return HttpResponseRedirect(with_query(target, request.META.get("QUERY_STRING", "")))


def _shown(
    request: HttpRequest, episode: Episode, part: str, path: str, link: PreviewLink | None
) -> HttpResponse:
    if part == "audio":
        return redirect_to_audio(get_object_or_404(Enclosure, episode=episode))
    if part == "chapters.json":
        chapters = json_chapters(episode, list(episode.topics.all()))
        return JsonResponse(chapters, content_type="application/json+chapters")
    # A draft without a date looks as if it came out now.
    episode.published_at = episode.published_at or timezone.now()
    shown = Preview(path, f"{path}/audio", link.expires_at if link else None)
    return episode_page(request, SiteContext.read(), episode, shown)


def _nothing(request: HttpRequest, status: int) -> HttpResponse:
    show = Show.objects.current()
    ended = status == 410
    head = metadata(show, "Preview", "", robots="noindex")
    return render_page(
        request, "pages/preview_ended.html", show=show, metadata=head, status=status, ended=ended
    )
