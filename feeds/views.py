"""What podcast apps read: feeds, each built by `feed_response`, and an episode's chapters."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from episodes.freshness import public_page
from episodes.models import Appearance, Episode, EpisodeQuerySet, Use
from feeds.channel import Channel, channel_elements
from feeds.items import item_elements
from feeds.rss import PodcastFeed
from guests.models import Guest
from search.models import Question
from search.questions import answering
from show.models import ContentVersion, Promotion, Show
from stack.models import Technology
from topics.chapters import json_chapters

LIMIT = 2000


def for_any_site(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let players that run in a browser, on any site, read the answer."""

    @wraps(view)
    def shared(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return shared


@for_any_site
@public_page
def chapters(request: HttpRequest, slug: str) -> HttpResponse:
    """A published episode's topics as Podcasting 2.0 chapters."""
    episode = get_object_or_404(Episode.objects.published().podcast(), slug=slug)
    return JsonResponse(
        json_chapters(episode, list(episode.topics.all())),
        content_type="application/json+chapters",
    )


@for_any_site
@public_page
def feed(request: HttpRequest) -> HttpResponse:
    """The show."""
    show = Show.objects.current()
    channel = Channel(
        path=reverse("feed"),
        page=reverse("episodes"),
        title=show.title,
        description=show.description,
        # An unsaved show would have a new one at each request.
        guid=None if show._state.adding else show.podcast_guid,
    )
    return feed_response(channel, show, Episode.objects.podcast())


@for_any_site
@public_page
def interviews_feed(request: HttpRequest) -> HttpResponse:
    """The written interviews."""
    show = Show.objects.current()
    channel = Channel(
        path=reverse("interviews_feed"),
        page=reverse("interviews"),
        title=show.interviews_title or f"{show.title}: written interviews",
        description=show.interviews_description or show.description,
        medium="blog",
    )
    return feed_response(channel, show, Episode.objects.interviews())


@for_any_site
@public_page
def technology_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything in which a technology is used, under any of the technology's names."""
    published = Episode.objects.published()
    technology = Technology.objects.named(slug)
    if technology is None or not published.filter(uses__technology=technology).exists():
        raise Http404(f"No technology is called {slug}.")
    if technology.slug != slug:
        return redirect("technology_feed", technology.slug, permanent=True)
    show = Show.objects.current()
    channel = Channel(
        path=reverse("technology_feed", args=[slug]),
        page=technology.get_absolute_url(),
        title=f"{technology.heading} · {show.title}",
        description=f"Every episode of {show.title} whose guest runs {technology.name}.",
    )
    return feed_response(channel, show, Episode.objects.filter(technologies=technology))


@for_any_site
@public_page
def guest_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything with a guest. Who is in nothing published has no feed, as they have no page."""
    guest = get_object_or_404(Guest, slug=slug)
    episodes = Episode.objects.filter(guests=guest)
    if not episodes.published().exists():
        raise Http404(f"No episode with {guest.name} is published.")
    show = Show.objects.current()
    channel = Channel(
        path=reverse("guest_feed", args=[slug]),
        page=guest.get_absolute_url(),
        title=f"{guest.name} · {show.title}",
        description=f"Every episode of {show.title} with {guest.name}.",
    )
    return feed_response(channel, show, episodes)


@for_any_site
@public_page
def question_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything in which a question the host keeps is answered, empty while nothing is."""
    question = get_object_or_404(Question, slug=slug)
    show = Show.objects.current()
    channel = Channel(
        path=reverse("question_feed", args=[slug]),
        page=question.get_absolute_url(),
        title=f"{question.title} · {show.title}",
        description=f"Every episode of {show.title} that answers: {question.title}.",
    )
    keys = answering(question.query, show.zone, limit=LIMIT)
    return feed_response(channel, show, Episode.objects.filter(pk__in=keys))


def feed_response(channel: Channel, show: Show, episodes: EpisodeQuerySet) -> HttpResponse:
    """The published ones of these episodes as RSS, newest first."""
    changed = ContentVersion.objects.values_list("changed_at", flat=True).first()
    promotions = list(Promotion.objects.filter(active=True))
    rows = list(episodes_with_everything(episodes.published().newest_first())[:LIMIT])
    rss = PodcastFeed(
        channel_elements(channel, show, newest_change(changed, rows)),
        (item_elements(episode, show, promotions) for episode in rows),
    )
    return HttpResponse(rss.writeString("utf-8"), content_type=rss.content_type)


def episodes_with_everything(episodes: EpisodeQuerySet) -> EpisodeQuerySet:
    """Episodes with all rows that an item is made of."""
    return episodes.select_related("enclosure", "sponsor").prefetch_related(
        "topics",
        "references",
        "library_uses",
        Prefetch("uses", Use.objects.select_related("technology")),
        Prefetch("appearances", Appearance.objects.select_related("guest")),
    )


def newest_change(changed: datetime | None, newest_first: list[Episode]) -> datetime | None:
    """When the feed last changed: by an edit, or because a scheduled episode was due."""
    published = [episode.published_at for episode in newest_first[:1]]
    return max((moment for moment in [changed, *published] if moment), default=None)
