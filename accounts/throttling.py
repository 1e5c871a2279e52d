"""Attempts to sign in: counted by account, and by account and address; delayed, never locked.

Not by django-axes: it locks for a time, has one limit for all ways to count, counts after the
password was checked, so that parallel attempts pass, and stores rows without a bound.
"""

import ipaddress
import math
import secrets
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import connection, transaction
from django.db.models import F, Max, Sum
from django.db.models.functions import Least
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import SignInAttempts

WINDOW = timedelta(minutes=15)  # from the first attempt
MAX_ATTEMPTS = 5  # in a window, under a name from an address; then each one waits
MAX_FROM_BROWSER = 20  # likewise, from a browser that has signed in under the name before
MAX_FROM_ADDRESS = 40  # likewise, from an address under all names: each one hashes a password
MAX_UNDER_NAME = 20  # likewise, from all other browsers and addresses together; then they wait
FIRST_DELAY = timedelta(seconds=15)  # after MAX_ATTEMPTS; it doubles up to the longest
LONGEST_DELAY = timedelta(minutes=1)  # between attempts under a name
MAX_ROWS = 10_000  # so that a flood of names can't fill the disk
IPV6_NETWORK = 64  # the prefix a household gets, with all the addresses it wants
# A browser that has signed in carries this signed cookie.
BROWSER_COOKIE = f"{settings.COOKIE_PREFIX}browser"
BROWSER_COOKIE_AGE = timedelta(days=365)
MAX_NAMES = 8  # in the cookie
KNOWN = "browser "  # begins the `address` of a known browser
SESSION = "session "  # likewise, of somebody who is signed in
NAME_SALT, SESSION_SALT = "sign-in attempts", "sign-in attempts of a session"
AT_ONCE = datetime.min.replace(tzinfo=UTC)

COUNT = """
INSERT INTO desk_attempts (name, address, count, first_at, last_at)
VALUES (%(name)s, %(address)s, 1, %(now)s, %(now)s)
ON CONFLICT (name, address) DO UPDATE SET
    count = CASE WHEN desk_attempts.first_at < %(since)s THEN 1
                 ELSE least(desk_attempts.count + 1, 1000) END,
    first_at = CASE WHEN desk_attempts.first_at < %(since)s THEN %(now)s
                    ELSE desk_attempts.first_at END,
    last_at = %(now)s
"""


@transaction.atomic
def seconds_to_wait(request: HttpRequest, name: str, *, is_signed_in: bool = False) -> int:
    """0 if an attempt under this name may go on, which counts it; else how long to wait.

    Ask before checking the password: parallel attempts then gain nothing. An attempt that has to
    wait isn't counted, so waiting ends. Strangers' attempts never delay a browser that has
    signed in under the name before, nor somebody who is signed in. Those who are signed in are
    counted by session: a thief of one gains nothing by changing addresses.
    """
    now, stored = timezone.now(), _stored(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [stored])
    recent = SignInAttempts.objects.filter(name=stored, first_at__gte=now - WINDOW)
    rows = {row.address: row for row in recent}
    source = _session(request) if is_signed_in else _known_browser(request, name)
    free_at = _free_at(rows.get(source), MAX_ATTEMPTS if is_signed_in else MAX_FROM_BROWSER)
    if not is_signed_in and (not source or free_at > now):
        source = client_address(request)
        free_at = max(
            _free_at(rows.get(source), MAX_ATTEMPTS),
            _free_for_stranger_at(source, rows),
            _free_for_address_at(source, now),
        )
    if free_at > now:
        return math.ceil((free_at - now).total_seconds())
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT, {"name": stored, "address": source, "now": now, "since": now - WINDOW}
        )
    prune_attempts()
    return 0


def count_incomplete(request: HttpRequest, name: str) -> None:
    """A form without a password counts only where attempts do already: it costs next to nothing,
    and a flood of new rows would displace those that protect somebody.
    """
    here = SignInAttempts.objects.filter(name=_stored(name), address=client_address(request))
    here.update(count=Least(F("count") + 1, 1000), last_at=timezone.now())


def _free_at(row: SignInAttempts | None, limit: int) -> datetime:
    """When a source that has made so many attempts may make the next: delayed, never locked."""
    if row is None or row.count < limit:
        return AT_ONCE
    delay = FIRST_DELAY * 2 ** min(row.count - limit, 2)
    return (row.last_at or row.first_at) + min(delay, LONGEST_DELAY)


