"""One episode or interview."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from caching.http import CacheableRequest, conditional_get, per_site_version
from episodes.fetch import fetch_episode
from episodes.models import VIEWABLE, Episode, LibraryUse, Reference
from episodes.related import neighbours, similar_episodes
from pages.charts.timeline import episode_shape
from pages.metadata import Metadata, episode_picture, episode_properties, metadata
from pages.moments import Moment, asked_moment, topic_lines
from pages.redirects import elsewhere
from pages.rendering import page
from pages.sharing import sharing
from pages.structured import article, breadcrumbs, podcast_episode, summary_of
from show.models import CallToAction, Promotion, Show
from text.affiliates import has_affiliates
from topics.models import Topic


@dataclass(frozen=True, slots=True)
class Preview:
    """Where an episode that isn't public is read and heard for now: paths of this site.

    `until`: when its reader loses it; None for the host's own.
    """

    page: str
    audio: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SiteContext:
    """What stands on every episode's page: the show, what the host offers and asks for."""

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
    """An episode; with `?t=` a moment of it, which has a title and og:url of its own."""
    return _page(request, Episode.Kind.PODCAST, slug)


@conditional_get
def interview(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, Episode.Kind.INTERVIEW, slug)


def _page(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    found = fetch_episode(VIEWABLE, kind=kind, slug=slug)
    if found is None:
        return elsewhere(request)
    site = per_site_version(cast(CacheableRequest, request), "show", SiteContext.read)
    if found.is_withdrawn:
        return _withdrawn(request, site.show, found)
    return episode_page(request, site, found)


def episode_page(
    request: HttpRequest, site: SiteContext, found: Episode, preview: Preview | None = None
) -> HttpResponse:
    """The page of an episode that was read by `whole`."""
    show = site.show
    topics = list(found.topics.all())
    time = "" if found.is_interview else request.GET.get("t", "")
    moment = asked_moment(time, topics, found.seconds)
    previous, following = neighbours(found)
    return page(
        request,
        "pages/interview.html" if found.is_interview else "pages/episode.html",
        show=show,
        metadata=_unlisted(show, found) if preview else _metadata(show, found, topics, moment),
        section="episodes",
        preview=preview,
        sharing=sharing(found, moment),
        episode=found,
        moment=moment,
        lines=topic_lines(topics, moment),
        shape="" if found.is_interview else episode_shape(topics, found.seconds, moment),
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
    return page(
        request,
        "pages/withdrawn.html",
        show=show,
        metadata=head,
        section="episodes",
        episode=found,
    )


def _metadata(show: Show, found: Episode, topics: list[Topic], moment: Moment | None) -> Metadata:
    index = ("Written interviews", "interviews") if found.is_interview else ("Episodes", "episodes")
    path = breadcrumbs(
        (show.title, reverse("home")),
        (index[0], reverse(index[1])),
        (found.title, found.get_absolute_url()),
    )
    work = article(show, found) if found.is_interview else podcast_episode(show, found, topics)
    return metadata(
        show,
        f"{moment} · {found.title}" if moment else found.title,
        found.get_absolute_url(),
        description=summary_of(found),
        moment=f"?t={moment.seconds}" if moment else "",
        kind="article",
        picture=episode_picture(show, found),
        properties=episode_properties(show, found),
        structured=[work, path],
    )


def _unlisted(show: Show, found: Episode) -> Metadata:
    """The head of a preview: no address that others should know, nothing for machines."""
    title = f"Preview: {found.title}"
    return metadata(show, title, "", description=summary_of(found), robots="noindex, nofollow")


def _promotions(site: SiteContext, found: Episode) -> list[tuple[Promotion, str]]:
    """What the host offers, each with its link from here; nothing beside a sponsor."""
    if hasattr(found, "sponsor"):
        return []
    path = found.get_absolute_url()
    return [(each, each.link(path)) for each in site.promotions]


def _has_affiliates(found: Episode, topics: list[Topic]) -> bool:
    """Whether links in the notes are paid for; what is offered below them says so itself."""
    rows: list[Reference | LibraryUse] = [*found.references.all(), *found.library_uses.all()]
    said = [found.introduction_html, *(topic.html for topic in topics)]
    return has_affiliates(said, [each.url for each in rows])


def _correction_address(site: SiteContext, found: Episode, moment: Moment | None) -> str:
    """Where a mistake is reported; a mail link carries the episode and the time."""
    mail = f"mailto:{site.show.owner_email}" if site.show.owner_email else ""
    address = site.correct.url if site.correct else mail
    if not address.startswith("mailto:") or "?" in address:
        return address
    place = f"{found} at {moment.time}" if moment else f"{found}"
    return f"{address}?subject={quote(f'A mistake in {place}')}"
