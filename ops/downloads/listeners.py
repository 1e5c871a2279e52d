"""Listeners of the last 24 hours, as digests that nobody can undo."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import blake2b, sha512
from ipaddress import IPv6Network

from django.conf import settings

from ops.downloads.log import LoggedRequest
from ops.models import Listener, ListenerSalt

WINDOW = timedelta(hours=24)
SALT_BYTES = 16
# Against programs that make up user agents or addresses, and thereby listeners.
AGENTS = 256  # told apart at one address; the IAB's guidelines filter addresses with many
IPV6_NETWORK = 64  # the prefix a household gets, with all the addresses it wants
MAX_LISTENERS = 1_000_000


class Listeners:
    """The listeners of one batch; their rows are read and written together.

    A listener to an episode is a digest of household, user agent and enclosure, keyed by the site's
    secret and salted anew each day. Salt and digests are deleted when the 24 hours are over.
    """

    def __init__(self) -> None:
        self.secret = sha512(settings.SECRET_KEY.encode()).digest()
        self.salts: dict[date, bytes] = {
            row.day: bytes(row.salt) for row in ListenerSalt.objects.all()
        }
        self.rows: dict[bytes, Listener] = {}

    def load(self, requests: Iterable[tuple[LoggedRequest, int]]) -> None:
        """Read the listeners of these requests, each with its enclosure's key."""
        keys = {key for each in requests for key in self.keys(*each)}
        self.rows = {bytes(row.key): row for row in Listener.objects.filter(key__in=keys)}

    def of(self, request: LoggedRequest, enclosure: int) -> Listener:
        """The listener, a new one if there was none in the 24 hours before."""
        today, yesterday = self.keys(request, enclosure)
        for key in (today, yesterday):
            row = self.rows.get(key)
            if row and request.at - row.first_at < WINDOW:
                return row
        row = Listener(key=today, first_at=request.at, byte_ranges=[])
        self.rows[today] = row
        return row

    def save(self) -> None:
        Listener.objects.bulk_create(
            self.rows.values(),
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["first_at", "byte_ranges", "counted"],
        )

    def keys(self, request: LoggedRequest, enclosure: int) -> tuple[bytes, bytes]:
        """The listener's digests of today and of yesterday."""
        day = request.at.date()
        agent = blake2b(request.agent.encode(), digest_size=4).digest()
        number = int.from_bytes(agent) % AGENTS
        identity = f"{household(request.address)}\n{enclosure}\n{number}".encode()
        today, yesterday = (
            blake2b(identity, key=self.secret, salt=self.salt(each), digest_size=16).digest()
            for each in (day, day - timedelta(days=1))
        )
        return today, yesterday

    def salt(self, day: date) -> bytes:
        if day not in self.salts:
            salt = secrets.token_bytes(SALT_BYTES)
            row, _ = ListenerSalt.objects.get_or_create(day=day, defaults={"salt": salt})
            self.salts[day] = bytes(row.salt)
        return self.salts[day]


def household(address: str) -> str:
    """An IPv4 address, or the network of an IPv6 address."""
    try:
        return str(IPv6Network((address.partition("%")[0], IPV6_NETWORK), strict=False))
    except ValueError:  # IPv4, or a Unix socket
        return address


def delete_expired(now: datetime) -> None:
    """Delete listeners whose 24 hours are over or who are too many, and salts that none needs."""
    Listener.objects.filter(first_at__lte=now - WINDOW).delete()
    newest = Listener.objects.order_by("-first_at").values_list("first_at", flat=True)
    for oldest in newest[MAX_LISTENERS : MAX_LISTENERS + 1]:
        Listener.objects.filter(first_at__lte=oldest).delete()
    ListenerSalt.objects.filter(day__lt=(now - WINDOW).date()).delete()
