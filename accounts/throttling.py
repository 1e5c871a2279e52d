"""How often one may try to sign in.

Counted by name and address together: whoever guesses at a host's password is stopped, the host,
who comes from elsewhere, isn't. A library (django-axes) counts by address alone unless told
otherwise, hooks into signals and brings three tables; this is one.
"""

import ipaddress
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Attempts

MOST = 5
WINDOW = timedelta(minutes=15)  # from the first attempt on
MOST_KEPT = 10_000  # rows; a flood of names doesn't fill the disk
IPV6_NETWORK = 64  # a household has as many IPv6 addresses as it likes, in one such network

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


def may_try(request: HttpRequest, name: str) -> bool:
    """Count an attempt, before it is looked at: many at once gain nothing. Three queries."""
    now = timezone.now()
    who = {"name": _key(name), "address": address_of(request)}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, who | {"now": now, "since": now - WINDOW})
        (count,) = cursor.fetchone()
    Attempts.objects.filter(first_at__lt=now - WINDOW).delete()
    newest = Attempts.objects.order_by("-first_at", "-pk").values_list("pk", flat=True)
    Attempts.objects.filter(pk__in=list(newest[MOST_KEPT : 2 * MOST_KEPT])).delete()
    return int(count) <= MOST


def forget(request: HttpRequest, name: str) -> None:
    """Whoever got in begins anew."""
    Attempts.objects.filter(name=_key(name), address=address_of(request)).delete()


def address_of(request: HttpRequest) -> str:
    """Who asks: the IP address, of IPv6 its network.

    Behind a proxy that we trust it is the last in X-Forwarded-For, which that proxy wrote;
    those before it are anyone's word.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY:
        peer = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip() or peer
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return peer[:50]  # a Unix socket's peer has none
    if isinstance(address, ipaddress.IPv6Address) and not address.ipv4_mapped:
        return str(ipaddress.ip_network((address, IPV6_NETWORK), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


def _key(name: str) -> str:
    return name.strip().lower()[:150]
