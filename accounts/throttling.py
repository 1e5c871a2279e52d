"""Limits sign-in attempts by name and address together.

A stranger who guesses a host's password is stopped, while the host can sign in from elsewhere.
django-axes counts by address alone by default, hooks into signals and adds three tables.
"""

import ipaddress
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import SignInAttempts

MAX_ATTEMPTS = 5
WINDOW = timedelta(minutes=15)  # from the first attempt
MAX_ROWS = 10_000  # so that a flood of names can't fill the disk
IPV6_NETWORK = 64  # the prefix a household gets, with all the addresses it wants

COUNT = """
INSERT INTO desk_attempts (name, address, count, first_at)
VALUES (%(name)s, %(address)s, 1, %(now)s)
ON CONFLICT (name, address) DO UPDATE SET
    count = CASE WHEN desk_attempts.first_at < %(since)s THEN 1
                 ELSE least(desk_attempts.count + 1, 1000) END,
    first_at = CASE WHEN desk_attempts.first_at < %(since)s THEN %(now)s
                    ELSE desk_attempts.first_at END
RETURNING count
"""


def count_attempt(request: HttpRequest, name: str) -> bool:
    """Whether the attempt is within the limit. Three queries.

    It counts before the password is checked, so parallel attempts gain nothing.
    """
    now = timezone.now()
    key = {"name": _normalise(name), "address": client_address(request)}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, key | {"now": now, "since": now - WINDOW})
        (count,) = cursor.fetchone()
    SignInAttempts.objects.filter(first_at__lt=now - WINDOW).delete()
    newest = SignInAttempts.objects.order_by("-first_at", "-pk").values_list("pk", flat=True)
    SignInAttempts.objects.filter(pk__in=list(newest[MAX_ROWS : 2 * MAX_ROWS])).delete()
    return int(count) <= MAX_ATTEMPTS


def reset_attempts(request: HttpRequest, name: str) -> None:
    """After a successful sign-in."""
    SignInAttempts.objects.filter(name=_normalise(name), address=client_address(request)).delete()


def client_address(request: HttpRequest) -> str:
    """The client's IP address, for IPv6 its network.

    Behind a trusted proxy it is the last entry of X-Forwarded-For, which that proxy wrote;
    clients can forge the others.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY:
        peer = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip() or peer
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return peer[:50]  # the peer of a Unix socket has no address
    if isinstance(address, ipaddress.IPv6Address) and not address.ipv4_mapped:
        return str(ipaddress.ip_network((address, IPV6_NETWORK), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


def _normalise(name: str) -> str:
    return name.strip().lower()[:150]
