"""Which addresses are due for a check, in an order that spares their hosts, and the results."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from linkcheck.addresses import collect_addresses
from linkcheck.models import Link, LinkSurvey
from linkcheck.request import LinkChecker, Outcome, host

UPDATE_EVERY = timedelta(hours=1)
MAX_REASON = 300  # characters, of the column
LOCK = 0x6C696E6B  # “link”: the key of a PostgreSQL advisory lock
Report = Callable[[Link, Outcome], None]


def update_links() -> None:
    """Make the table hold the addresses the show links to now. New ones are due at once."""
    wanted = collect_addresses()
    stored = Link.objects.in_bulk(field_name="url")
    moved = [link for url, link in stored.items() if url in wanted and link.places != wanted[url]]
    for link in moved:
        link.places = wanted[link.url]
    with transaction.atomic():
        Link.objects.filter(url__in=stored.keys() - wanted.keys()).delete()
        Link.objects.bulk_update(moved, ["places"], batch_size=500)
        new = (Link(url=url, places=wanted[url]) for url in sorted(wanted.keys() - stored.keys()))
        Link.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
        LinkSurvey.objects.update_or_create(pk=1, defaults={"made_at": timezone.now()})


def check_due(
    limit: int, seconds: float, checker: LinkChecker, report: Report | None = None
) -> int:
    """Check addresses that are due: at most `limit`, starting none after `seconds`.

    Each result is stored at once, so an interrupted run continues where it stopped. Returns how
    many were checked; none while another process does it.
    """
    end, count = time.monotonic() + seconds, 0
    busy: set[str] = set()  # hosts that asked for a pause; their addresses stay due
    with exclusive() as is_exclusive:
        if not is_exclusive:
            return 0
        for link in alternate_hosts(list(Link.objects.due()[:limit]), checker):
            if time.monotonic() >= end:
                break
            if host(link.url) in busy:
                continue
            outcome = checker.check(link.url)
            if outcome.busy:
                busy.add(host(link.url))
            record(link, outcome)
            count += 1
            if report:
                report(link, outcome)
    return count


def alternate_hosts(links: list[Link], checker: LinkChecker) -> Iterator[Link]:
    """The links in an order in which each host rests while others are checked."""
    waiting = list(links)
    while waiting:
        link = min(waiting, key=lambda each: checker.wait_for(each.url))  # the first among equals
        waiting.remove(link)
        yield link


def record(link: Link, outcome: Outcome, now: datetime | None = None) -> None:
    """Store a result. Failures count once a day; see `LinkQuerySet.dead`."""
    now = now or timezone.now()
    is_new_day = link.checked_at is None or link.checked_at.date() < now.date()
    if not outcome.failed:
        link.failing_since, link.failed_days, link.gone = None, 0, 0
    else:
        if link.failing_since is None:
            link.failing_since, link.failed_days = now, 1
        elif is_new_day:
            link.failed_days += 1
        link.gone = link.gone + 1 if outcome.is_gone else 0
    link.status, link.reason = outcome.status, outcome.reason[:MAX_REASON]
    link.https_works, link.checked_at = outcome.https_works, now
    link.save()


@contextmanager
def exclusive() -> Iterator[bool]:
    """Whether no other process checks links now; two would request a host at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        (got,) = cursor.fetchone()
    try:
        yield got
    finally:
        if got:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def check_some() -> str:
    """A minute's share, for `tick`."""
    if not LinkSurvey.objects.filter(made_at__gt=timezone.now() - UPDATE_EVERY).exists():
        update_links()
    count = check_due(limit=10, seconds=20, checker=LinkChecker())
    return f"Checked {count} link{'s' if count != 1 else ''}." if count else ""
