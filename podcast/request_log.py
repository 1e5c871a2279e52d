"""The request log: an ID, a line and a measurement for each request.

nginx gives requests their IDs and passes them on, so that one ID connects its line, ours and an
error report. The response has it in X-Request-ID.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ops import monitoring
from podcast.logs import request_id

logger = logging.getLogger("podcast.request")

Handler = Callable[[HttpRequest], HttpResponse]
# nginx's $request_id. No other text gets into our log by this header.
REQUEST_ID = re.compile(r"[0-9a-f]{32}")
# Monitoring asks for these every few seconds: only failures are logged.
MONITORING = ("health", "metrics")


def log_requests(get_response: Handler) -> Handler:
    """The outermost middleware, which measures all that Django does."""

    def handle(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        own = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(16)
        request_id.set(own)
        response = get_response(request)
        response.headers["X-Request-ID"] = own
        record(request, response, time.perf_counter() - started)
        return response

    return handle


def record(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """Measure the request and log it, without its query, which may be personal."""
    page = page_of(request)
    method = request.method or ""
    monitoring.observe(page, method, response.status_code, seconds)
    if page == "static" or (page in MONITORING and response.status_code == 200):
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
    """The name of the URL pattern: a limited number, whatever is requested."""
    match = request.resolver_match
    if match:
        return match.view_name or match.route or "unnamed"
    return "static" if request.path.startswith(settings.STATIC_URL) else "cached"
