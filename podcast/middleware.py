"""The project's middleware, apart from the page cache.

nginx gives requests their IDs and passes them on, so that one ID connects its line, ours and an
error report. The response has it in X-Request-ID.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.urls import resolve

from ops.monitoring.endpoints import health, metrics
from ops.monitoring.requests import observe
from podcast.errors import bad_request
from podcast.logs import request_id

logger = logging.getLogger("podcast.request")

Handler = Callable[[HttpRequest], HttpResponse]
# nginx's $request_id. No other text gets into our log by this header.
REQUEST_ID = re.compile(r"[0-9a-f]{32}")
# Monitoring asks for these every few seconds: only failures are logged.
MONITORING = {"/health": health, "/metrics": metrics}
POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"
PRIVATE = ("/admin/", "/preview/")
FRAMING_HEADERS = ("Content-Security-Policy", "X-Frame-Options")


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


def answer_monitoring(get_response: Handler) -> Handler:
    """Answer /health and /metrics whatever host they are asked by: probes and Prometheus know a
    machine by its address. Place it above everything that checks the host."""

    def handle(request: HttpRequest) -> HttpResponse:
        view = MONITORING.get(request.path)
        if not view:
            return get_response(request)
        request.resolver_match = resolve(request.path)
        return view(request)

    return handle


def record(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """Measure the request and log it, without its query, which may be personal."""
    page = page_of(request)
    method = request.method or ""
    observe(page, method, response.status_code, seconds)
    if page == "static" or (request.path in MONITORING and response.status_code == 200):
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


def http_semantics(get_response: Handler) -> Handler:
    """HEAD has GET's headers and no body. A 304 has no framing headers: browsers would apply them
    to the cached page, which may have others (RFC 9111, section 3.2)."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 304:
            for name in FRAMING_HEADERS:
                response.headers.pop(name, None)
        if request.method == "HEAD" and not response.streaming and response.content:
            response.headers["Content-Length"] = str(len(response.content))
            response.content = b""
        return response

    return handle


def security_headers(get_response: Handler) -> Handler:
    """No page may use camera, location or payments, and no other site may load our pages, nor
    anything of the desk and previews, as images or scripts; it may load what views share."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page or request.path.startswith(PRIVATE):
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return handle


def refuse_malformed(get_response: Handler) -> Handler:
    """Answer 400 to NUL bytes in an address, which PostgreSQL can't store, and to forms in another
    encoding than UTF-8: some of Python's codecs aren't for text at all."""

    def handle(request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "\0" in query or "%00" in query:
            return bad_request(request, BadRequest("NUL"))
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in ("utf-8", "utf8"):
            return bad_request(request, BadRequest("Not UTF-8"))
        return get_response(request)

    return handle
