"""One episode or interview, as a page and as Markdown."""

from typing import cast

from django.http import HttpRequest, HttpResponse

from caching.http import CacheableRequest, conditional_get, per_site_version
from episodes.addresses import absolute_url
from episodes.fetch import fetch_episode
from episodes.models import PUBLISHED, VIEWABLE, Episode
from pages.episode_page import SiteContext, episode_page
from pages.markdown import episode_markdown
from pages.metadata import metadata
from pages.redirects import redirect_or_404
from pages.rendering import render_page
from show.models import Show

MARKDOWN = "text/markdown; charset=utf-8"


@conditional_get
def episode(request: HttpRequest, slug: str) -> HttpResponse:
    """An episode; with `?t=` a moment of it, with its own title and og:url."""
    return _page(request, Episode.Kind.PODCAST, slug)


@conditional_get
def interview(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, Episode.Kind.INTERVIEW, slug)


@conditional_get
def markdown(request: HttpRequest, slug: str) -> HttpResponse:
    return _markdown(request, Episode.Kind.PODCAST, slug)


@conditional_get
def interview_markdown(request: HttpRequest, slug: str) -> HttpResponse:
    return _markdown(request, Episode.Kind.INTERVIEW, slug)


def _markdown(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """The episode as Markdown, with its page as the canonical URL. Withdrawn ones have none."""
    found = fetch_episode(PUBLISHED, kind=kind, slug=slug)
    if found is None:
        return redirect_or_404(request)
    canonical = absolute_url(found.get_absolute_url())
    return HttpResponse(
        episode_markdown(Show.objects.current(), found),
        content_type=MARKDOWN,
        headers={"X-Robots-Tag": "noindex", "Link": f'<{canonical}>; rel="canonical"'},
    )


def _page(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    found = fetch_episode(VIEWABLE, kind=kind, slug=slug)
    if found is None:
        return redirect_or_404(request)
    site = per_site_version(cast(CacheableRequest, request), "show", SiteContext.read)
    if found.is_withdrawn:
        return _withdrawn(request, site.show, found)
    return episode_page(request, site, found)


def _withdrawn(request: HttpRequest, show: Show, found: Episode) -> HttpResponse:
    """The host's notice and nothing else."""
    head = metadata(
        show,
        found.title,
        found.get_absolute_url(),
        description="This episode was withdrawn.",
        robots="noindex",
    )
    return render_page(
        request,
        "pages/withdrawn.html",
        head,
        section="episodes",
        episode=found,
    )
