"""Two-factor authentication: who has set it up, and whether a code is right."""

from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import otp
from accounts.models import SecondStep

# After so many wrong codes, from whatever address, only recovery codes count for a while.
MAX_WRONG = 20
WRONG_WINDOW = timedelta(hours=1)
VERIFIED = "second_step"  # in a session

User = AbstractBaseUser | AnonymousUser


def has_second_step(user: User) -> bool:
    return SecondStep.objects.filter(user=user.pk).exists()


@transaction.atomic
def verify(user: User, typed: str) -> bool:
    """Whether the code is right and unused. A right one is used up."""
    row = SecondStep.objects.select_for_update().filter(user=user.pk).first()
    code = otp.strip_spaces(typed)
    if row is None or not code:
        return False
    return _use_recovery_code(row, code) or _use_current_code(row, code)


def _use_recovery_code(row: SecondStep, code: str) -> bool:
    hashed = otp.recovery_hash(code)
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
    step = otp.matching_step(row.secret, code, now, after=row.last_step)
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
    step = otp.matching_step(secret, otp.strip_spaces(typed), timezone.now(), after=0)
    if step is None:
        return None
    recovery = otp.new_recovery_codes()
    SecondStep.objects.update_or_create(
        user_id=user.pk,
        defaults={
            "secret": secret,
            "last_step": step,
            "recovery": [otp.recovery_hash(code) for code in recovery],
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
