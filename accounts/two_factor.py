"""The second step by django-otp: apps (TOTP, RFC 6238), recovery codes and passkeys."""

import base64
import secrets
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.models import Device
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex
from django_otp_webauthn.models import WebAuthnCredential

from accounts.former_second_step import (
    APP,
    RECOVERY_CODES,
    TOKEN_LENGTH,
    adopt_missed,
    use_up_former,
    write_former,
)
from accounts.models import SecondStep

DIGITS = 6
DRIFT = 1  # steps of 30 s a phone's clock may be off, either way (RFC 6238, section 5.2)
CODES = 10
CODE_BYTES = 10  # 80 bits can't be guessed, so a fast hash is enough
# django-otp doubles the delay after each wrong code: 2^9 s at most, so that nobody is locked out.
MAX_FAILURES = 10
ACCOUNT_RIGHTS = {
    f"auth.{action}_{model}"
    for action in ("add", "change", "delete")
    for model in ("user", "group")
}


def new_secret() -> str:
    """A random key of 160 bits (RFC 4226, section 4) in base32, as apps take it."""
    return base64.b32encode(bytes.fromhex(random_hex(20))).decode()


def otpauth_uri(secret: str, issuer: str, name: str) -> str:
    """The URI that hands a secret to an app (Google Authenticator's Key URI Format)."""
    label = quote(f"{issuer}:{name}", safe=":")
    return f"otpauth://totp/{label}?" + urlencode(
        {"secret": secret, "issuer": issuer}, quote_via=quote
    )


def recovery_hash(code: str) -> str:
    """The hash of a code, however it is typed. The database stores its first 16 characters."""
    letters = "".join(char for char in code.lower() if char.isalnum())
    # Stored recovery codes depend on this salt: never change it.
    return salted_hmac("desk.people.codes", letters, algorithm="sha256").hexdigest()


def has_second_step(user: Any) -> bool:
    """Recovery codes alone are none."""
    kinds = (TOTPDevice, WebAuthnCredential, SecondStep)
    return any(kind._default_manager.filter(user=user.pk).exists() for kind in kinds)


@transaction.atomic
def verify(user: Any, typed: str) -> Device | None:
    """The device whose unused code this is. The code is used up; a wrong one delays the next."""
    code = "".join(typed.split())
    if not code:
        return None
    adopt_missed(user.pk)
    if len(code) == DIGITS and code.isdecimal():
        return _verify(TOTPDevice, user, code)
    token = recovery_hash(code)[:TOKEN_LENGTH]
    device = _verify(StaticDevice, user, token)
    if device:
        use_up_former(user.pk, token)
    return device


def _verify(model: Any, user: Any, token: str) -> Device | None:
    for device in model.objects.select_for_update().filter(user=user.pk, confirmed=True):
        device.throttling_failure_count = min(device.throttling_failure_count, MAX_FAILURES)
        if device.verify_token(token):
            return device
    return None


@transaction.atomic
def enrol(user: Any, secret: str, typed: str) -> tuple[Device, list[str]] | None:
    """Store a secret once a code proves that the app has it. Returns app and recovery codes.

    None if the code is wrong; an earlier secret then stays.
    """
    code, key = "".join(typed.split()), base64.b32decode(secret)
    totp = TOTP(key)
    totp.time = timezone.now().timestamp()
    is_code = len(code) == DIGITS and code.isdecimal()
    if not is_code or not totp.verify(int(code), tolerance=DRIFT):
        return None
    TOTPDevice.objects.filter(user=user.pk).delete()
    app = TOTPDevice.objects.create(
        user_id=user.pk, name=APP, key=key.hex(), last_t=totp.t(), drift=totp.drift
    )
    codes = renew_recovery_codes(user)
    write_former(user.pk, secret, totp.t(), [recovery_hash(code) for code in codes])
    return app, codes


@transaction.atomic
def renew_recovery_codes(user: Any) -> list[str]:
    """Codes such as `4gxq-m2ak-…`, valid once each, in place of earlier ones."""
    raw = (base64.b32encode(secrets.token_bytes(CODE_BYTES)) for _ in range(CODES))
    plain = [code.decode().lower() for code in raw]
    codes = ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in plain]
    hashes = [recovery_hash(code) for code in codes]
    # The device stays: a session may have passed its second step by it.
    device, _ = StaticDevice.objects.get_or_create(
        user_id=user.pk, defaults={"name": RECOVERY_CODES}
    )
    device.token_set.all().delete()
    for code_hash in hashes:
        device.token_set.create(token=code_hash[:TOKEN_LENGTH])
    SecondStep.objects.filter(user=user.pk).update(recovery=hashes)
    return codes


@transaction.atomic
def remove(user: Any) -> bool:
    """Remove app, passkeys and recovery codes. Whether there was a second step."""
    had_one = has_second_step(user)
    for kind in (TOTPDevice, StaticDevice, WebAuthnCredential, SecondStep):
        kind._default_manager.filter(user=user.pk).delete()
    return had_one


def manages_accounts(user: User) -> bool:
    """Superusers, hosts, and whoever else may change users or roles."""
    return not ACCOUNT_RIGHTS.isdisjoint(user.get_all_permissions())


def needs_code(request: HttpRequest, required_of_all: bool) -> bool:
    """Whether this session has yet to pass a second step. No query once it has."""
    user: Any = request.user
    if not user.is_authenticated or user.is_verified():
        return False
    return required_of_all or (settings.HOSTS_NEED_SECOND_STEP and manages_accounts(user))
