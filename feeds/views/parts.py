"""Feeds of a part of the show: what runs on a technology, who is in it, what answers a question."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from caching.http import CacheableRequest, conditional_get_by_date
from episodes.models import Episode
from feeds.channel import Channel
from feeds.http import for_any_site
from feeds.response import PART_LIMIT, part_feed
from guests.models import Guest
from search.engine import newest_answering
from search.models import Question
from search.query.parse import parse_query
from search.saved_questions import answering
from show.models import Show
from stack.models import Technology


@for_any_site
@conditional_get_by_date
def technology_feed(request: CacheableRequest, slug: str) -> HttpResponse:
    """Everything in which a technology is used, under any of the technology's names."""
    published = Episode.objects.published()
    technology = Technology.objects.named(slug)
    if technology is None or not published.filter(uses__technology=technology).exists():
        raise Http404(f"No technology is called {slug}.")
    if technology.slug != slug:
        return redirect("technology_feed", technology.slug, permanent=True)
    show = Show.objects.current()
    channel = Channel(
        path=request.path,
        page=technology.get_absolute_url(),
        title=f"{technology.heading} · {show.title}",
        description=f"Every episode of {show.title} whose guest runs {technology.name}.",
    )
    return part_feed(request, show, channel, Episode.objects.filter(technologies=technology))


@for_any_site
@conditional_get_by_date
def guest_feed(request: CacheableRequest, slug: str) -> HttpResponse:
    """Everything with a guest. Who is in nothing published has no feed, as they have no page."""
    guest = get_object_or_404(Guest, slug=slug)
    episodes = Episode.objects.filter(guests=guest)
    if not episodes.published().exists():
        raise Http404(f"No episode with {guest.name} is published.")
    show = Show.objects.current()
    channel = Channel(
        path=request.path,
        page=guest.get_absolute_url(),
        title=f"{guest.name} · {show.title}",
        description=f"Every episode of {show.title} with {guest.name}.",
    )
    return part_feed(request, show, channel, episodes)


@for_any_site
@conditional_get_by_date
def question_feed(request: CacheableRequest, slug: str) -> HttpResponse:
    """Everything in which a question the host keeps is answered, empty while nothing is."""
    question = get_object_or_404(Question, slug=slug)
    show = Show.objects.current()
    channel = Channel(
        path=request.path,
        page=question.get_absolute_url(),
        title=f"{question.title} · {show.title}",
        description=f"Every episode of {show.title} that answers: {question.title}.",
    )
    keys = answering(question.query, show.zone, limit=PART_LIMIT)
    return part_feed(request, show, channel, Episode.objects.filter(pk__in=keys))


@for_any_site
@conditional_get_by_date
def search_feed(request: CacheableRequest) -> HttpResponse:
    """What answers a search in full, newest first, empty while nothing does."""
    query = parse_query(request.GET.get("q", ""))
    if query.is_empty:
        raise Http404("A feed of a search says what to look for: /search/feed.xml?q=deploy.")
    asked = "?" + urlencode({"q": query.text})
    if list(request.GET.lists()) != [("q", [query.text])]:
        return HttpResponsePermanentRedirect(request.path + asked)
    show = Show.objects.current()
    channel = Channel(
        path=request.path + asked,
        page=reverse("search") + asked,
        title=f"Search: {query.text} · {show.title}",
        description=f"Episodes of {show.title} that answer: {query.text}",
    )
    keys = newest_answering(query, show.zone, limit=PART_LIMIT)
    return part_feed(request, show, channel, Episode.objects.filter(pk__in=keys))
