"""Listeners of the last 24 hours, told apart without keeping who they are.

A listener to an episode is a digest of address, program and recording, keyed by the site's secret
and salted anew each day. The salt goes when its day's 24 hours are over, the digest with it.
"""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import blake2b, sha512

from django.conf import settings

from ops.downloads.lines import Request
from ops.models import Listener, ListenerSalt

WINDOW = timedelta(hours=24)
SALT_BYTES = 16


class Listeners:
    """Those that the requests of one batch are by. Rows are read and written together."""

    def __init__(self) -> None:
        self.secret = sha512(settings.SECRET_KEY.encode()).digest()
        self.salts: dict[date, bytes] = {
            row.day: bytes(row.salt) for row in ListenerSalt.objects.all()
        }
        self.rows: dict[bytes, Listener] = {}

    def load(self, requests: Iterable[tuple[Request, int]]) -> None:
        """Read what is known of who these requests, with their recordings' keys, are by."""
        keys = {key for each in requests for key in self.keys(*each)}
        rows = Listener.objects.filter(key__in=keys)
        self.rows = {bytes(row.key): row for row in rows}

    def of(self, request: Request, recording: int) -> Listener:
        """The listener, begun if there was none in the 24 hours before."""
        today, yesterday = self.keys(request, recording)
        for key in (today, yesterday):
            row = self.rows.get(key)
            if row and request.at - row.first_at < WINDOW:
                return row
        row = Listener(key=today, first_at=request.at, heard=[])
        self.rows[today] = row
        return row

    def save(self) -> None:
        Listener.objects.bulk_create(
            self.rows.values(),
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["first_at", "heard", "counted"],
        )

    def keys(self, request: Request, recording: int) -> tuple[bytes, bytes]:
        """What this listener is called today, and what they were called yesterday."""
        day = request.at.date()
        told = f"{request.address}\n{recording}\n{request.agent}".encode()
        today, yesterday = (
            blake2b(told, key=self.secret, salt=self.salt(each), digest_size=16).digest()
            for each in (day, day - timedelta(days=1))
        )
        return today, yesterday

    def salt(self, day: date) -> bytes:
        if day not in self.salts:
            salt = secrets.token_bytes(SALT_BYTES)
            row, _ = ListenerSalt.objects.get_or_create(day=day, defaults={"salt": salt})
            self.salts[day] = bytes(row.salt)
        return self.salts[day]


def forget(before: datetime) -> None:
    """Remove listeners whose 24 hours were over by then, and salts nobody needs any more."""
    Listener.objects.filter(first_at__lte=before - WINDOW).delete()
    ListenerSalt.objects.filter(day__lt=(before - WINDOW).date()).delete()
