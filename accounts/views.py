"""Pages of signing in that Django's admin doesn't have."""

import hashlib
from typing import Any, cast

import segno
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp import login as otp_login
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

from accounts import two_factor
from accounts.former_second_step import adopt_missed
from accounts.mail import tell
from accounts.models import DeskSession
from accounts.passkeys import has_passkeys, passkey_host
from accounts.recent import ask_again
from accounts.security_log import Kind, record, record_delay
from accounts.session_store import CONFIRMED_AT, SECOND_STEP_AT, is_recent
from accounts.sign_in import (
    ADDRESS,
    BROWSER,
    WRONG_CODE,
    CodeForm,
    delayed,
    too_many,
)
from accounts.throttling import seconds_to_wait

PENDING_SECRET = "second_step_secret"  # unconfirmed  # noqa: S105  # pragma: allowlist secret
QR_SCALE = 4  # pixels per module


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step_page(request: HttpRequest) -> HttpResponse:
    """Set up the second step, give a code if the session needs one, or change the step."""
    user = _user(request)
    adopt_missed(user.pk)
    is_set_up = two_factor.has_second_step(user)
    if not is_set_up and (asked := ask_again(request)):
        return asked
    # Whoever has passkeys only can add an app, at ?app.
    has_app = TOTPDevice.objects.filter(user=user).exists()
    sets_up = not is_set_up or ("app" in request.GET and not has_app and _is_proved(request))
    form, wait = CodeForm(request.POST if request.method == "POST" else None), 0
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if not sets_up and not code and _is_proved(request):
            return _change(request, user)
        if wait := seconds_to_wait(request, user.get_username(), is_signed_in=True):
            record_delay(request, user.get_username())
            form.add_error(None, too_many(wait))
        elif done := _enrol(request, user, code) if sets_up else _prove(request, user, code):
            # The count stays: a thief of the session may have set up this very app.
            return done
        else:
            record(request, Kind.REFUSED, user.get_username(), "second step")
            form.add_error("code", WRONG_CODE)
    context: dict[str, Any] = {"form": form, "sets_up": sets_up}
    context |= _setup_context(request) if sets_up else _devices(user)
    return delayed(_page(request, context), wait)


def _is_proved(request: HttpRequest) -> bool:
    return request.user.is_verified() and is_recent(request.session, SECOND_STEP_AT)  # type: ignore[union-attr]


def _enrol(request: HttpRequest, user: User, code: str) -> HttpResponse | None:
    secret = request.session.get(PENDING_SECRET)
    enrolled = secret and two_factor.enrol(user, secret, code)
    if not enrolled:
        return None
    app, recovery = enrolled
    del request.session[PENDING_SECRET]
    otp_login(request, app)
    request.session.pop(SECOND_STEP_AT, None)
    _report(request, user, "app set up", "A second step was set up")
    return _page(request, {"recovery": recovery, "is_new": True})


def _prove(request: HttpRequest, user: User, code: str) -> HttpResponse | None:
    device = two_factor.verify(user, code)
    if device is None:
        return None
    otp_login(request, device)
    request.session[CONFIRMED_AT] = request.session[SECOND_STEP_AT] = timezone.now().timestamp()
    return _change(request, user)


def _change(request: HttpRequest, user: User) -> HttpResponse:
    """What the pressed button says; by default go on to the desk. The proof is used up."""
    key = request.POST.get("passkey", "")
    if key == "0":
        return redirect("desk_second_step")
    if "app" in request.POST:
        return redirect(f"{reverse('desk_second_step')}?app")
    request.session.pop(SECOND_STEP_AT, None)
    if "codes" in request.POST:
        recovery = two_factor.renew_recovery_codes(user)
        _report(request, user, "new recovery codes", "New recovery codes were made")
        return _page(request, {"recovery": recovery})
    passkeys = WebAuthnCredential.objects.filter(user=user)
    chosen = passkeys.filter(pk=int(key)) if key.isdecimal() and len(key) < 19 else passkeys.none()
    if chosen and (passkeys.count() > 1 or TOTPDevice.objects.filter(user=user).exists()):
        chosen.delete()
        _report(request, user, "passkey removed", "A passkey was removed")
        messages.success(request, "The passkey is removed here. Delete it on your device, too.")
        return redirect("desk_second_step")
    if "remove" not in request.POST and not chosen:
        return redirect("desk_second_step" if key else "admin:index")
    two_factor.remove(user)
    _report(request, user, "removed", "The second step was removed")
    messages.success(request, "Your second step is removed. You can set up another now.")
    return redirect("desk_second_step")


def _report(request: HttpRequest, user: User, detail: str, what: str) -> None:
    record(request, Kind.SECOND_STEP, user.get_username(), detail)
    tell(user, what)


def _setup_context(request: HttpRequest) -> dict[str, Any]:
    """The secret, for scanning and for typing."""
    secret = request.session.setdefault(PENDING_SECRET, two_factor.new_secret())
    issuer = str(admin.site.each_context(request)["site_header"])
    uri = two_factor.otpauth_uri(secret, issuer, request.user.get_username())
    groups = [secret[at : at + 4] for at in range(0, len(secret), 4)]
    qr = segno.make(uri).svg_inline(scale=QR_SCALE, light="white", title="QR code")
    return {"secret": " ".join(groups), "uri": uri, "qr": mark_safe(qr)}  # noqa: S308


def _devices(user: User) -> dict[str, Any]:
    return {
        "app": TOTPDevice.objects.filter(user=user).first(),
        "passkeys": WebAuthnCredential.objects.filter(user=user).order_by("created_at"),
        "codes_left": StaticToken.objects.filter(device__user=user).count(),
    }


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    required = request.show.second_step_required  # type: ignore[attr-defined]
    context |= admin.site.each_context(request) | {
        "title": "Second step",
        "needs_code": two_factor.needs_code(request, required),
        "is_proved": _is_proved(request),
        "can_have_passkeys": bool(passkey_host(request)),
        "has_passkeys": has_passkeys(request),
    }
    return TemplateResponse(request, "admin/accounts/second_step.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def sessions_page(request: HttpRequest) -> HttpResponse:
    """Where the user is signed in; POST ends one session or all others."""
    user, own = _user(request), request.session.session_key
    found = DeskSession.objects.filter(user=user, expire_date__gt=timezone.now())
    rows = list(found.order_by("-last_seen"))
    if request.method == "POST":
        chosen = request.POST.get("end", "")
        ended = [row.pk for row in rows if row.pk != own and chosen in ("others", _name_of(row))]
        DeskSession.objects.filter(pk__in=ended).delete()
        if ended:
            record(request, Kind.SESSIONS, user.get_username(), f"{len(ended)} ended")
        count = "1 session" if len(ended) == 1 else f"{len(ended)} sessions"
        messages.success(request, f"Ended {count}.")
        return redirect("desk_sessions")
    sessions = [
        {"name": _name_of(row), "is_own": row.pk == own, "last_seen": row.last_seen}
        | {key: row.get_decoded().get(key, "") for key in (BROWSER, ADDRESS)}
        for row in rows
    ]
    context = admin.site.each_context(request) | {"title": "Your sessions", "sessions": sessions}
    return TemplateResponse(request, "admin/accounts/sessions.html", context)


def _name_of(session: DeskSession) -> str:
    """For forms: the key itself would sign anybody in."""
    return hashlib.sha256(session.pk.encode()).hexdigest()[:16]


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)  # `admin_view` admits nobody else
