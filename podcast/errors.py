"""What is answered when a request fails. 500 and 400 read neither database nor context."""

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseForbidden,
    HttpResponseServerError,
)
from django.template.loader import render_to_string

from pages.views.moved import elsewhere


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """One hop to where the address leads today, else 410 or 404 with near names."""
    return elsewhere(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponseBadRequest(render_to_string("400.html"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponseForbidden(render_to_string("403.html"))


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponseServerError(render_to_string("500.html"))
