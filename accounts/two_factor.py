"""Two-factor authentication: one-time passwords of apps (TOTP, RFC 6238), and recovery codes."""

import base64
import hmac
import secrets
import struct
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import SecondStep

DIGITS = 6
STEP_SECONDS = 30
DRIFT = 1  # steps a phone's clock may be off, either way (RFC 6238, section 5.2)
SECRET_BYTES = 20  # RFC 4226, section 4: 160 bits
RECOVERY_CODES = 10
RECOVERY_BYTES = 10  # 80 bits can't be guessed, so a fast hash is enough
# After so many wrong codes, from whatever address, only recovery codes count for a while.
MAX_WRONG = 20
WRONG_WINDOW = timedelta(hours=1)
VERIFIED = "second_step"  # in a session

User = AbstractBaseUser | AnonymousUser


def new_secret() -> str:
    """A random key in base32, as apps take it."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def hotp(key: bytes, counter: int, digits: int = DIGITS, digest: str = "sha1") -> str:
    """The code for a counter (RFC 4226, section 5.3)."""
    mac = hmac.new(key, struct.pack(">Q", counter), digest).digest()
    offset = mac[-1] & 15
    (number,) = struct.unpack(">I", mac[offset : offset + 4])
    return f"{(number & 0x7FFFFFFF) % 10**digits:0{digits}d}"


def step_at(now: datetime) -> int:
    return int(now.timestamp()) // STEP_SECONDS


def matching_step(secret: str, code: str, now: datetime, after: int) -> int | None:
    """The time step of this code, if it is a current one and later than `after`."""
    key, current = base64.b32decode(secret), step_at(now)
    for step in range(current - DRIFT, current + DRIFT + 1):
        if step > after and hmac.compare_digest(hotp(key, step).encode(), code.encode()):
            return step
    return None


def otpauth_uri(secret: str, issuer: str, name: str) -> str:
    """The URI that hands a secret to an app (Google Authenticator's Key URI Format)."""
    label = quote(f"{issuer}:{name}", safe=":")
    return f"otpauth://totp/{label}?" + urlencode(
        {"secret": secret, "issuer": issuer}, quote_via=quote
    )


def new_recovery_codes() -> list[str]:
    """Codes such as `4gxq-m2ak-…`, valid once each. Only their hashes are stored."""
    codes = (base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)) for _ in range(RECOVERY_CODES))
    plain = (code.decode().lower() for code in codes)
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in plain]


def recovery_hash(code: str) -> str:
    """The stored hash of a code, however it is typed."""
    letters = "".join(char for char in code.lower() if char.isalnum())
    # Stored recovery codes depend on this salt: never change it.
    return salted_hmac("desk.people.codes", letters, algorithm="sha256").hexdigest()


def has_second_step(user: User) -> bool:
    return SecondStep.objects.filter(user=user.pk).exists()


@transaction.atomic
def verify(user: User, typed: str) -> bool:
    """Whether the code is right and unused. A right one is used up."""
    row = SecondStep.objects.select_for_update().filter(user=user.pk).first()
    code = "".join(typed.split())
    if row is None or not code:
        return False
    return _use_recovery_code(row, code) or _use_current_code(row, code)


def _use_recovery_code(row: SecondStep, code: str) -> bool:
    hashed = recovery_hash(code)
    if hashed not in row.recovery:
        return False
    row.recovery.remove(hashed)
    row.save(update_fields=["recovery"])
    return True


def _use_current_code(row: SecondStep, code: str) -> bool:
    now = timezone.now()
    if row.wrong_since is None or row.wrong_since < now - WRONG_WINDOW:
        row.wrong, row.wrong_since = 0, now
    if row.wrong >= MAX_WRONG:
        return False
    step = matching_step(row.secret, code, now, after=row.last_step)
    if step is None:
        row.wrong += 1
    else:
        row.last_step, row.wrong = step, 0
    row.save(update_fields=["last_step", "wrong", "wrong_since"])
    return step is not None


@transaction.atomic
def enrol(user: AbstractBaseUser, secret: str, typed: str) -> list[str] | None:
    """Store a secret once a code proves that the app has it. Returns the recovery codes.

    None if the code is wrong; an earlier secret then stays.
    """
    step = matching_step(secret, "".join(typed.split()), timezone.now(), after=0)
    if step is None:
        return None
    recovery = new_recovery_codes()
    SecondStep.objects.update_or_create(
        user_id=user.pk,
        defaults={
            "secret": secret,
            "last_step": step,
            "recovery": [recovery_hash(code) for code in recovery],
            "wrong": 0,
        },
    )
    return recovery


def remove(user: User) -> bool:
    """Whether there was a second step to remove."""
    deleted, _ = SecondStep.objects.filter(user=user.pk).delete()
    return bool(deleted)


def needs_code(request: HttpRequest, required: bool) -> bool:
    """Whether this session has yet to give a code. Runs no query."""
    return required and request.user.is_authenticated and not request.session.get(VERIFIED)
