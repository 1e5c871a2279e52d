"""Stacks like mine: the episodes whose stacks are most like the visitor's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from caching.http import conditional_get
from episodes.counts import by_category, technologies_in_use
from episodes.filters import Filters, UnknownFilter, parse_stack
from episodes.models import Episode
from episodes.related import episodes_with_stack
from pages import did_you_mean
from pages.indexing import NOINDEX
from pages.json_ld.site import listing
from pages.metadata import Metadata, metadata
from pages.redirects import not_found
from pages.rendering import render_page
from show.models import Show
from stack.models import Technology

TITLE = "Stacks like mine"
OTHERS = 6  # technologies a match lists by name besides the shared ones


@dataclass(frozen=True, slots=True)
class StackMatch:
    """An episode, the technologies it shares with the visitor, and others it runs."""

    episode: Episode
    shared: list[str]
    others: list[Technology]
    more: int


@conditional_get
def stack_match(request: HttpRequest) -> HttpResponse:
    """A form of all technologies, and the episodes closest to the checked ones."""
    in_use = list(technologies_in_use())
    try:
        checked = parse_stack(request.GET)
        if unused := [each for each in checked if each not in in_use]:
            raise UnknownFilter("stack", unused[0].slug)
    except UnknownFilter as error:
        names = did_you_mean.technologies()
        return not_found(request, did_you_mean.closest_names(error.value, names))
    filters = Filters(stack=checked)
    if not filters.is_canonical(request.GET):
        return HttpResponsePermanentRedirect(request.path + filters.query)
    show = Show.objects.current()
    return render_page(
        request,
        "pages/stack_match.html",
        _metadata(show, filters),
        section="stack",
        checked=checked,
        matches=[_match(row, checked) for row in episodes_with_stack(checked)],
        groups=by_category(in_use),
    )


def _match(row: Any, checked: Sequence[Technology]) -> StackMatch:
    others = [use.technology for use in row.uses.all() if use.technology not in checked]
    return StackMatch(row, row.shared, others[:OTHERS], len(others[OTHERS:]))


def _metadata(show: Show, filters: Filters) -> Metadata:
    path = reverse("stack_match")
    names = ", ".join(str(each) for each in filters.stack)
    return metadata(
        show,
        f"{TITLE}: {names}" if names else TITLE,
        path + filters.query,
        description=f"Tick what you run: the episodes of {show.title} with the closest stacks.",
        # As with filters: combinations are endless.
        robots=NOINDEX if names else "",
        json_ld=listing(show, [("Stack", reverse("stack")), (TITLE, path)]),
    )
