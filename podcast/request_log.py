"""Every request: its number, a line in the log, and how long it took.

nginx numbers requests and passes the number on, so that its line, ours and an error's report are
found by one word: what the answer says in X-Request-ID.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ops import metrics
from podcast.logs import request_id

logger = logging.getLogger("podcast.request")

Handler = Callable[[HttpRequest], HttpResponse]
# As nginx makes them ($request_id); nobody writes anything else into our log by this header.
NUMBER = re.compile(r"[0-9a-f]{32}")
# Asked by machines every few seconds: worth a line only when the answer is a bad one.
ROUTINE = ("health", "metrics")


def watch_requests(get_response: Handler) -> Handler:
    """Outermost middleware: what it measures is all that Django did."""

    def handle(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        number = number_of(request)
        request_id.set(number)
        response = get_response(request)
        response.headers["X-Request-ID"] = number
        note(request, response, time.perf_counter() - started)
        return response

    return handle


def number_of(request: HttpRequest) -> str:
    """The number a proxy gave the request, or a new one."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    return given if NUMBER.fullmatch(given) else secrets.token_hex(16)


def note(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """Measure the answer and log it, without the query, in which people's words may stand."""
    page = page_of(request)
    method = request.method or ""
    metrics.observe(page, method, response.status_code, seconds)
    if page == "static" or (page in ROUTINE and response.status_code == 200):
        return
    logger.info(
        "%s %s %s", method, request.path, response.status_code,
        extra={
            "method": method,
            "path": request.path,
            "page": page,
            "status": response.status_code,
            "milliseconds": round(seconds * 1000, 1),
            "bytes": int(response.headers.get("Content-Length", 0)),
        },
    )  # fmt: skip


def page_of(request: HttpRequest) -> str:
    """The name of the address's pattern: few, whatever strangers ask for."""
    match = request.resolver_match
    if match:
        return match.view_name or match.route or "unnamed"
    return "static" if request.path.startswith(settings.STATIC_URL) else "kept"
