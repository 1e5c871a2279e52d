"""Libraries that guests named, and the episodes about them."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from caching.http import CacheableRequest, conditional_get
from episodes.counts import libraries_in_use, technologies_in_use
from episodes.models import Episode
from pages.indexing import NOINDEX, robots_of, with_indexing
from pages.json_ld.site import listing, thing
from pages.metadata import metadata
from pages.page_cards import list_image
from pages.paging import page_description, page_query, page_title, paginate, with_page_number
from pages.redirects import not_found, redirect_or_404
from pages.rendering import render_page
from pages.voices import MOMENTS, VOICES, one_of_each
from search.retrieval.entity_moments import latest_entity_moments
from show.models import Show
from text.affiliates import has_affiliates

PER_PAGE = 120
LONGEST_QUERY = 100  # characters
EPISODES = 100  # of one library
USED_WITH = 8


@conditional_get
@with_page_number
def libraries(request: CacheableRequest, number: int) -> HttpResponse:
    """`?q=` leaves those whose name or address holds these letters, on one page."""
    query = " ".join(request.GET.get("q", "").split())[:LONGEST_QUERY]
    request.is_storable = not query
    rows = libraries_in_use()
    if query:
        rows = rows.filter(Q(name__icontains=query) | Q(url__icontains=query))[:PER_PAGE]
    found = paginate(rows, number, PER_PAGE)
    if found is None:
        return not_found(request)
    show = Show.objects.current()
    description = f"Libraries and tools that the guests of {show.title} named."
    return render_page(
        request,
        "pages/libraries.html",
        metadata(
            show,
            page_title("Libraries", number),
            request.path + page_query(number),
            description=page_description(description, number),
            image=list_image(show, "libraries"),
            robots=NOINDEX if query else "",  # the whole list represents them
            json_ld=listing(show, [("Libraries", request.path)], found, query=page_query(number)),
        ),
        section="stack",
        found=found,
        query=query,
    )


@conditional_get
def library(request: HttpRequest, slug: str) -> HttpResponse:
    found = with_indexing(libraries_in_use().filter(slug=slug)).first()
    if found is None:
        return redirect_or_404(request)
    show = Show.objects.current()
    naming = Episode.objects.published().filter(library_uses__library=found)
    moments, count = latest_entity_moments([found.name], naming, limit=MOMENTS)
    episodes = list(naming.newest_first().for_cards()[:EPISODES])
    title = f"{found.name} in production"
    return render_page(
        request,
        "pages/library.html",
        metadata(
            show,
            title,
            request.path,
            description=f"Who uses {found.name} in production.",
            robots=robots_of(found),
            json_ld=listing(
                show,
                [("Libraries", reverse("libraries")), (found.name, request.path)],
                episodes,
                title=title,
                label="title",
                about=thing(found.name, request.path, found.url),
            ),
        ),
        section="stack",
        library=found,
        has_affiliates=has_affiliates([], [found.url]),
        voices=one_of_each(moments, VOICES),
        moment_count=count,
        episodes=episodes,
        technologies=list(technologies_in_use(naming, most_used_first=True)[:USED_WITH]),
    )
