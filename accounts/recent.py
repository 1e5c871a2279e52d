"""Signing in anew: before accounts change, whoever is signed in proves it again."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts.passkeys import has_passkeys
from accounts.security_log import Kind, record, record_delay
from accounts.session_store import CONFIRMED_AT, is_recent
from accounts.sign_in import delayed, too_many
from accounts.throttling import reset_attempts, seconds_to_wait
from accounts.two_factor import has_second_step, verify

FIELD = "confirmation"
CODE_HELP = "From the app on your phone, or a recovery code. Your password isn’t enough here."
View = Callable[..., HttpResponse]


class ConfirmForm(forms.Form):
    confirmation = forms.CharField(
        label="Password or code",
        max_length=4096,
        help_text="Your password, a code from the app on your phone, or a recovery code.",
        widget=forms.PasswordInput({"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, *args: Any, needs_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refusal = "Neither your password nor a valid code."
        if needs_code:
            self.refusal = "This code is wrong, or was used before."
            self.fields["confirmation"].label = "Code"
            self.fields["confirmation"].help_text = CODE_HELP


def recently_signed_in(view: View) -> View:
    """Ask for a code, or a password, first, unless one was given in the last 15 minutes.

    What was posted comes back after that, except passwords and files.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return ask_again(request) or view(request, *args, **kwargs)

    return guarded


def ask_again(request: HttpRequest) -> HttpResponse | None:
    """None if the request may go on."""
    if is_recent(request.session):
        return None
    is_answer = request.method == "POST" and FIELD in request.POST
    needs_code = has_second_step(request.user)
    form, wait = ConfirmForm(request.POST if is_answer else None, needs_code=needs_code), 0
    if is_answer and form.is_valid():
        wait = seconds_to_wait(request, request.user.get_username(), is_signed_in=True)
        if wait:
            record_delay(request, request.user.get_username())
            form.add_error(None, too_many(wait))
        elif _is_right(request.user, form.cleaned_data[FIELD], needs_code):
            reset_attempts(request, request.user.get_username())
            request.session[CONFIRMED_AT] = timezone.now().timestamp()
            return redirect(request.get_full_path()) if "reload" in request.POST else None
        else:
            record(request, Kind.REFUSED, request.user.get_username(), "signing in anew")
            form.add_error(FIELD, form.refusal)
    hidden = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in (FIELD, "csrfmiddlewaretoken") and "password" not in name
    ]
    if request.method != "POST":
        hidden = [("reload", "1")]
    context = admin.site.each_context(request) | {
        "title": "Is it you?", "form": form, "hidden": hidden, "passkeys": has_passkeys(request),
    }  # fmt: skip
    response = TemplateResponse(request, "admin/accounts/confirm.html", context)
    return delayed(response, wait)


def _is_right(user: Any, typed: str, needs_code: bool) -> bool:
    """The password counts only without a second step, for whoever stole a session may know it."""
    return verify(user, typed[:40]) is not None if needs_code else user.check_password(typed)
