"""Refuses large bodies of strangers before anything reads them.

Whoever opens a page of the desk gets a signed cookie. It outlives the session by 30 days, so that a
long text sent after the session's end still comes back to its writer, but not the account or its
password. While the database is away, the signature suffices. Guests may send a photo through a link
of their own. nginx asks by X-Body-Bytes before it reads a body.
"""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.core.signing import BadSignature, TimestampSigner
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare

from caching.db_outage import is_db_outage
from desk.models import PreviewLink
from media.uploads import free_bytes

Handler = Callable[[HttpRequest], HttpResponse]

COOKIE = f"{'__Host-' if settings.HTTPS else ''}large_bodies"
SMALL = 64 * 1024  # bytes, as in deploy/nginx
AT_ONCE = 3  # large bodies that nginx reads at the same time
SENDER = "X-Body-Sender"  # whose body it is, by which nginx limits each account
DAY = 24 * 60 * 60
LIFETIME = settings.SESSION_COOKIE_AGE + 31 * DAY  # seconds; a cookie is up to a day old
DESK = "/admin/"
GUESTS = re.compile(r"/preview/([\w-]{32})/send", re.ASCII)  # as in deploy/nginx


def refuse_large_bodies(get_response: Handler) -> Handler:
    """Place it above everything that reads bodies or needs the database."""

    def handle(request: HttpRequest) -> HttpResponse:
        asked = request.META.get("HTTP_X_BODY_BYTES")
        if asked is not None:
            if not may_be_spooled(request, asked):
                return HttpResponse(status=403)
            return HttpResponse(status=204, headers={SENDER: sender_of(request)})
        length = body_length(request)
        if (length is None or length > SMALL) and not may_be_large(request, length):
            page = "photo_refused.html" if GUESTS.fullmatch(request.path) else "body_refused.html"
            return HttpResponse(render_to_string(page), status=413)
        response = get_response(request)
        if is_desk_page(request, response) and not is_current(request):
            give_cookie(response, request.user)
        return response

    return handle


def may_be_spooled(request: HttpRequest, announced: str) -> bool:
    """Whether nginx may write a body of so many bytes to the disk; not one of unknown length."""
    announced = announced.strip()
    if not (announced.isascii() and announced.isdigit()):
        return False
    if not may_be_large(request, int(announced)):
        return False
    largest = max(settings.UPLOAD_MAX_BYTES, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return int(announced) <= min(largest, free_bytes(settings.MEDIA_ROOT) // AT_ONCE)


def may_be_large(request: HttpRequest, length: int | None) -> bool:
    """Whether a large body of this length, if it is known, may be read."""
    if not GUESTS.fullmatch(request.path):
        return is_from_a_user(request)
    largest = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return length is not None and length <= largest and bool(guests_link(request))


def sender_of(request: HttpRequest) -> str:
    """The account, or the guest's link, that a large body is from."""
    link = guests_link(request)
    return f"guest-{link}" if link else sender_key(request)


def guests_link(request: HttpRequest) -> int | None:
    """The key of the link through which a guest sends this; None if it can't be read now."""
    found = GUESTS.fullmatch(request.path)
    if not found:
        return None
    try:
        links = PreviewLink.objects.accepting().filter(token=found[1])
        return links.values_list("pk", flat=True).first()
    except (DatabaseError, InterfaceError) as error:
        if not is_db_outage(error):
            raise
        return None


def body_length(request: HttpRequest) -> int | None:
    """In bytes; None if the request doesn't say."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    is_stated = length.isascii() and length.isdigit()
    return int(length) if is_stated and "HTTP_TRANSFER_ENCODING" not in request.META else None


def is_from_a_user(request: HttpRequest) -> bool:
    """Whether the request bears a cookie of ours, for an active user with the same password."""
    content = cookie_content(request, LIFETIME)
    key = sender_key(request)
    if not key.isdecimal():
        return False
    try:
        user = User.objects.filter(pk=key, is_active=True).first()
    except (DatabaseError, InterfaceError) as error:
        if not is_db_outage(error):
            raise
        return True
    return user is not None and constant_time_compare(content, content_for(user))


def sender_key(request: HttpRequest) -> str:
    """The key of the account that the cookie names; empty without a cookie of ours."""
    return cookie_content(request, LIFETIME).partition("-")[0]


def cookie_content(request: HttpRequest, seconds: int) -> str:
    """What the cookie says, if it is one of ours and at most so old; else nothing."""
    try:
        return _signer().unsign(request.COOKIES.get(COOKIE, ""), max_age=seconds)
    except BadSignature:
        return ""


def is_current(request: HttpRequest) -> bool:
    """Whether the cookie is of today, for whoever is signed in."""
    user: Any = request.user
    return not user.is_authenticated or cookie_content(request, DAY) == content_for(user)


def content_for(user: Any) -> str:
    return f"{user.pk}-{user.get_session_auth_hash()[:16]}"


def cookie_value(user: Any) -> str:
    return _signer().sign(content_for(user))


def give_cookie(response: HttpResponse, user: Any) -> None:
    response.set_cookie(
        COOKIE,
        cookie_value(user),
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
