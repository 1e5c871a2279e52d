"""Signing in: by name, password and, for who has a second step, a code; or by a link."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import SignInLink
from accounts.throttling import WINDOW, forget, may_try
from accounts.two_factor import PASSED, has_second_step, is_right

# Tells scripts of public pages that a host is reading. Worth nothing: it opens no door.
COOKIE = "desk"
LINK_LASTS = timedelta(minutes=10)
WAIT = "wait"
TOO_MANY = (
    f"Too many attempts under this name from where you are. Wait {WINDOW.seconds // 60} minutes, "
    "or ask who runs the site for a link: ./run manage signin_link NAME."
)


def code_field() -> forms.CharField:
    return forms.CharField(
        label="Code",
        required=False,
        max_length=40,
        help_text="From the app on your phone, or one from paper. Leave it empty if you have not "
        "set one up.",
        widget=forms.TextInput({"autocomplete": "one-time-code", "spellcheck": "false"}),
    )


class SignInForm(AdminAuthenticationForm):
    """Name, password and code on one page; which of them was wrong isn't told."""

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": "This name, password and code don't belong together, or the code was "
        "used already: apps show the next within half a minute.",
    }
    code = code_field()
    request: HttpRequest

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username", "")
        if not may_try(self.request, name):
            raise ValidationError(TOO_MANY, code=WAIT)
        cleaned = super().clean()
        user: Any = self.get_user()
        if user and not gave_code(user, cleaned.get("code", "")):
            raise self.get_invalid_login_error()
        forget(self.request, name)
        return cleaned


def gave_code(user: User, code: str) -> bool:
    """Whether the second step, if there is one, is done; the user object remembers that."""
    if not has_second_step(user):
        return True
    right = is_right(user, code)
    user.gave_code = right  # type: ignore[attr-defined]
    return right


def signed_in(request: HttpRequest, response: HttpResponse) -> None:
    """What follows on every way of signing in, once Django's session is the user's."""
    if getattr(request.user, "gave_code", False):
        request.session[PASSED] = True
    response.set_cookie(
        COOKIE,
        "1",
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def new_link(user: User) -> str:
    """A token that signs this user in once, for ten minutes."""
    SignInLink.objects.filter(expires_at__lt=timezone.now()).delete()
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(
        user=user, token_hash=_hashed(token), expires_at=timezone.now() + LINK_LASTS
    )
    return token


def link_for(token: str) -> SignInLink | None:
    """The link, unless it was used or has expired, or its user may not come in any more."""
    return (
        SignInLink.objects.filter(
            token_hash=_hashed(token),
            expires_at__gt=timezone.now(),
            user__is_active=True,
            user__is_staff=True,
        )
        .select_related("user")
        .first()
    )


def use_up(link: SignInLink) -> bool:
    """Whether this was the one use; of two at once only one is told so."""
    deleted, _ = SignInLink.objects.filter(pk=link.pk).delete()
    return bool(deleted)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
