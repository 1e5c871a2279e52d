"""Lists in numbered pages: `?page=2`. The first page has no number in its address."""

from collections.abc import Callable
from functools import wraps

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from episodes.filters import Filters, UnknownFilter, parse_page
from pages.redirects import not_found

PER_PAGE = 20


def with_page_number(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Pass the view the `number` of its page: 404 if invalid, 301 to its canonical spelling."""

    @wraps(view)
    def numbered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            number = parse_page(request.GET)
        except UnknownFilter:
            return not_found(request)
        if not Filters(page=number).is_canonical(request.GET):
            return HttpResponsePermanentRedirect(request.path + page_query(number))
        return view(request, *args, number=number, **kwargs)

    return numbered


def paginate(
    rows: QuerySet, number: int, per_page: int = PER_PAGE, *, count: int | None = None
) -> Page | None:
    """This page of the rows, read from the database; None beyond the last page.

    A `count` of the rows, where it is known, saves a query.
    """
    pages = Paginator(rows, per_page)
    if count is not None:
        pages.count = count
    try:
        found = pages.page(number)
    except EmptyPage:
        return None
    found.object_list = list(found.object_list)
    return found


def page_query(number: int) -> str:
    """The query string of this page, with its question mark; empty for the first."""
    return Filters(page=number).query


def page_description(description: str, number: int) -> str:
    """The page's meta description, which search engines want to differ from page to page."""
    return f"{description} Page {number}." if number > 1 else description


def page_title(title: str, number: int) -> str:
    return f"{title}, page {number}" if number > 1 else title
