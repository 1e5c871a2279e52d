"""Second steps of the former release, until 2.0.

Its rows stay, for it answers on them during an update and after a rollback. A migration turns them
into django-otp's devices; one that the former code wrote later follows at the user's next sign-in.
"""

import base64
from typing import Any

from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import SecondStep

APP, RECOVERY_CODES = "Authenticator app", "Recovery codes"  # names of devices
TOKEN_LENGTH = 16  # characters of a code's hash that a StaticToken has room for: 64 bits


def adopt(row: Any, totp_devices: Any, static_devices: Any) -> None:
    """Create the devices of a former row. The managers may be a migration's."""
    key = base64.b32decode(row.secret).hex()
    app = totp_devices.create(user_id=row.user_id, name=APP, key=key, last_t=row.last_step)
    totp_devices.filter(pk=app.pk).update(created_at=row.created_at)
    if row.recovery:
        device = static_devices.create(user_id=row.user_id, name=RECOVERY_CODES)
        for code_hash in row.recovery:
            device.token_set.create(token=code_hash[:TOKEN_LENGTH])


@transaction.atomic
def adopt_missed(user_id: int) -> None:
    """Adopt the row of a user who has no app yet: the former code wrote it after the migration."""
    if TOTPDevice.objects.filter(user=user_id).exists():
        return
    row = SecondStep.objects.select_for_update().filter(user=user_id).first()
    if row:
        StaticDevice.objects.filter(user=user_id).delete()
        adopt(row, TOTPDevice.objects, StaticDevice.objects)


def write_former(user_id: int, secret: str, last_step: int, recovery: list[str]) -> None:
    """So that a second step set up now also counts after a rollback."""
    values = {"secret": secret, "last_step": last_step, "recovery": recovery, "wrong": 0}
    SecondStep.objects.update_or_create(user_id=user_id, defaults=values)


def use_up_former(user_id: int, token: str) -> None:
    """A used recovery code doesn't come back with a rollback."""
    for row in SecondStep.objects.select_for_update().filter(user=user_id):
        row.recovery = [each for each in row.recovery if not each.startswith(token)]
        row.save(update_fields=["recovery"])
