"""Addresses without a page: another spelling (301), moved (301), gone (410), unknown (404)."""

import re
from collections.abc import Callable, Sequence
from functools import partial

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_safe

from episodes.counts import libraries_in_use, public_guests, technologies_in_use
from episodes.models import Episode
from guests.models import Guest
from pages.did_you_mean import Near, near_path
from pages.metadata import metadata
from pages.rendering import page
from search.models import Question
from show.models import Page, Redirect, Show
from stack.models import Technology
from text.names import normalise_name

GONE = ""
ENDING = re.compile(r"(?:/index)?\.html?$|/index$")
# What hangs below an episode, technology or guest and moves with it.
BELOW = re.compile(r"/(?:chapters\.json|embed|transcript(?:\.vtt|\.json)?|feed\.xml)$|\.md$")


@require_safe
def moved(request: HttpRequest, **parts: object) -> HttpResponse:
    """Short addresses (`/37`, `/37/25:26`) and, last of all patterns, what no other took."""
    return elsewhere(request)


def elsewhere(request: HttpRequest) -> HttpResponse:
    """One hop to where this address leads today, else 410 or 404. For views that find nothing."""
    target = destination(request.path)
    if target == GONE:
        return _nothing(request, 410, "Gone")
    if target is None or target == request.path:
        return missing(request, near_path(request.path))
    return HttpResponsePermanentRedirect(with_query(target, request.META.get("QUERY_STRING", "")))


def missing(request: HttpRequest, near: Sequence[Near] = ()) -> HttpResponse:
    """404, with what might have been meant."""
    return _nothing(request, 404, "Not found", near=near)


def with_query(target: str, query: str) -> str:
    """The target with the query string it was asked with."""
    if not query:
        return target
    return f"{target}{'&' if '?' in target else '?'}{query}"


def destination(path: str) -> str | None:
    """Where this path leads today; GONE for good; None when it never was."""
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
    """What the host's redirects say of this path, or of the page it hangs below."""
    below = BELOW.search(stem)
    above = stem[: below.start()] if below else stem
    by_path = Redirect.objects.targets({path, stem, f"{stem}/", above})
    for old in (path, stem, f"{stem}/"):
        if old in by_path:
            return by_path[old]
    if above in by_path:
        return by_path[above] and by_path[above] + stem[len(above) :]
    return None


def _episode(slug: str) -> str | None:
    return _of_kind(Episode.Kind.PODCAST, slug)


def _interview(slug: str) -> str | None:
    return _of_kind(Episode.Kind.INTERVIEW, slug)


def _of_kind(kind: str, slug: str) -> str | None:
    """Its path; GONE once deleted, if it was ever public."""
    kept = Episode.objects.viewable().filter(kind=kind, slug=slug).first()
    if kept:
        return kept.get_absolute_url()
    gone = Episode.with_deleted.gone().filter(kind=kind, slug=slug)
    return GONE if gone.exists() else None


def _below(name: str, slug: str) -> str | None:
    known = Episode.objects.published().podcast().filter(slug=slug).exists()
    return reverse(name, args=[slug]) if known else None


def _transcript(name: str, slug: str) -> str | None:
    known = Episode.objects.published().podcast().filter(slug=slug, transcript__isnull=False)
    return reverse(name, args=[slug]) if known.exists() else None


def _markdown(kind: str, name: str, slug: str) -> str | None:
    known = Episode.objects.published().filter(kind=kind, slug=slug).exists()
    return reverse(name, args=[slug]) if known else None


def _numbered(number: int) -> str | None:
    episode = Episode.objects.viewable().podcast().filter(number=number).first()
    return episode.get_absolute_url() if episode else None


def _numbered_moment(number: int, seconds: int) -> str | None:
    path = _numbered(number)
    return path and f"{path}?t={seconds}"


def _technology(slug: str) -> str | None:
    technology = _known_technology(slug)
    return technology.get_absolute_url() if technology else None


def _technology_feed(slug: str) -> str | None:
    technology = _known_technology(slug)
    return reverse("technology_feed", args=[technology.slug]) if technology else None


def _known_technology(slug: str) -> Technology | None:
    return technologies_in_use().filter(names__normalised=normalise_name(slug)).first()


def _guest(slug: str) -> str | None:
    guest = _known_guest(slug)
    return guest.get_absolute_url() if guest else None


def _guest_feed(slug: str) -> str | None:
    guest = _known_guest(slug)
    return reverse("guest_feed", args=[guest.slug]) if guest else None


def _known_guest(slug: str) -> Guest | None:
    """By slug, else by a name they go or went by."""
    named = Q(slug=slug) | Q(names__normalised=normalise_name(slug))
    return public_guests().filter(named).first()


def _library(slug: str) -> str | None:
    library = libraries_in_use().filter(slug=slug).first()
    return library.get_absolute_url() if library else None


def _question(slug: str) -> str | None:
    question = Question.objects.filter(slug=slug).first()
    return question.get_absolute_url() if question else None


def _question_feed(slug: str) -> str | None:
    known = Question.objects.filter(slug=slug).exists()
    return reverse("question_feed", args=[slug]) if known else None


def _page(slug: str) -> str | None:
    known = Page.objects.published().filter(slug=slug).first()
    return known.get_absolute_url() if known else None


# By URL name, how to find what a path names. Others stand where they stand.
FINDERS: dict[str, Callable[..., str | None]] = {
    "episode": _episode,
    "interview": _interview,
    "chapters": partial(_below, "chapters"),
    "embed": partial(_below, "embed"),
    "transcript": partial(_transcript, "transcript"),
    "transcript_vtt": partial(_transcript, "transcript_vtt"),
    "transcript_json": partial(_transcript, "transcript_json"),
    "episode_markdown": partial(_markdown, Episode.Kind.PODCAST, "episode_markdown"),
    "interview_markdown": partial(_markdown, Episode.Kind.INTERVIEW, "interview_markdown"),
    "numbered": _numbered,
    "numbered_moment": _numbered_moment,
    "technology": _technology,
    "technology_feed": _technology_feed,
    "guest": _guest,
    "guest_feed": _guest_feed,
    "library": _library,
    "question": _question,
    "question_feed": _question_feed,
    "page": _page,
    "moved": lambda **_: None,
    "unknown_feed": lambda **_: None,
}


def _nothing(
    request: HttpRequest, status: int, title: str, near: Sequence[Near] = ()
) -> HttpResponse:
    show = Show.objects.current()
    head = metadata(show, title, "", robots="noindex")
    return page(request, f"{status}.html", show=show, metadata=head, status=status, near=near)
