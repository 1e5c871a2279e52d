"""Refuses large bodies of strangers before anything reads them.

Whoever opens a page of the desk gets a signed cookie. Checking it needs no database, and it
outlives the session by 30 days, so that a long text sent after the session's end, or while the
database is away, still comes back to its writer. nginx asks by X-Body-Bytes before it reads a body.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from media.uploads import free_bytes

Handler = Callable[[HttpRequest], HttpResponse]

COOKIE = f"{'__Host-' if settings.HTTPS else ''}large_bodies"
SMALL = 64 * 1024  # bytes, as in deploy/nginx
AT_ONCE = 3  # large bodies that nginx reads at the same time
DAY = 24 * 60 * 60
LIFETIME = settings.SESSION_COOKIE_AGE + 31 * DAY  # seconds; a cookie is up to a day old
DESK = "/admin/"


def refuse_large_bodies(get_response: Handler) -> Handler:
    """Place it above everything that reads bodies or needs the database."""

    def handle(request: HttpRequest) -> HttpResponse:
        asked = request.META.get("HTTP_X_BODY_BYTES")
        if asked is not None:
            return HttpResponse(status=204 if may_be_spooled(request, asked) else 403)
        length = body_length(request)
        if (length is None or length > SMALL) and not has_cookie(request):
            return HttpResponse(render_to_string("body_refused.html"), status=413)
        response = get_response(request)
        if is_desk_page(request, response) and not has_cookie(request, DAY):
            give_cookie(response)
        return response

    return handle


def may_be_spooled(request: HttpRequest, announced: str) -> bool:
    """Whether nginx may write a body of so many bytes to the disk; not one of unknown length."""
    announced = announced.strip()
    if not (announced.isascii() and announced.isdigit()) or not has_cookie(request):
        return False
    largest = max(settings.UPLOAD_MAX_BYTES, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return int(announced) <= min(largest, free_bytes(settings.MEDIA_ROOT) // AT_ONCE)


def body_length(request: HttpRequest) -> int | None:
    """In bytes; None if the request doesn't say."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    is_stated = length.isascii() and length.isdigit()
    return int(length) if is_stated and "HTTP_TRANSFER_ENCODING" not in request.META else None


def has_cookie(request: HttpRequest, seconds: int = LIFETIME) -> bool:
    """Whether the request bears a cookie of ours that is at most so old."""
    try:
        _signer().unsign(request.COOKIES.get(COOKIE, ""), max_age=seconds)
    except BadSignature:
        return False
    return True


def cookie_value() -> str:
    return _signer().sign("")


def give_cookie(response: HttpResponse) -> None:
    response.set_cookie(
        COOKIE,
        cookie_value(),
        max_age=LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def is_desk_page(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether somebody signed in got a page of the desk; reads the session only if the page did."""
    if not request.path.startswith(DESK) or response.status_code >= 400:
        return False
    session = getattr(request, "session", None)
    return session is not None and session.accessed and SESSION_KEY in session


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="podcast.bodies")
