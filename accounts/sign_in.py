"""Signing in: by name or e-mail and password, perhaps with a code; or by a link."""

import hashlib
import secrets
import threading
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.browsers import describe_browser
from accounts.models import SignInLink
from accounts.security_log import UNKNOWN, Kind, record, record_delay
from accounts.session_store import CONFIRMED_AT
from accounts.throttling import (
    client_address,
    count_incomplete,
    is_known_browser,
    remember_browser,
    reset_attempts,
    seconds_to_wait,
)
from accounts.two_factor import has_second_step, verify

# Tells scripts of public pages that a host is reading. It grants nothing.
COOKIE = "desk"
BROWSER, ADDRESS = "browser", "address"  # in a session: what signed in, and from where
BACKEND = "django.contrib.auth.backends.ModelBackend"
Purpose = SignInLink.LinkPurpose
LINK_LIFETIME = timedelta(minutes=10)
LIFETIMES = {
    Purpose.SIGN_IN: LINK_LIFETIME,
    Purpose.INVITATION: timedelta(days=3),
    Purpose.PASSWORD: timedelta(hours=1),
}
TOO_MANY = (
    "Too many attempts under this name. Wait {} and try again, or ask whoever runs the site for a "
    "link to sign in."
)

WRONG_CODE = "This code is wrong, or was used before. Wait for the next one."
BUSY = "Somebody else is signing in at this moment. Try again."
STRANGERS = threading.Lock()  # of this process


def too_many(seconds: int) -> str:
    wait = f"{max(seconds, 2)} seconds" if seconds < 100 else f"{-(-seconds // 60)} minutes"
    return TOO_MANY.format(wait)


def delayed(response: HttpResponse, seconds: int) -> HttpResponse:
    """Make it a 429 that says when to try again, if there is a wait."""
    if seconds:
        response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        response.headers["Retry-After"] = str(seconds)
    return response


def code_field() -> forms.CharField:
    return forms.CharField(
        label="Code",
        required=False,
        max_length=40,
        help_text="From the app on your phone, or a recovery code. Leave it empty if you have no "
        "second step.",
        widget=forms.TextInput({"autocomplete": "one-time-code", "spellcheck": "false"}),
    )


class CodeForm(forms.Form):
    code = code_field()


class SignInForm(AdminAuthenticationForm):
    """Name, password and code on one page. The error doesn't say which of them was wrong."""

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": "Name, password and code don't match, or the code was used before: apps "
        "show the next one within half a minute.",
    }
    code = code_field()
    request: HttpRequest
    wait = 0  # seconds

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Name or e-mail"

    def clean(self) -> dict[str, Any]:
        """Strangers' passwords are hashed one at a time, so that visitors' pages go on."""
        name = name_by_email(self.cleaned_data.get("username", ""))
        self.cleaned_data["username"] = name  # so that attempts by either count together
        if not name or not self.cleaned_data.get("password"):
            count_incomplete(self.request, name)
            return self.cleaned_data
        if is_known_browser(self.request, name):
            return self._clean(name)
        if not STRANGERS.acquire(blocking=False):
            self.wait = 1
            raise ValidationError(BUSY)
        try:
            return self._clean(name)
        finally:
            STRANGERS.release()

    def _clean(self, name: str) -> dict[str, Any]:
        self.wait = seconds_to_wait(self.request, name)
        if self.wait:
            record_delay(self.request, account_name(name))
            raise ValidationError(too_many(self.wait))
        try:
            cleaned = super().clean()
            user: Any = self.get_user()
            if user and not verify_if_needed(user, cleaned.get("code", "")):
                raise self.get_invalid_login_error()
        except ValidationError:
            record(self.request, Kind.REFUSED, account_name(name))
            raise
        if user:
            reset_attempts(self.request, name)
        return cleaned


def name_by_email(typed: str) -> str:
    """The name of the only account with this e-mail address; else what was typed."""
    if "@" not in typed or "\0" in typed or User.objects.filter(username=typed).exists():
        return typed
    found = User.objects.filter(email__iexact=typed.strip(), is_active=True)[:2]
    return found[0].get_username() if len(found) == 1 else typed


def account_name(typed: str) -> str:
    is_known = "\0" not in typed and User.objects.filter(username=typed).exists()
    return typed if is_known else UNKNOWN


def verify_if_needed(user: User, code: str) -> bool:
    """Whether the user may sign in with this code. django-otp remembers a right one's device."""
    if not has_second_step(user):
        return True
    device = verify(user, code)
    if device:
        user.otp_device = device  # type: ignore[attr-defined]
    return device is not None


def finish_sign_in(request: HttpRequest, response: HttpResponse, by: str) -> None:
    """Call this after every kind of sign-in, once Django's session belongs to the user."""
    request.session.set_expiry(None)  # a passkey's ceremony may have begun and not ended
    request.session[CONFIRMED_AT] = timezone.now().timestamp()
    request.session[BROWSER] = describe_browser(request.headers.get("User-Agent", ""))
    request.session[ADDRESS] = client_address(request)
    record(request, Kind.SIGNED_IN, request.user.get_username(), by)
    remember_browser(request, response, request.user.get_username())
    response.set_cookie(
        COOKIE,
        "1",
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def create_link(user: User, purpose: str = Purpose.SIGN_IN) -> str:
    """A token that signs this user in once, until its time is over."""
    SignInLink.objects.filter(expires_at__lt=timezone.now()).delete()
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(
        user=user,
        token_hash=_hash(token),
        expires_at=timezone.now() + LIFETIMES[Purpose(purpose)],
        purpose=purpose,
    )
    return token


def end_links(user: User) -> int:
    """How many of a user's links could have signed them in, until now."""
    ended, _ = SignInLink.objects.filter(user=user).delete()
    return ended


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
