"""The pages of signing in that Django's admin doesn't have."""

from typing import Any, cast

import segno
from django import forms
from django.contrib import admin, messages
from django.contrib.auth import login
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import two_factor
from accounts.models import SecondStep
from accounts.sign_in import (
    TOO_MANY,
    code_field,
    count_attempt,
    finish_sign_in,
    reset_attempts,
    use_up,
    valid_link,
    verify_if_needed,
)

BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING_SECRET = "second_step_secret"  # unconfirmed  # noqa: S105  # pragma: allowlist secret
QR_SCALE = 4  # pixels per module
WRONG_CODE = "This code is wrong, or was used before. Wait for the next one."


class CodeForm(forms.Form):
    code = code_field()


@never_cache
@csrf_protect
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button: programs that preview links press none."""
    link = valid_link(token)
    context = admin.site.each_context(request) | {"title": "Sign in", "link": link}
    status = 200
    if link is None:
        return TemplateResponse(request, "admin/accounts/sign_in_link.html", context, status=410)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        name = link.user.get_username()
        if not count_attempt(request, name):
            form.add_error(None, ValidationError(TOO_MANY))
            status = 429
        elif verify_if_needed(link.user, form.cleaned_data["code"]) and use_up(link):
            reset_attempts(request, name)
            login(request, link.user, backend=BACKEND)
            response = redirect("admin:index")
            finish_sign_in(request, response)
            return response
        else:
            form.add_error("code", WRONG_CODE)
    context |= {"form": form, "asks_code": two_factor.has_second_step(link.user)}
    return TemplateResponse(request, "admin/accounts/sign_in_link.html", context, status=status)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step_page(request: HttpRequest) -> HttpResponse:
    """Set up the second step, give a code if the session needs one, or remove the step."""
    row = SecondStep.objects.filter(user=request.user.pk).first()
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if not count_attempt(request, request.user.get_username()):
            form.add_error(None, TOO_MANY)
            status = 429
        elif done := _verify(request, code) if row else _enrol(request, code):
            reset_attempts(request, request.user.get_username())
            return done
        else:
            form.add_error("code", WRONG_CODE)
    context: dict[str, Any] = {"form": form, "row": row}
    if row is None:
        context |= _setup_context(request)
    return _page(request, context, status)


def _enrol(request: HttpRequest, code: str) -> HttpResponse | None:
    secret = request.session.get(PENDING_SECRET)
    user = cast(AbstractBaseUser, request.user)  # `admin_view` admits nobody else
    recovery = secret and two_factor.enrol(user, secret, code)
    if not recovery:
        return None
    del request.session[PENDING_SECRET]
    request.session[two_factor.VERIFIED] = True
    return _page(request, {"recovery": recovery})


def _verify(request: HttpRequest, code: str) -> HttpResponse | None:
    if not two_factor.verify(request.user, code):
        return None
    request.session[two_factor.VERIFIED] = True
    if "remove" not in request.POST:
        return redirect("admin:index")
    two_factor.remove(request.user)
    del request.session[two_factor.VERIFIED]
    messages.success(request, "Your second step is removed. You can set up another now.")
    return redirect("desk_second_step")


def _setup_context(request: HttpRequest) -> dict[str, Any]:
    """The secret, for scanning and for typing."""
    secret = request.session.setdefault(PENDING_SECRET, two_factor.new_secret())
    issuer = str(admin.site.each_context(request)["site_header"])
    uri = two_factor.otpauth_uri(secret, issuer, request.user.get_username())
    groups = [secret[at : at + 4] for at in range(0, len(secret), 4)]
    qr = segno.make(uri).svg_inline(scale=QR_SCALE, light="white", title="QR code")
    return {"secret": " ".join(groups), "uri": uri, "qr": mark_safe(qr)}  # noqa: S308


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    required = request.show.second_step_required  # type: ignore[attr-defined]
    context |= admin.site.each_context(request) | {
        "title": "Second step",
        "needs_code": two_factor.needs_code(request, required),
    }
    return TemplateResponse(request, "admin/accounts/second_step.html", context, status=status)
