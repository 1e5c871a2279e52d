"""The search page. What is found, and in which order, is search.engine's business."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from episodes.freshness import public_page
from pages import near
from pages.frame import page
from pages.metadata import metadata
from search.engine import Results
from search.engine import search as find
from show.models import CallToAction, Show


@public_page
def search(request: HttpRequest) -> HttpResponse:
    show = Show.objects.current()
    found = find(request.GET.get("q", ""))
    query = f"?{urlencode({'q': found.query})}" if found.query else ""
    call = CallToAction.objects.filter(purpose=CallToAction.Purpose.BECOME_GUEST)
    return page(
        request,
        "pages/search.html",
        show=show,
        metadata=metadata(
            show,
            f"Search: {found.query}" if found.query else "Search",
            reverse("search") + query,
            robots="noindex, follow",
        ),
        section="search",
        found=found,
        nearest=_nearest(found),
        call=call.first(),
    )


def _nearest(found: Results) -> list[near.Near]:
    """Where nothing was found: the technologies whose names are most like the words."""
    if found.results or not found.query:
        return []
    return near.near_names(found.query, near.technologies())
