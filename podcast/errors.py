"""Responses to failed requests. 500, 503 and 400 need neither the database nor a context.

Under a feed's address they are XML: apps call a feed broken that answers with a page.
"""

import sys

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.urls import reverse

from caching.db_outage import is_db_outage
from feeds.http import error_feed, is_feed
from pages.redirects import GONE, redirect_or_404, resolve_redirect, with_query

RETRY_AFTER = "5"  # seconds


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Redirect in one hop to today's address, or else 410, or 404 with suggestions."""
    if is_feed(request.path):
        response = feed_not_found(request, exception)
    else:
        response = redirect_or_404(request)
    if response.status_code == 404:
        # CDNs cache a recording's 404 for minutes, and it may be published in the next.
        response.headers["Cache-Control"] = "no-cache"
    return response


def feed_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same for apps, which are only redirected to other feeds."""
    target = resolve_redirect(request.path)
    if target == GONE:
        return error_feed(410, "This feed is gone for good")
    if target and target != request.path and is_feed(target.partition("?")[0]):
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(with_query(target, query))
    # Django's own 404s have a dictionary there, for its debug page.
    reason = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return error_feed(404, "There is no such feed", reason)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_feed(request.path):
        return error_feed(400, "This address can't be read")
    return error_page(413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """With the reason, where the desk gives one; else it says who can help."""
    is_desk = request.path.startswith(reverse("admin:index"))
    context = {"reason": str(exception), "is_desk": is_desk}
    return HttpResponse(render_to_string("403.html", context), status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    if is_db_outage(sys.exception()):
        return unavailable(request)
    if is_feed(request.path):
        return error_feed(500, "Something went wrong here", "Please try again later.")
    return error_page(500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database is away, full or too slow: clients may retry soon."""
    if is_feed(request.path):
        response = error_feed(503, "The feed can't be read just now", "Please try again later.")
    else:
        response = error_page(503)
    response.headers["Retry-After"] = RETRY_AFTER
    response.headers["Cache-Control"] = "no-store"
    return response


def error_page(status: int) -> HttpResponse:
    return HttpResponse(render_to_string(f"{status}.html"), status=status)
