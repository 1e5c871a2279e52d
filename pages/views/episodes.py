"""Lists: the podcast's episodes and the written interviews, with filters that combine."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from episodes.counts import public_guests, technologies_in_use
from episodes.filters import Filters, UnknownFilter, parse_filters
from episodes.freshness import public_page
from episodes.models import Episode
from pages import near
from pages.frame import page, paginate
from pages.metadata import Metadata, metadata
from pages.structured import breadcrumbs
from pages.views.moved import missing
from show.models import Show

# Where to look for names near an unknown one.
NEAR = {"stack": near.technologies, "not": near.technologies, "guest": near.guests}


@public_page
def episodes(request: HttpRequest) -> HttpResponse:
    return _list(request, Episode.Kind.PODCAST)


@public_page
def interviews(request: HttpRequest) -> HttpResponse:
    return _list(request, Episode.Kind.INTERVIEW)


def _list(request: HttpRequest, kind: str) -> HttpResponse:
    try:
        filters = parse_filters(request.GET)
    except UnknownFilter as error:
        names = NEAR.get(error.parameter)
        return missing(request, near.near_names(error.value, names()) if names else ())
    if not filters.is_canonical(request.GET):
        return HttpResponsePermanentRedirect(request.path + filters.query)
    show = Show.objects.current()
    of_kind = Episode.objects.published().filter(kind=kind)
    found = paginate(filters.apply(of_kind, show.zone).newest_first().for_cards(), filters.page)
    if found is None:
        return missing(request)
    return page(
        request,
        "pages/episodes.html",
        show=show,
        metadata=_metadata(show, kind, filters, request.path),
        section="episodes",
        is_interviews=kind == Episode.Kind.INTERVIEW,
        filters=filters,
        found=found,
        newer=filters.on_page(filters.page - 1).query if found.has_previous() else None,
        older=filters.on_page(filters.page + 1).query if found.has_next() else None,
        technologies=list(technologies_in_use(of_kind)),
        guests=list(public_guests(of_kind)),
        years=list(of_kind.datetimes("published_at", "year", order="DESC", tzinfo=show.zone)),
    )


def _metadata(show: Show, kind: str, filters: Filters, path: str) -> Metadata:
    is_interviews = kind == Episode.Kind.INTERVIEW
    words = [chip.label for chip in filters.chips]
    words += [f"page {filters.page}"] if filters.page > 1 else []
    name = "Written interviews" if is_interviews else "Episodes"
    return metadata(
        show,
        ", ".join([name, *words]),
        path + filters.query,
        description=show.interviews_description if is_interviews else show.description,
        # Combinations are endless; the pages of technologies and guests stand for them.
        robots="noindex, follow" if filters.is_narrow else "",
        structured=[breadcrumbs((show.title, reverse("home")), (name, path))],
    )
