"""Signing in: by name, password and, if the user has a second step, a code; or by a link."""

import hashlib
import ipaddress
import secrets
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import SignInAttempts, SignInLink
from accounts.two_factor import VERIFIED, has_second_step, verify

# Tells scripts of public pages that a host is reading. It grants nothing.
COOKIE = "desk"
LINK_LIFETIME = timedelta(minutes=10)
THROTTLED = "throttled"  # error code
MAX_ATTEMPTS = 5  # under a name from an address
WINDOW = timedelta(minutes=15)  # from the first attempt
MAX_ROWS = 10_000  # so that a flood of names can't fill the disk
IPV6_NETWORK = 64  # the prefix a household gets, with all the addresses it wants
TOO_MANY = (
    f"Too many attempts under this name from your address. Wait {WINDOW.seconds // 60} minutes, "
    "or ask whoever runs the site for a link: ./run manage signin_link NAME."
)

COUNT = """
INSERT INTO desk_attempts (name, address, count, first_at)
VALUES (%(name)s, %(address)s, 1, %(now)s)
ON CONFLICT (name, address) DO UPDATE SET
    count = CASE WHEN desk_attempts.first_at < %(since)s THEN 1
                 ELSE least(desk_attempts.count + 1, 1000) END,
    first_at = CASE WHEN desk_attempts.first_at < %(since)s THEN %(now)s
                    ELSE desk_attempts.first_at END
RETURNING count
"""


def code_field() -> forms.CharField:
    return forms.CharField(
        label="Code",
        required=False,
        max_length=40,
        help_text="From the app on your phone, or a recovery code. Leave it empty if you have no "
        "second step.",
        widget=forms.TextInput({"autocomplete": "one-time-code", "spellcheck": "false"}),
    )


class SignInForm(AdminAuthenticationForm):
    """Name, password and code on one page. The error doesn't say which of them was wrong."""

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": "Name, password and code don't match, or the code was used before: apps "
        "show the next one within half a minute.",
    }
    code = code_field()
    request: HttpRequest

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username", "")
        if not count_attempt(self.request, name):
            raise ValidationError(TOO_MANY, code=THROTTLED)
        cleaned = super().clean()
        user: Any = self.get_user()
        if user and not verify_if_needed(user, cleaned.get("code", "")):
            raise self.get_invalid_login_error()
        reset_attempts(self.request, name)
        return cleaned


def verify_if_needed(user: User, code: str) -> bool:
    """Whether the user may sign in with this code. The user object remembers a right one."""
    if not has_second_step(user):
        return True
    user.gave_code = verify(user, code)  # type: ignore[attr-defined]
    return user.gave_code  # type: ignore[attr-defined]


def finish_sign_in(request: HttpRequest, response: HttpResponse) -> None:
    """Call this after every kind of sign-in, once Django's session belongs to the user."""
    if getattr(request.user, "gave_code", False):
        request.session[VERIFIED] = True
    response.set_cookie(
        COOKIE,
        "1",
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def count_attempt(request: HttpRequest, name: str) -> bool:
    """Whether the attempt is within the limit of this name and address together. Three queries.

    So a stranger who guesses a host's password is stopped, while the host can sign in from
    elsewhere; django-axes counts by address alone by default. It counts before the password is
    checked, so parallel attempts gain nothing.
    """
    now = timezone.now()
    key = {"name": _normalise(name), "address": client_address(request)}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, key | {"now": now, "since": now - WINDOW})
        (count,) = cursor.fetchone()
    SignInAttempts.objects.filter(first_at__lt=now - WINDOW).delete()
    newest = SignInAttempts.objects.order_by("-first_at", "-pk").values_list("pk", flat=True)
    SignInAttempts.objects.filter(pk__in=list(newest[MAX_ROWS : 2 * MAX_ROWS])).delete()
    return int(count) <= MAX_ATTEMPTS


def reset_attempts(request: HttpRequest, name: str) -> None:
    """After a successful sign-in."""
    SignInAttempts.objects.filter(name=_normalise(name), address=client_address(request)).delete()


def client_address(request: HttpRequest) -> str:
    """The client's IP address, for IPv6 its network.

    Behind a trusted proxy it is the last entry of X-Forwarded-For, which that proxy wrote;
    clients can forge the others.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY:
        peer = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip() or peer
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return peer[:50]  # the peer of a Unix socket has no address
    if isinstance(address, ipaddress.IPv6Address) and not address.ipv4_mapped:
        return str(ipaddress.ip_network((address, IPV6_NETWORK), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


def _normalise(name: str) -> str:
    return name.strip().lower()[:150]


def create_link(user: User) -> str:
    """A token that signs this user in once, for ten minutes."""
    SignInLink.objects.filter(expires_at__lt=timezone.now()).delete()
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(
        user=user, token_hash=_hash(token), expires_at=timezone.now() + LINK_LIFETIME
    )
    return token


def valid_link(token: str) -> SignInLink | None:
    """The link, unless it was used or has expired, or its user may no longer sign in."""
    return (
        SignInLink.objects.filter(
            token_hash=_hash(token),
            expires_at__gt=timezone.now(),
            user__is_active=True,
            user__is_staff=True,
        )
        .select_related("user")
        .first()
    )


def use_up(link: SignInLink) -> bool:
    """Whether this was the link's one use; of two requests at once, only one is told so."""
    deleted, _ = SignInLink.objects.filter(pk=link.pk).delete()
    return bool(deleted)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
