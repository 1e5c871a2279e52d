"""Addresses without a page: another spelling or moved (301), gone (410), unknown (404)."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_safe

from episodes.counts import libraries_in_use, public_guests, technologies_in_use
from episodes.models import Episode
from episodes.rules.paths import EPISODE_ADDRESSES, SUFFIXES, EpisodeAddress
from media.cross_origin import share
from pages.did_you_mean import Suggestion, closest_pages
from pages.metadata import metadata
from pages.rendering import render_page
from search.models import Question
from show.models import Page, Redirect, Show
from text.names import normalise_name

GONE = ""
ENDING = re.compile(r"(?:/index)?\.html?$|/index$")
# Paths below that of an episode, technology, guest or question; they move with it.
BELOW = re.compile(f"(?:{'|'.join(map(re.escape, [*SUFFIXES, '/feed.xml']))})$")


@require_safe
def fallback(request: HttpRequest, **parts: object) -> HttpResponse:
    """Short addresses (`/37`, `/37/25:26`), and those that no other pattern matched."""
    return redirect_or_404(request)


def redirect_or_404(request: HttpRequest) -> HttpResponse:
    """One hop to where this address leads today, else 410 or 404. For views that find nothing."""
    target = resolve_redirect(request.path)
    if target == GONE:
        return _error_page(request, 410, "Gone")
    if target is None or target == request.path:
        return not_found(request, closest_pages(request.path))
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponsePermanentRedirect(with_query(target, query))
    share(response)  # it may be a recording's former address
    return response


def not_found(request: HttpRequest, suggestions: Sequence[Suggestion] = ()) -> HttpResponse:
    """404, with what the visitor may have meant."""
    return _error_page(request, 404, "Not found", suggestions)


def with_query(target: str, query: str) -> str:
    """The target with the query string of the request."""
    if not query:
        return target
    return f"{target}{'&' if '?' in target else '?'}{query}"


def resolve_redirect(path: str) -> str | None:
    """Where this path leads today; GONE for good; None if it never existed."""
    stem = canonical_stem(path)
    redirected = _redirected(path, stem)
    if redirected is not None:
        return redirected
    # A leaf's address ends without a slash, an index's with one: no address is both.
    for candidate in (stem, f"{stem}/"):
        try:
            match = resolve(candidate)
        except Resolver404:
            continue
        finder = FINDERS.get(match.url_name or "")
        found = finder(**match.kwargs) if finder else candidate
        if found is not None:
            return found
    return None


def canonical_stem(path: str) -> str:
    """The path without what other spellings add: `.html`, `index.html`, slashes, `/tags/`."""
    stem = re.sub(r"/{2,}", "/", path).rstrip("/")
    stem = ENDING.sub("", stem).rstrip("/")
    return re.sub(r"^/tags(?=/|$)", "/stack", stem)


def _redirected(path: str, stem: str) -> str | None:
    """Where the host's redirects send this path, or the path above it."""
    below = BELOW.search(stem)
    above = stem[: below.start()] if below else stem
    targets = Redirect.objects.targets({path, stem, f"{stem}/", above})
    for old in (path, stem, f"{stem}/"):
        if old in targets:
            return targets[old]
    if above in targets:
        return targets[above] and targets[above] + stem[len(above) :]
    return None


def _episode(address: EpisodeAddress, slug: str) -> str | None:
    """An episode's own page; GONE once it is deleted, if it was ever public."""
    episodes = Episode.objects.viewable().filter(kind=address.kind, slug=slug)
    if episodes.exists():
        return reverse(address.name, args=[slug])
    gone = Episode.with_deleted.gone().filter(kind=address.kind, slug=slug)
    return GONE if gone.exists() else None


def _below_episode(address: EpisodeAddress, slug: str) -> str | None:
    episodes = Episode.objects.published().filter(kind=address.kind, slug=slug)
    if address.needs_transcript:
        episodes = episodes.filter(transcript__isnull=False)
    return reverse(address.name, args=[slug]) if episodes.exists() else None


def _numbered(number: int) -> str | None:
    episode = Episode.objects.viewable().podcast().filter(number=number).first()
    return episode.get_absolute_url() if episode else None


def _numbered_moment(number: int, seconds: int) -> str | None:
    path = _numbered(number)
    return path and f"{path}?t={seconds}"


def _row(name: str, slug: str) -> str | None:
    """The address by that URL name of the first row that the slug names."""
    row = ROWS[name.removesuffix("_feed")](slug).first()
    return reverse(name, args=[row.slug]) if row else None


def _by_name(rows: QuerySet[Any], slug: str) -> QuerySet[Any]:
    """The guest with this slug, else with this present or former name."""
    return rows.filter(Q(slug=slug) | Q(names__normalised=normalise_name(slug)))


ROWS: dict[str, Callable[[str], QuerySet[Any]]] = {
    "technology": lambda slug: _by_name(technologies_in_use(), slug),
    "guest": lambda slug: _by_name(public_guests(), slug),
    "library": lambda slug: libraries_in_use().filter(slug=slug),
    "question": lambda slug: Question.objects.filter(slug=slug),
    "page": lambda slug: Page.objects.published().filter(slug=slug),
}
FEEDS = ("technology_feed", "guest_feed", "question_feed")
# By URL name, where an address of that pattern leads. Patterns not listed always have a page.
FINDERS: dict[str, Callable[..., str | None]] = {
    "numbered": _numbered,
    "numbered_moment": _numbered_moment,
    "fallback": lambda **_: None,
    "unknown_feed": lambda **_: None,
    **{name: partial(_row, name) for name in (*ROWS, *FEEDS)},
    **{
        each.name: partial(_below_episode if each.suffix else _episode, each)
        for each in EPISODE_ADDRESSES
    },
}


def _error_page(
    request: HttpRequest, status: int, title: str, suggestions: Sequence[Suggestion] = ()
) -> HttpResponse:
    show = Show.objects.current()
    return render_page(
        request,
        f"{status}.html",
        metadata(show, title, "", robots="noindex"),
        status=status,
        suggestions=suggestions,
    )
