"""The security log: who signed in from where, and what changed about accounts and people."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import DeskSession, SecurityEvent
from accounts.throttling import WINDOW, client_address, prune_attempts

Kind = SecurityEvent.EventKind
# Strangers write these entries, so their number is limited beside their age.
OF_STRANGERS = (Kind.REFUSED, Kind.DELAYED)
MAX_OF_STRANGERS = 10_000
UNKNOWN = "(no such account)"  # a typed name may be a password in the wrong field


def record(request: HttpRequest | None, kind: Kind, name: str, detail: str = "") -> None:
    """Add an entry about the user of this name; without a request, about a command."""
    SecurityEvent.objects.create(
        kind=kind,
        name=name[:150],
        address=client_address(request) if request else "",
        detail=detail[:300],
    )


def record_delay(request: HttpRequest, name: str) -> None:
    """One entry for all attempts that have to wait at this address within a window."""
    entry = {"kind": Kind.DELAYED, "name": name[:150], "address": client_address(request)}
    since = timezone.now() - WINDOW
    if not SecurityEvent.objects.filter(at__gte=since, **entry).exists():
        SecurityEvent.objects.create(**entry)


def purge_sign_ins() -> str:
    """Remove log entries that are too old or too many, old attempts and expired sessions."""
    prune_attempts()
    now = timezone.now()
    entries: Any = SecurityEvent.objects
    entries.filter(at__lt=now - timedelta(days=settings.SECURITY_LOG_DAYS)).delete()
    strangers = entries.filter(kind__in=OF_STRANGERS)
    newest = strangers.values_list("pk", flat=True)[MAX_OF_STRANGERS:]
    strangers.filter(pk__in=list(newest)).delete()
    for sessions in (DeskSession, Session):  # the latter are of the former release
        sessions.objects.filter(expire_date__lt=now).delete()
    return ""
