"""One episode or interview, as a page and as Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from caching.http import CacheableRequest, conditional_get, per_site_version
from episodes.addresses import absolute_url
from episodes.fetch import fetch_episode
from episodes.models import PUBLISHED, VIEWABLE, Episode, LibraryUse, Reference
from episodes.related import neighbours, similar_episodes
from pages.charts.timeline import timeline_chart
from pages.json_ld.episode import article, podcast_episode
from pages.json_ld.site import breadcrumbs
from pages.markdown import episode_markdown
from pages.metadata import Metadata, episode_properties, metadata, summary_of
from pages.moments import (
    Moment,
    described,
    moment_query,
    parse_moment,
    redirect_to_spelling,
    topic_lines,
)
from pages.redirects import redirect_or_404
from pages.rendering import render_page
from pages.sharing import share_links
from pages.social_image import episode_image
from pages.topic_cards import topic_image
from show.models import CallToAction, Promotion, Show
from text.affiliates import has_affiliates
from topics.models import Topic

MARKDOWN = "text/markdown; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Preview:
    """Where an unpublished episode can be read and heard: paths of this site.

    `until`: when the link expires; None for the host's own. `is_guests`: `page` is a guest's own.
    """

    page: str
    audio: str
    until: datetime | None = None
    is_guests: bool = False


@dataclass(frozen=True, slots=True)
class SiteContext:
    """What every episode's page shows of the site: the show, its promotions, where to report."""

    show: Show
    promotions: Sequence[Promotion]
    correct: CallToAction | None

    @classmethod
    def read(cls) -> "SiteContext":
        correct = CallToAction.objects.filter(purpose=CallToAction.Purpose.CORRECT).first()
        promotions = list(Promotion.objects.filter(active=True))
        return cls(Show.objects.current(), promotions, correct)


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


def episode_page(
    request: HttpRequest, site: SiteContext, found: Episode, preview: Preview | None = None
) -> HttpResponse:
    """The page of an episode that `fetch_episode` read."""
    show = site.show
    topics = list(found.topics.all())
    found.topic_starts = sorted({topic.seconds for topic in topics})
    time = "" if found.is_interview else request.GET.get("t", "")
    moment = parse_moment(time, topics, found.seconds)
    if not found.is_interview and (redirect := redirect_to_spelling(request, moment)):
        return redirect
    previous, following = neighbours(found)
    return render_page(
        request,
        "pages/interview.html" if found.is_interview else "pages/episode.html",
        (_preview_metadata(show, found) if preview else _metadata(show, found, topics, moment)),
        section="episodes",
        preview=preview,
        share_links=share_links(found, moment),
        episode=found,
        moment=moment,
        lines=topic_lines(topics, moment),
        timeline="" if found.is_interview else timeline_chart(topics, found.seconds, moment),
        previous=previous,
        following=following,
        similar=similar_episodes(found),
        promotions=_promotions(site, found),
        has_affiliates=_has_affiliates(found, topics),
        correction_address=_correction_address(site, found, moment),
    )


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


def _metadata(show: Show, found: Episode, topics: list[Topic], moment: Moment | None) -> Metadata:
    is_interview = found.is_interview
    index = ("Written interviews", "interviews") if is_interview else ("Episodes", "episodes")
    path = found.get_absolute_url()
    return metadata(
        show,
        f"{moment} · {found.title}" if moment else found.title,
        path,
        description=described(moment, found) if moment else summary_of(found),
        moment=moment_query(moment),
        og_type="article",
        image=topic_image(show, found, moment) or episode_image(show, found),
        properties=episode_properties(show, found),
        json_ld=[
            article(show, found) if is_interview else podcast_episode(show, found, topics),
            breadcrumbs(show, (index[0], reverse(index[1])), (found.title, path)),
        ],
    )


def _preview_metadata(show: Show, found: Episode) -> Metadata:
    """No canonical URL and no structured data: others must not know the address."""
    title = f"Preview: {found.title}"
    return metadata(show, title, "", description=summary_of(found), robots="noindex, nofollow")


def _promotions(site: SiteContext, found: Episode) -> list[tuple[Promotion, str]]:
    """The host's promotions, each with its link; none on sponsored episodes."""
    if hasattr(found, "sponsor"):
        return []
    path = found.get_absolute_url()
    return [(each, each.link(path)) for each in site.promotions]


def _has_affiliates(found: Episode, topics: list[Topic]) -> bool:
    """Whether the notes have affiliate links; promotions below them carry their own label."""
    rows: list[Reference | LibraryUse] = [*found.references.all(), *found.library_uses.all()]
    fragments = [found.introduction_html, *(topic.html for topic in topics)]
    return has_affiliates(fragments, [each.url for each in rows])


def _correction_address(site: SiteContext, found: Episode, moment: Moment | None) -> str:
    """Where to report a mistake; a mailto: link names the episode and the time."""
    mail = f"mailto:{site.show.owner_email}" if site.show.owner_email else ""
    address = site.correct.url if site.correct else mail
    if not address.startswith("mailto:") or "?" in address:
        return address
    place = f"{found} at {moment.time}" if moment else f"{found}"
    return f"{address}?subject={quote(f'A mistake in {place}')}"
