"""What every request passes, besides Django's own middleware."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from podcast.errors import bad_request

Handler = Callable[[HttpRequest], HttpResponse]
POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"


def permissions_policy(get_response: Handler) -> Handler:
    """Say that no page of ours uses the visitor's camera, place or wallet."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        return response

    return handle


def own_pages(get_response: Handler) -> Handler:
    """Keep other sites from loading our pages as if they were pictures or scripts.

    What others may show, such as covers, cards and audio, is no HTML.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return handle


def refuse_nul(get_response: Handler) -> Handler:
    """Answer 400 to NUL bytes in an address: PostgreSQL can't hold one, no page needs one."""

    def handle(request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "\0" in query or "%00" in query:
            return bad_request(request, BadRequest("NUL"))
        return get_response(request)

    return handle


def refuse_encodings(get_response: Handler) -> Handler:
    """Answer 400 to a form that is not UTF-8: no page of ours sends one, and Python knows
    encodings of which none is of text."""

    def handle(request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in ("utf-8", "utf8"):
            return bad_request(request, BadRequest("Not UTF-8"))
        return get_response(request)

    return handle


def head_without_body(get_response: Handler) -> Handler:
    """Answer HEAD with GET's headers and no body, which WSGI servers would have to cut off."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "HEAD" and not response.streaming and response.content:
            response.headers["Content-Length"] = str(len(response.content))
            response.content = b""
        return response

    return handle


def keep_frames(get_response: Handler) -> Handler:
    """Leave it out of a 304 who may frame a page: the browser would go by that from then on.

    The page itself said so, and is still what it was (RFC 9111, section 3.2).
    """

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 304:
            for name in ("Content-Security-Policy", "X-Frame-Options"):
                response.headers.pop(name, None)
        return response

    return handle
