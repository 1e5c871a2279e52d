"""The second step of signing in: who has one, and whether a code is right."""

from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import codes
from accounts.models import SecondStep

# A right password and wrong codes, from anywhere: then only codes on paper count for a while.
MOST_WRONG = 20
WRONG_WINDOW = timedelta(hours=1)
PASSED = "second_step"  # in a session: a code was given

User = AbstractBaseUser | AnonymousUser


def has_second_step(user: User) -> bool:
    return SecondStep.objects.filter(user=user.pk).exists()


@transaction.atomic
def is_right(user: User, typed: str) -> bool:
    """Whether the code is right, and not used before. It is used up by this."""
    row = SecondStep.objects.select_for_update().filter(user=user.pk).first()
    code = codes.tidy(typed)
    if row is None or not code:
        return False
    return _is_recovery(row, code) or _is_current(row, code)


def _is_recovery(row: SecondStep, code: str) -> bool:
    hashed = codes.recovery_hash(code)
    if hashed not in row.recovery:
        return False
    row.recovery.remove(hashed)
    row.save(update_fields=["recovery"])
    return True


def _is_current(row: SecondStep, code: str) -> bool:
    now = timezone.now()
    if row.wrong_since is None or row.wrong_since < now - WRONG_WINDOW:
        row.wrong, row.wrong_since = 0, now
    if row.wrong >= MOST_WRONG:
        return False
    step = codes.matching_step(row.secret, code, now, after=row.last_step)
    if step is None:
        row.wrong += 1
    else:
        row.last_step, row.wrong = step, 0
    row.save(update_fields=["last_step", "wrong", "wrong_since"])
    return step is not None


@transaction.atomic
def enrol(user: AbstractBaseUser, secret: str, typed: str) -> list[str] | None:
    """Take up a secret, when the code shows that the app has it. Returns codes to write down.

    None when the code is wrong; whatever was set up before then stays.
    """
    step = codes.matching_step(secret, codes.tidy(typed), timezone.now(), after=0)
    if step is None:
        return None
    recovery = codes.new_recovery_codes()
    SecondStep.objects.update_or_create(
        user_id=user.pk,
        defaults={
            "secret": secret,
            "last_step": step,
            "recovery": [codes.recovery_hash(code) for code in recovery],
            "wrong": 0,
        },
    )
    return recovery


def remove(user: User) -> bool:
    """Whether there was one to take away."""
    deleted, _ = SecondStep.objects.filter(user=user.pk).delete()
    return bool(deleted)


def is_missing(request: HttpRequest, required: bool) -> bool:
    """Whether this session still owes a code. Asks nothing of the database."""
    return required and request.user.is_authenticated and not request.session.get(PASSED)
