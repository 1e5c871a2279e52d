"""Lists that technologies narrow: `/guests/?stack=django`, `/questions/x?page=2&stack=go`."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from episodes.filters import Filters, UnknownFilter, parse_page, parse_stack
from pages import did_you_mean
from pages.redirects import not_found


def with_technologies(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Pass the view its `filters`, of technologies and a page: 404 for an unknown one, 301 to their
    canonical spelling."""

    @wraps(view)
    def narrowed(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            filters = Filters(stack=parse_stack(request.GET), page=parse_page(request.GET))
        except UnknownFilter as error:
            if error.parameter != "stack":
                return not_found(request)
            names = did_you_mean.technologies()
            return not_found(request, did_you_mean.closest_names(error.value, names))
        if not filters.is_canonical(request.GET):
            return HttpResponsePermanentRedirect(request.path + filters.query)
        return view(request, *args, filters=filters, **kwargs)

    return narrowed


def narrowed_title(title: str, filters: Filters) -> str:
    """`Guests, with Django`."""
    return ", ".join([title, *(chip.label for chip in filters.chips)])
