"""Lists in numbered pages: `?page=2`. The first page has no number in its address."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from episodes.filters import Filters, UnknownFilter, parse_page
from pages.redirects import missing


def numbered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the view its page's `number`. What is no number is 404, another spelling of one 301."""

    @wraps(view)
    def paged(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            number = parse_page(request.GET)
        except UnknownFilter:
            return missing(request)
        if not Filters(page=number).is_canonical(request.GET):
            return HttpResponsePermanentRedirect(request.path + page_query(number))
        return view(request, *args, number=number, **kwargs)

    return paged


def page_query(number: int) -> str:
    """The query string of that page, with its question mark; empty for the first."""
    return Filters(page=number).query


def page_description(description: str, number: int) -> str:
    """What that page's description says: one of its own, as search engines want it."""
    return f"{description} Page {number}." if number > 1 else description


def page_title(title: str, number: int) -> str:
    """The title of that page; the list's own for the first."""
    return f"{title}, page {number}" if number > 1 else title
