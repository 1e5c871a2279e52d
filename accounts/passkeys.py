"""Passkeys by django-otp-webauthn, as a second step and in place of password and code."""

import ipaddress
import json
from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin
from django.contrib.auth import login
from django.http import HttpRequest, JsonResponse
from django.http.request import RawPostDataException
from django.urls import reverse
from django.utils import timezone
from django_otp import login as otp_login
from django_otp_webauthn import exceptions
from django_otp_webauthn.helpers import WebAuthnHelper
from django_otp_webauthn.models import WebAuthnCredential
from django_otp_webauthn.views import (
    BeginCredentialAuthenticationView,
    BeginCredentialRegistrationView,
    CompleteCredentialAuthenticationView,
    CompleteCredentialRegistrationView,
)
from webauthn.helpers.structs import UserVerificationRequirement

from accounts.browsers import describe_browser
from accounts.mail import tell
from accounts.security_log import UNKNOWN, Kind, record
from accounts.session_store import CONFIRMED_AT, SECOND_STEP_AT, is_recent
from accounts.sign_in import BACKEND, finish_sign_in
from accounts.two_factor import has_second_step

CEREMONY = 300  # seconds that a stranger's session lasts while they choose a passkey


def passkey_host(request: HttpRequest) -> str:
    """The host that passkeys would belong to; empty where browsers allow none.

    They need a name instead of an IP address, and HTTPS except on localhost.
    """
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host if request.is_secure() or host == "localhost" else ""
    return ""


def has_passkeys(request: HttpRequest) -> bool:
    """Whether the user, or before signing in anybody, could use one here."""
    if not passkey_host(request):
        return False
    of_user = {"user": request.user.pk} if request.user.is_authenticated else {}
    return WebAuthnCredential.objects.filter(**of_user).exists()


class PasskeyHelper(WebAuthnHelper):
    """Passkeys belong to the host that is asked, so no setting names one."""

    def get_relying_party_domain(self) -> str:
        return passkey_host(self.request)

    def get_relying_party_name(self) -> str:
        return str(admin.site.each_context(self.request)["site_header"])

    def get_allowed_origins(self) -> list[str]:
        return [f"{self.request.scheme}://{self.request.get_host()}"]

    def get_generate_registration_options_kwargs(self, *, user: Any) -> dict[str, Any]:
        """A passkey that checks its user, by finger or PIN, is both steps at once."""
        options = super().get_generate_registration_options_kwargs(user=user)
        selection = options["authenticator_selection"]
        selection.user_verification = UserVerificationRequirement.REQUIRED
        return options

    def create_credential(self, *arguments: Any, **named: Any) -> Any:
        device = super().create_credential(*arguments, **named)
        device.name = describe_browser(self.request.headers.get("User-Agent", ""))
        return device


class PasskeyMixin:
    """What the library leaves open: malformed bodies, and hosts that can't have passkeys."""

    request: HttpRequest

    def initial(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        if not passkey_host(request):
            raise exceptions.InvalidState("This address can't have passkeys.")
        super().initial(request, *args, **kwargs)  # type: ignore[misc]

    def _parse_request_data(self, request: HttpRequest) -> dict[str, Any]:
        try:
            data = json.loads(request.body or b"{}")
        except (ValueError, RecursionError, RawPostDataException) as error:
            raise exceptions.MalformedRequest from error
        if not isinstance(data, dict):
            raise exceptions.MalformedRequest
        return data

    def post(self, *args: Any, **kwargs: Any) -> JsonResponse:
        try:
            return super().post(*args, **kwargs)  # type: ignore[misc]
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise exceptions.MalformedRequest from error


class RegistrationMixin(PasskeyMixin):
    def check_can_register(self) -> None:
        """The first one needs a recent sign-in, each further one the former second step."""
        proof = SECOND_STEP_AT if has_second_step(self.request.user) else CONFIRMED_AT
        if not is_recent(self.request.session, proof):
            raise exceptions.NotVerified("Reload this page and confirm that it’s you.")


class BeginRegistration(RegistrationMixin, BeginCredentialRegistrationView):
    pass


class CompleteRegistration(RegistrationMixin, CompleteCredentialRegistrationView):
    def post(self, *args: Any, **kwargs: Any) -> JsonResponse:
        user: Any = self.request.user
        was_set_up = has_second_step(user)
        response = super().post(*args, **kwargs)
        self.request.session.pop(SECOND_STEP_AT, None)
        if not was_set_up:  # recovery codes are next
            self.request.session[SECOND_STEP_AT] = timezone.now().timestamp()
        record(self.request, Kind.SECOND_STEP, user.get_username(), "passkey added")
        tell(user, "A passkey was added")
        return response


class BeginSignIn(PasskeyMixin, BeginCredentialAuthenticationView):
    def post(self, *args: Any, **kwargs: Any) -> JsonResponse:
        response = super().post(*args, **kwargs)
        if not self.request.user.is_authenticated:
            self.request.session.set_expiry(CEREMONY)
        return response


class CompleteSignIn(PasskeyMixin, CompleteCredentialAuthenticationView):
    """Signs in; or, for somebody who is signed in, passes the second step and confirms anew."""

    def handle_exception(self, error: Exception) -> JsonResponse:
        if isinstance(error, exceptions.OTPWebAuthnApiError):
            name = self.request.user.get_username() or UNKNOWN
            record(self.request, Kind.REFUSED, name, "passkey")
        return super().handle_exception(error)

    def check_device_usable(self, device: Any) -> None:
        super().check_device_usable(device)
        if not device.user.is_staff:
            raise exceptions.UserDisabled

    def complete_auth(self, device: Any) -> None:
        user: Any = self.request.user
        if not user.is_authenticated:
            device.user.otp_device = device
            login(self.request, device.user, backend=BACKEND)
            return
        now = timezone.now().timestamp()
        if user.is_verified() and self.get_redirect_url().startswith(reverse("desk_second_step")):
            self.request.session[SECOND_STEP_AT] = now
        self.request.session[CONFIRMED_AT] = now
        otp_login(self.request, device)

    def get_success_url(self) -> str:
        return self.get_redirect_url() or reverse("admin:index")

    def post(self, *args: Any, **kwargs: Any) -> JsonResponse:
        was_signed_in = self.request.user.is_authenticated
        response = super().post(*args, **kwargs)
        if not was_signed_in:
            finish_sign_in(self.request, response, "passkey")
        return response
