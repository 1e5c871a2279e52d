"""Rounds of asking: which addresses are due, in an order that spares hosts, and what came of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from linkcheck.addresses import gather
from linkcheck.models import Link, LinkSurvey
from linkcheck.request import Outcome, Visitor, host

SURVEY_EVERY = timedelta(hours=1)
LONGEST_REASON = 300  # as the column
LOCK = 0x6C696E6B  # “link”: of PostgreSQL's advisory locks
Told = Callable[[Link, Outcome], None]


def survey() -> None:
    """Make the table hold the addresses the show links to now: new ones due, others gone."""
    wanted = gather()
    known = Link.objects.in_bulk(field_name="url")
    moved = [link for url, link in known.items() if url in wanted and link.places != wanted[url]]
    for link in moved:
        link.places = wanted[link.url]
    with transaction.atomic():
        Link.objects.filter(url__in=known.keys() - wanted.keys()).delete()
        Link.objects.bulk_update(moved, ["places"], batch_size=500)
        new = (Link(url=url, places=wanted[url]) for url in sorted(wanted.keys() - known.keys()))
        Link.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
        LinkSurvey.objects.update_or_create(pk=1, defaults={"made_at": timezone.now()})


def survey_if_old() -> None:
    if not LinkSurvey.objects.filter(made_at__gt=timezone.now() - SURVEY_EVERY).exists():
        survey()


def check_due(most: int, seconds: float, visitor: Visitor, tell: Told | None = None) -> int:
    """Ask addresses that are due: at most so many, beginning none after so many seconds.

    Each answer is stored when it comes, so an interrupted round goes on where it stopped.
    Returns how many were asked; none while another process does it.
    """
    end, count = time.monotonic() + seconds, 0
    busy: set[str] = set()  # hosts to leave alone for now; their addresses stay due
    with alone() as is_alone:
        if not is_alone:
            return 0
        for link in in_turn(list(Link.objects.due()[:most]), visitor):
            if time.monotonic() >= end:
                break
            if host(link.url) in busy:
                continue
            outcome = visitor.ask(link.url)
            if outcome.busy:
                busy.add(host(link.url))
            note(link, outcome)
            count += 1
            if tell:
                tell(link, outcome)
    return count


def in_turn(links: list[Link], visitor: Visitor) -> Iterator[Link]:
    """The links in an order in which their hosts rest meanwhile, as far as there are others."""
    waiting = list(links)
    while waiting:
        link = min(waiting, key=lambda each: visitor.rests(each.url))  # the first among equals
        waiting.remove(link)
        yield link


def note(link: Link, outcome: Outcome, now: datetime | None = None) -> None:
    """Store what came of asking. One failing day is a bad day; see `LinkQuerySet.dead`."""
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
    link.status, link.reason = outcome.status, outcome.reason[:LONGEST_REASON]
    link.https_works, link.checked_at = outcome.https_works, now
    link.save()


@contextmanager
def alone() -> Iterator[bool]:
    """Whether no other process asks at the moment; two would ask a host at once."""
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
    survey_if_old()
    count = check_due(most=10, seconds=20, visitor=Visitor())
    return f"Asked {count} link{'s' if count != 1 else ''}." if count else ""
