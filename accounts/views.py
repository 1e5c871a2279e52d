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

from accounts import codes, two_factor
from accounts.models import SecondStep
from accounts.sign_in import TOO_MANY, code_field, gave_code, link_for, signed_in, use_up
from accounts.throttling import forget, may_try

BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING = "second_step_secret"  # in a session: shown, not yet confirmed
QR_SCALE = 4  # pixels a module
WRONG = "That is not the code of this moment, or it was used already. Wait for the next."


class CodeForm(forms.Form):
    code = code_field()


@never_cache
@csrf_protect
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button, since whatever looks at links in advance presses none."""
    link = link_for(token)
    context = admin.site.each_context(request) | {"title": "Sign in", "link": link}
    if link is None:
        return TemplateResponse(request, "admin/accounts/sign_in_link.html", context, status=410)
    form = CodeForm(request.POST if request.method == "POST" else None)
    context |= {"form": form, "asks_code": two_factor.has_second_step(link.user)}
    if request.method == "POST" and form.is_valid():
        name = link.user.get_username()
        if not may_try(request, name):
            form.add_error(None, ValidationError(TOO_MANY))
            return TemplateResponse(
                request, "admin/accounts/sign_in_link.html", context, status=429
            )
        if gave_code(link.user, form.cleaned_data["code"]) and use_up(link):
            forget(request, name)
            login(request, link.user, backend=BACKEND)
            response = redirect("admin:index")
            signed_in(request, response)
            return response
        form.add_error("code", WRONG)
    return TemplateResponse(request, "admin/accounts/sign_in_link.html", context)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step_page(request: HttpRequest) -> HttpResponse:
    """Set up the second step, give a code where one is owed, or take the step away."""
    row = SecondStep.objects.filter(user=request.user.pk).first()
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not may_try(request, request.user.get_username()):
            form.add_error(None, TOO_MANY)
            return _shown(request, row, form, status=429)
        code = form.cleaned_data["code"]
        done = _with_code(request, code) if row else _enrolled(request, code)
        if done:
            forget(request, request.user.get_username())
            return done
        form.add_error("code", WRONG)
    return _shown(request, row, form)


def _enrolled(request: HttpRequest, code: str) -> HttpResponse | None:
    secret = request.session.get(PENDING)
    user = cast(AbstractBaseUser, request.user)  # nobody else gets here
    recovery = secret and two_factor.enrol(user, secret, code)
    if not recovery:
        return None
    del request.session[PENDING]
    request.session[two_factor.PASSED] = True
    # Shown in answer to the form, not kept anywhere to be shown again.
    return _answer(request, {"recovery": recovery})


def _with_code(request: HttpRequest, code: str) -> HttpResponse | None:
    if not two_factor.is_right(request.user, code):
        return None
    request.session[two_factor.PASSED] = True
    if "remove" not in request.POST:
        return redirect("admin:index")
    two_factor.remove(request.user)
    del request.session[two_factor.PASSED]
    messages.success(request, "Your second step is gone. You can set up another now.")
    return redirect("desk_second_step")


def _shown(
    request: HttpRequest, row: SecondStep | None, form: CodeForm, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "row": row}
    if row is None:
        secret = request.session.setdefault(PENDING, codes.new_secret())
        issuer = str(admin.site.each_context(request)["site_header"])
        uri = codes.otpauth_uri(secret, issuer, request.user.get_username())
        groups = [secret[at : at + 4] for at in range(0, len(secret), 4)]
        picture = segno.make(uri).svg_inline(scale=QR_SCALE, light="white", title="QR code")
        context |= {"secret": " ".join(groups), "uri": uri, "qr": mark_safe(picture)}  # noqa: S308
    return _answer(request, context, status)


def _answer(request: HttpRequest, context: dict, status: int = 200) -> HttpResponse:
    required = request.show.second_step_required  # type: ignore[attr-defined]
    context |= admin.site.each_context(request) | {
        "title": "Second step",
        "required": required,
        "owes": two_factor.is_missing(request, required),
    }
    return TemplateResponse(request, "admin/accounts/second_step.html", context, status=status)
