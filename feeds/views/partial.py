"""Feeds of a part of the show: a technology, a guest, a saved question, a search."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from caching.http import CacheableRequest, conditional_get_by_date
from episodes.models import Episode
from feeds.channel import Channel
from feeds.documents import PART_LIMIT, partial_feed
from guests.models import Guest
from media.cross_origin import allow_any_origin
from search.engine import newest_answering
from search.models import Question
from search.query.parse import parse_query
from search.saved_questions import answering_episodes
from show.models import Show
from stack.models import Technology


@allow_any_origin
@conditional_get_by_date
def technology_feed(request: CacheableRequest, slug: str) -> HttpResponse:
    """The episodes that use a technology, under any of its names."""
    published = Episode.objects.published()
    technology = Technology.objects.named(slug)
    if technology is None or not published.filter(uses__technology=technology).exists():
        raise Http404(f"No technology is called {slug}.")
    if technology.slug != slug:
        return redirect("technology_feed", technology.slug, permanent=True)
    show = Show.objects.current()
    description = f"Every episode of {show.title} whose guest runs {technology.name}."
    page = technology.get_absolute_url()
    channel = _channel(show, request.path, page, technology.heading, description)
    return partial_feed(request, show, channel, Episode.objects.filter(technologies=technology))


@allow_any_origin
@conditional_get_by_date
def guest_feed(request: CacheableRequest, slug: str) -> HttpResponse:
    """The episodes with a guest. Guests without a published one have no feed and no page."""
    episodes = Episode.objects.filter(guests__slug=slug)
    if not episodes.published().exists():
        raise Http404(f"No published episode has a guest at {slug}.")  # whether or not one exists
    guest = Guest.objects.get(slug=slug)
    show = Show.objects.current()
    description = f"Every episode of {show.title} with {guest.name}."
    channel = _channel(show, request.path, guest.get_absolute_url(), guest.name, description)
    return partial_feed(request, show, channel, episodes)


@allow_any_origin
@conditional_get_by_date
def question_feed(request: CacheableRequest, slug: str) -> HttpResponse:
    """The episodes that answer a saved question; empty while none does."""
    question = get_object_or_404(Question, slug=slug)
    show = Show.objects.current()
    description = f"Every episode of {show.title} that answers: {question.title}."
    page = question.get_absolute_url()
    channel = _channel(show, request.path, page, question.title, description)
    keys = answering_episodes(question.query, show.zone, limit=PART_LIMIT)
    return partial_feed(request, show, channel, Episode.objects.filter(pk__in=keys))


@allow_any_origin
@conditional_get_by_date
def search_feed(request: CacheableRequest) -> HttpResponse:
    """The episodes that match all of a search, newest first; empty while none does."""
    query = parse_query(request.GET.get("q", ""))
    if query.is_empty:
        raise Http404("Add what to search for: /search/feed.xml?q=deploy.")
    parameters = "?" + urlencode({"q": query.text})
    if list(request.GET.lists()) != [("q", [query.text])]:
        return HttpResponsePermanentRedirect(request.path + parameters)
    show = Show.objects.current()
    path, page = request.path + parameters, reverse("search") + parameters
    description = f"Episodes of {show.title} that answer: {query.text}"
    channel = _channel(show, path, page, f"Search: {query.text}", description)
    keys = newest_answering(query, show.zone, limit=PART_LIMIT)
    return partial_feed(request, show, channel, Episode.objects.filter(pk__in=keys))


def _channel(show: Show, path: str, page: str, title: str, description: str) -> Channel:
    return Channel(path, page, title=f"{title} · {show.title}", description=description)
