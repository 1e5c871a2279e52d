"""Previews of an unpublished episode, for guests with a valid link and for editors.

Audio and chapters are below the preview's address, so that guests hear what they approve. The
stored recording, to which that redirects, stays reachable after the link expires: a listener could
have saved it anyway. Public addresses never show any of this.
"""

from collections.abc import Callable
from functools import wraps

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from desk.models import PreviewLink
from desk.publishing.page import fetch_episode_or_404
from desk.shortcuts import may_view_episodes
from desk.submissions.guest_page import guest_page, receive
from episodes.models import Enclosure, Episode
from feeds.enclosures import redirect_to_audio
from pages.metadata import metadata
from pages.redirects import with_query
from pages.rendering import render_page
from pages.views.episode import Preview, SiteContext, episode_page
from show.models import Show
from topics.chapters import json_chapters

PARTS = ("", "audio", "chapters.json")
GUESTS_PARTS = (*PARTS, "page")
View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """No caching, no indexing, no referrer to other sites."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return guarded


@require_safe
@private
def preview(request: HttpRequest, token: str, part: str = "") -> HttpResponse:
    """A preview. Once the episode is public, its link redirects there, but a guest's own page
    remains until the link expires.
    """
    link = PreviewLink.objects.select_related("episode").filter(token=token).first()
    if part not in (GUESTS_PARTS if link and link.guest_id else PARTS):
        raise Http404
    if link is None:
        return _unavailable(request, 404)
    if link.episode.deleted_at:
        return _unavailable(request, 410)
    if link.guest_id and not part:
        return _guest_page(request, link)
    if link.episode.is_viewable:
        return _redirect_to_public(request, link.episode, part)
    if link.has_expired:
        return _unavailable(request, 410)
    episode = fetch_episode_or_404(link.episode_id)
    return _render(request, episode, part, link.get_absolute_url(), link)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def send(request: HttpRequest, token: str) -> HttpResponse:
    """What a guest sends from their page. What can't be taken comes back with its reason."""
    page = reverse("preview", args=[token])
    if request.method != "POST":
        return redirect(page)
    with transaction.atomic():
        found = PreviewLink.objects.accepting().filter(token=token)
        link = found.select_related("episode").select_for_update(of=("self",)).first()
        if link is None:
            return _unavailable(request, 410)
        answer = receive(request, link, fetch_episode_or_404(link.episode_id))
    return answer or redirect(f"{page}?sent")


def _guest_page(request: HttpRequest, link: PreviewLink) -> HttpResponse:
    if not PreviewLink.objects.accepting().filter(pk=link.pk).exists():
        return _unavailable(request, 410)
    return guest_page(request, link, fetch_episode_or_404(link.episode_id))


@may_view_episodes
@require_safe
@private
def editors_preview(request: HttpRequest, pk: int, part: str = "") -> HttpResponse:
    """An editor's preview, without a link."""
    if part not in PARTS:
        raise Http404
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
    until, is_guests = (link.expires_at, bool(link.guest_id)) if link else (None, False)
    paths = Preview(path, f"{path}/audio", until, is_guests)
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
