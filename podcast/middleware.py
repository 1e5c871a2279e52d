"""Middleware besides Django's own, the page cache and the request log."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from podcast.errors import bad_request

Handler = Callable[[HttpRequest], HttpResponse]
POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"
FRAMING_HEADERS = ("Content-Security-Policy", "X-Frame-Options")


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
    """No page may use camera, location or payments, and no other site may embed our pages as images
    or scripts; it may embed covers, social cards and audio."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        if response.headers.get("Content-Type", "").startswith("text/html"):
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
