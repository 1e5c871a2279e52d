"""Stacks like mine: who runs what the visitor runs, and what they run besides."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from caching.http import conditional_get
from episodes.counts import technologies_in_use
from episodes.filters import Filters, UnknownFilter, parse_stack
from episodes.models import Episode
from episodes.related import episodes_with_stack
from pages import did_you_mean
from pages.indexing import NOT_LISTED
from pages.metadata import Metadata, metadata
from pages.redirects import missing
from pages.rendering import page
from pages.structured import breadcrumbs, collection
from pages.views.stack import by_category
from show.models import Show
from stack.models import Technology

TITLE = "Stacks like mine"
# How much of what else an episode runs is spelt out.
ALSO = 6


@dataclass(frozen=True, slots=True)
class Match:
    """An episode, what it shares with the visitor's stack, and what else it runs."""

    episode: Episode
    shared: list[str]
    also: list[Technology]
    more: int


@conditional_get
def mine(request: HttpRequest) -> HttpResponse:
    """A form of all technologies, and the episodes nearest to those that are ticked."""
    in_use = list(technologies_in_use())
    try:
        ticked = _ticked(request, in_use)
    except UnknownFilter as error:
        return missing(request, did_you_mean.near_names(error.value, did_you_mean.technologies()))
    wanted = Filters(stack=ticked)
    if not wanted.is_canonical(request.GET):
        return HttpResponsePermanentRedirect(request.path + wanted.query)
    show = Show.objects.current()
    return page(
        request,
        "pages/mine.html",
        show=show,
        metadata=_metadata(show, wanted),
        section="stack",
        ticked=ticked,
        matches=[_match(row, ticked) for row in episodes_with_stack(ticked)],
        groups=by_category(in_use),
    )


def _ticked(request: HttpRequest, in_use: list[Technology]) -> tuple[Technology, ...]:
    ticked = parse_stack(request.GET)
    for technology in ticked:
        if technology not in in_use:
            raise UnknownFilter("stack", technology.slug)
    return ticked


def _match(row: Any, ticked: Sequence[Technology]) -> Match:
    others = [use.technology for use in row.uses.all() if use.technology not in ticked]
    return Match(row, row.shared, others[:ALSO], len(others[ALSO:]))


def _metadata(show: Show, wanted: Filters) -> Metadata:
    path = reverse("stack_mine")
    names = ", ".join(str(each) for each in wanted.stack)
    return metadata(
        show,
        f"{TITLE}: {names}" if names else TITLE,
        path + wanted.query,
        description=f"Tick what you run: the episodes of {show.title} whose stacks are nearest.",
        # As with filters: combinations are endless.
        robots=NOT_LISTED if names else "",
        structured=[
            collection(TITLE, path),
            breadcrumbs((show.title, reverse("home")), ("Stack", reverse("stack")), (TITLE, path)),
        ],
    )