def _free_for_stranger_at(address: str, rows: dict[str, SignInAttempts]) -> datetime:
    """Guesses under one name from many addresses get a delay that doubles up to a minute.

    An address waits once more for each attempt it has made: a newcomer comes before those who
    poll for the free moment.
    """
    strangers = [row for row in rows.values() if not row.address.startswith((KNOWN, SESSION))]
    excess = sum(row.count for row in strangers) - MAX_UNDER_NAME
    if excess < 0:
        return AT_ONCE
    delay = min(timedelta(seconds=2 ** min(excess, 10)), LONGEST_DELAY)
    attempts = rows[address].count if address in rows else 0
    return max(row.last_at or row.first_at for row in strangers) + delay * (attempts + 1)


def _free_for_address_at(address: str, now: datetime) -> datetime:
    """An address that has tried so often, under whatever names, waits LONGEST_DELAY each time."""
    rows = SignInAttempts.objects.filter(address=address, first_at__gte=now - WINDOW)
    found = rows.aggregate(Sum("count"), Max("last_at"))
    if (found["count__sum"] or 0) < MAX_FROM_ADDRESS or not found["last_at__max"]:
        return AT_ONCE
    return found["last_at__max"] + LONGEST_DELAY


def prune_attempts() -> None:
    """Remove attempts whose window is over, and the oldest beyond MAX_ROWS."""
    SignInAttempts.objects.filter(first_at__lt=timezone.now() - WINDOW).delete()
    newest = SignInAttempts.objects.order_by("-first_at", "-pk").values_list("pk", flat=True)
    SignInAttempts.objects.filter(pk__in=list(newest[MAX_ROWS : 2 * MAX_ROWS])).delete()


def reset_attempts(request: HttpRequest, name: str) -> None:
    """After a success: those from here. What strangers tried under the name still counts."""
    here = (client_address(request), _known_browser(request, name), _session(request))
    SignInAttempts.objects.filter(name=_stored(name), address__in=here).delete()


def remember_browser(request: HttpRequest, response: HttpResponse, name: str) -> None:
    """Set the cookie by which this browser is known under the name. It signs nobody in."""
    browser, names = _read_cookie(request)
    digest = _digest(BROWSER_COOKIE, _normalise(name))
    names = [digest, *(each for each in names if each != digest)][:MAX_NAMES]
    response.set_cookie(
        BROWSER_COOKIE,
        signing.dumps([browser or secrets.token_urlsafe(12), names], salt=BROWSER_COOKIE),
        max_age=BROWSER_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def is_known_browser(request: HttpRequest, name: str) -> bool:
    """Whether somebody has signed in here by this name."""
    return bool(_known_browser(request, name))


def _known_browser(request: HttpRequest, name: str) -> str:
    """How attempts of this browser are counted; empty if nobody signed in here by the name."""
    browser, names = _read_cookie(request)
    return f"{KNOWN}{browser}" if _digest(BROWSER_COOKIE, _normalise(name)) in names else ""


def _session(request: HttpRequest) -> str:
    """How attempts of somebody who is signed in are counted; empty without a session."""
    key = request.session.session_key
    return f"{SESSION}{_digest(SESSION_SALT, key)}" if key else ""


def _read_cookie(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        browser, names = signing.loads(
            request.COOKIES.get(BROWSER_COOKIE, ""), salt=BROWSER_COOKIE,
            max_age=BROWSER_COOKIE_AGE,
        )  # fmt: skip
    except signing.BadSignature:
        return "", []
    return browser, names


def _stored(name: str) -> str:
    """A digest: what is typed as a name may be a password in the wrong field."""
    return _digest(NAME_SALT, _normalise(name))


def _digest(salt: str, value: str) -> str:
    return salted_hmac(salt, value, algorithm="sha256").hexdigest()[:16]


def client_address(request: HttpRequest) -> str:
    """The client's IP address, for IPv6 its network.

    Behind a trusted proxy it is CLIENT_ADDRESS_HEADER, or else the last entry of X-Forwarded-For,
    which that proxy wrote; clients can forge the others.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if settings.CLIENT_ADDRESS_HEADER:
        peer = request.headers.get(settings.CLIENT_ADDRESS_HEADER, "").strip() or peer
    elif settings.TRUST_PROXY:
        peer = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip() or peer
    return normal_address(peer)


def normal_address(peer: str) -> str:
    """What counts as one client: an IPv4 address, or an IPv6 network."""
    try:
        address = ipaddress.ip_address(peer.strip())
    except ValueError:
        return peer.strip()[:50]  # the peer of a Unix socket has no address
    if isinstance(address, ipaddress.IPv6Address) and not address.ipv4_mapped:
        return str(ipaddress.ip_network((address, IPV6_NETWORK), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


def _normalise(name: str) -> str:
    return name.strip().lower()[:150]
