"""All moments that mention a technology, a library or a guest, newest first.

Their pages begin the list; the player's queue fetches it page by page.
"""

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from caching.http import conditional_get
from episodes.counts import libraries_in_use, public_guests, technologies_in_use
from episodes.models import Episode, EpisodeQuerySet
from guests.models import Guest
from pages.indexing import NOINDEX
from pages.json_ld.site import breadcrumbs
from pages.metadata import metadata
from pages.paging import page_description, page_query, page_title, with_page_number
from pages.redirects import not_found
from pages.rendering import render_page
from search.retrieval.entity_moments import (
    ANYWHERE,
    IN_OTHERS,
    IN_TAGGED,
    latest_entity_moments,
)
from search.retrieval.results import MAX_COUNT
from show.models import Show
from stack.models import Library, Technology

PER_PAGE = 30


@conditional_get
@with_page_number
def technology_moments(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Of guests who run it."""
    return _technology(request, slug, number, IN_TAGGED, ", by guests who run it")


@conditional_get
@with_page_number
def technology_mentions(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Of guests who don't run it."""
    return _technology(request, slug, number, IN_OTHERS, ", by guests who don’t run it")


def _technology(request: HttpRequest, slug: str, number: int, where: str, who: str) -> HttpResponse:
    found = technologies_in_use().filter(slug=slug).prefetch_related("names").first()
    if found is None:
        return not_found(request)
    using = Episode.objects.published().filter(uses__technology=found)
    names = [each.name for each in found.names.all()]
    return _page(request, "stack", found, names, using, number, where=where, who=who)


@conditional_get
@with_page_number
def library_moments(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    found = libraries_in_use().filter(slug=slug).first()
    if found is None:
        return not_found(request)
    naming = Episode.objects.published().filter(library_uses__library=found)
    return _page(request, "libraries", found, [found.name], naming, number)


@conditional_get
@with_page_number
def guest_moments(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    found = public_guests().filter(slug=slug).prefetch_related("names").first()
    if found is None:
        return not_found(request)
    with_them = Episode.objects.published().filter(appearances__guest=found)
    names = [each.name for each in found.names.all()]
    return _page(request, "guests", found, names, with_them, number)


def _page(
    request: HttpRequest,
    index: str,
    entity: Technology | Library | Guest,
    names: Iterable[str],
    tagged: EpisodeQuerySet,
    number: int,
    *,
    where: str = ANYWHERE,
    who: str = "",
) -> HttpResponse:
    """A page of the list; 404 beyond its end. `index`: the name of the entity's index page;
    `who`: the end of the title.
    """
    offset = PER_PAGE * (number - 1)
    if offset >= MAX_COUNT:
        return not_found(request)
    moments, count = latest_entity_moments(
        names, tagged, limit=PER_PAGE, offset=offset, where=where
    )
    if not moments:
        return not_found(request)
    show = Show.objects.current()
    title = page_title(f"Moments that mention {entity.name}{who}", number)
    description = f"What guests of {show.title} say about {entity.name}, moment by moment."
    return render_page(
        request,
        "pages/entity_moments.html",
        metadata(
            show,
            title,
            request.path + page_query(number),
            description=page_description(description, number),
            robots=NOINDEX,  # the entity's page represents them
            json_ld=[
                breadcrumbs(
                    show,
                    (index.capitalize(), reverse(index)),
                    (entity.name, entity.get_absolute_url()),
                    (title, request.path),
                )
            ],
        ),
        section="guests" if index == "guests" else "stack",
        entity=entity,
        who=who,
        moments=moments,
        count=count,
        found=Paginator(range(count.moments), PER_PAGE).page(number),
    )
