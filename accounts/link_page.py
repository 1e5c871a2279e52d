"""The page of a link that signs somebody in once, and lets them choose a password first."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import login
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.mail import tell
from accounts.models import DeskSession, SignInLink
from accounts.security_log import Kind, record
from accounts.sign_in import (
    BACKEND,
    WRONG_CODE,
    CodeForm,
    Purpose,
    code_field,
    end_links,
    finish_sign_in,
    use_up,
    valid_link,
    verify_if_needed,
)
from accounts.two_factor import has_second_step

TEMPLATE = "admin/accounts/sign_in_link.html"
TITLES = {
    Purpose.INVITATION: "Choose a password",
    Purpose.PASSWORD: "Choose a new password",  # pragma: allowlist secret
}


class NewPasswordForm(SetPasswordForm):
    """A new password, and the code of the second step, which a lost password doesn't replace."""

    code = code_field()
    field_order = ("new_password1", "new_password2", "code")

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["new_password1"].label = "Password"
        self.fields["new_password2"].label = "The same again"
        self.fields["new_password2"].help_text = ""


@never_cache
@csrf_protect
@sensitive_post_parameters("code", "new_password1", "new_password2")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button: programs that preview links press none.

    Nobody guesses a link, so attempts under the name don't delay it; django-otp limits codes.
    """
    link = valid_link(token)
    context = admin.site.each_context(request) | {"title": "Sign in", "link": link}
    if link is None:
        return _private(TemplateResponse(request, TEMPLATE, context, status=410))
    form = _form(request, link)
    if request.method == "POST" and form.is_valid():
        if _let_in(request, link, form):
            response = redirect("admin:index")
            finish_sign_in(request, response, _words(link))
            return response
        record(request, Kind.REFUSED, link.user.get_username(), _words(link))
        form.add_error("code", WRONG_CODE)
    context |= {
        "title": TITLES.get(Purpose(link.purpose), "Sign in"),
        "form": form,
        "asks_code": has_second_step(link.user),
        "asks_password": link.purpose != Purpose.SIGN_IN,
    }
    return _private(TemplateResponse(request, TEMPLATE, context))


def _form(request: HttpRequest, link: SignInLink) -> forms.Form:
    data = request.POST if request.method == "POST" else None
    if link.purpose == Purpose.SIGN_IN:
        return CodeForm(data)
    return NewPasswordForm(link.user, data)


def _words(link: SignInLink) -> str:
    return "link" if link.purpose == Purpose.SIGN_IN else f"link: {link.purpose}"


@transaction.atomic
def _let_in(request: HttpRequest, link: SignInLink, form: Any) -> bool:
    """Use the link up, and sign its user in. False if the code is wrong, or somebody was faster."""
    if not verify_if_needed(link.user, form.cleaned_data["code"]) or not use_up(link):
        return False
    if isinstance(form, NewPasswordForm):
        form.save()
        forget(link.user)
        record(request, Kind.PASSWORD, link.user.get_username(), f"chosen by a {_words(link)}")
        if link.purpose == Purpose.PASSWORD:
            tell(link.user, "The password was changed")
    login(request, link.user, backend=BACKEND)
    return True


def forget(user: User) -> int:
    """End a user's sessions and links. How many sessions there were."""
    end_links(user)
    ended, _ = DeskSession.objects.filter(user=user).delete()
    return ended


def _private(response: HttpResponse) -> HttpResponse:
    """No address of such a page in another site's logs."""
    response.headers["Referrer-Policy"] = "same-origin"
    return response
