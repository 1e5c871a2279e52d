"""Checking links politely: how one is requested, which are due, and what their results mean."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from django.conf import settings
from django.db import Error, connection, transaction
from django.utils import timezone

from linkcheck.addresses import collect_addresses
from linkcheck.models import ASKED_FOR, Link, LinkSurvey
from net import client
from net.addresses import Refused, origin
from net.client import Failed, Limits, TooLarge

logger = logging.getLogger(__name__)

LIMITS = Limits(bytes=200_000, seconds=15)
ROBOTS_LIMITS = Limits(bytes=500_000, seconds=10)
BOT_NAME = "podcast-catalogue-links"
GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
# The page exists but refuses programs, or so many requests. 999 is LinkedIn's own.
REFUSES_BOTS = {401, 402, 403, 405, 406, 407, 418, 425, 429, 451, 999}
BUSY = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
DISALLOWED = "Not checked: its robots.txt asks programs to stay away."
UPDATE_EVERY = timedelta(hours=1)
MAX_REASON = 300  # characters, of the column
AT_ONCE, SECONDS = 10, 20  # in one tick
AT_ONCE_IF_ASKED, SECONDS_IF_ASKED = 50, 40
FEW_HOSTS = 3  # that don't answer: perhaps all of them are down
MOST_WITNESSES = 20
LOCK = 0x6C696E6B  # “link”: the key of a PostgreSQL advisory lock

Method = Callable[..., client.FetchedResponse]
Report = Callable[[Link, "Outcome"], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a check. `final_url`: where redirects ended."""

    status: int | None = None
    reason: str = ""
    failed: bool = False  # for visitors, too
    https_works: bool = False
    busy: bool = False  # the host asks for a pause
    silent: bool = False  # nobody answered: the other site is down, or this one is offline
    final_url: str = ""

    @property
    def is_gone(self) -> bool:
        return self.status in GONE


@dataclass
class LinkChecker:
    """Checks one address after the other, and leaves `pause` seconds between requests to a host.

    `allowed` are origins that may be in a private network, for tests.
    """

    pause: float = 3
    allowed: frozenset[str] = frozenset()
    robots: dict[str, RobotFileParser] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)

    def check(self, url: str) -> Outcome:
        """Whether an address works and, for http, whether https does, too."""
        try:
            if not self._is_allowed(url):
                return Outcome(reason=DISALLOWED)
        except Refused as refused:
            return Outcome(reason=str(refused), failed=True)
        outcome = self._request(url)
        if not url.startswith("http://") or outcome.busy:
            return outcome
        secure = self._request(f"https://{url.removeprefix('http://')}")
        works = secure.final_url.startswith("https://")  # and not back to http
        return replace(outcome, https_works=works, busy=secure.busy)

    def wait_for(self, url: str, now: float) -> float:
        """The seconds from `now` (monotonic) until the link's host may be requested again."""
        return max(0, self.last.get(host(url), now - self.pause) + self.pause - now)

    def _request(self, url: str) -> Outcome:
        """Request the URL by HEAD, then by GET if that fails: some servers know only GET."""
        outcome = self._outcome(client.head, url)
        if outcome.failed or (outcome.status in REFUSES_BOTS and not outcome.busy):
            outcome = self._outcome(client.get, url)
        return outcome

    def _outcome(self, method: Method, url: str) -> Outcome:
        try:
            answer = self._answer(method, url, LIMITS)
        except TooLarge:
            return Outcome(HTTPStatus.OK, final_url=url)
        except Refused as refused:
            return Outcome(reason=str(refused), failed=True)
        except Failed as failure:
            status = failure.status
            failed, busy = status not in REFUSES_BOTS, status in BUSY
            return Outcome(status, str(failure), failed=failed, busy=busy, silent=status is None)
        return Outcome(answer.status, final_url=answer.url)

    def _answer(self, method: Method, url: str, limits: Limits) -> client.FetchedResponse:
        """After a pause. The user agent names this site, so that the other's owner can object."""
        time.sleep(self.wait_for(url, time.monotonic()))
        self.last[host(url)] = time.monotonic()
        agent = f"Mozilla/5.0 (compatible; {BOT_NAME}/1.0; +{settings.SITE_URL}/)"
        return method(url, limits, self.allowed, {"User-Agent": agent, "Accept": "*/*"})

    def _is_allowed(self, url: str) -> bool:
        """Whether the host's robots.txt (RFC 9309) allows it. A missing or unreadable one does."""
        site = origin(url)
        if site not in self.robots:
            try:
                robots = self._answer(client.get, f"{site}/robots.txt", ROBOTS_LIMITS).body
                self.robots[site] = _rules(robots.decode("utf-8", "replace"))
            except (Failed, ValueError):  # RobotFileParser fails at numbers such as “²”
                self.robots[site] = _rules("")
        return self.robots[site].can_fetch(BOT_NAME, url)


def _rules(robots_txt: str) -> RobotFileParser:
    rules = RobotFileParser()
    rules.parse(robots_txt.splitlines())
    return rules


def host(url: str) -> str:
    return urlsplit(url).hostname or ""


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

    Each result is stored at once, so an interrupted run continues where it stopped. Only where no
    site has answered yet, results wait: this site may be offline, and then they tell nothing.
    Returns how many were checked; none while another process does it.
    """
    end, count = time.monotonic() + seconds, 0
    waiting: list[tuple[Link, Outcome]] = []
    has_answer = False
    busy: set[str] = set()  # hosts that asked for a pause; their addresses stay due
    with exclusive() as is_exclusive:
        if not is_exclusive:
            return 0
        for link in alternate_hosts(list(Link.objects.due()[:limit]), checker):
            if time.monotonic() >= end:
                break
            if host(link.url) in busy:
                continue
            outcome = _checked(link, checker)
            if outcome.busy:
                busy.add(host(link.url))
            waiting.append((link, outcome))
            has_answer = has_answer or outcome.status is not None
            if has_answer:
                count += _store(waiting, report)
        hosts = {host(link.url) for link, outcome in waiting if outcome.silent}
        if hosts and _is_offline(hosts, checker):
            logger.warning("No other site answers, so no link was checked. Is this one offline?")
            return count
        return count + _store(waiting, report)


def _store(results: list[tuple[Link, Outcome]], report: Report | None) -> int:
    """Store the results and empty the list; how many there were."""
    count = len(results)
    for link, outcome in results:
        record(link, outcome)
        if report:
            report(link, outcome)
    results.clear()
    return count


def _is_offline(silent: set[str], checker: LinkChecker) -> bool:
    """Whether, beside these hosts, not even one answers that did so last time."""
    worked = Link.objects.filter(status=HTTPStatus.OK, failing_since=None).order_by("-checked_at")
    for link in worked[:MOST_WITNESSES]:
        if host(link.url) not in silent:
            return _checked(link, checker).silent
    return len(silent) >= FEW_HOSTS


def _checked(link: Link, checker: LinkChecker) -> Outcome:
    """A server that we can't cope with isn't dead, and doesn't stop the checks of others."""
    try:
        return checker.check(link.url)
    except Exception:
        logger.exception("Couldn't check %s", link.url)
        return Outcome(reason="Not checked: the log says why.")


def alternate_hosts(links: list[Link], checker: LinkChecker) -> Iterator[Link]:
    """The links in an order in which each host rests while others are checked."""
    while links:
        now = time.monotonic()
        link = min(links, key=lambda each: checker.wait_for(each.url, now))  # or the first
        links.remove(link)
        yield link


def record(link: Link, outcome: Outcome, now: datetime | None = None) -> None:
    """Store a result. Failures count once a day; see `LinkQuerySet.dead`."""
    now = now or timezone.now()
    is_new_day = link.checked_at is None or link.checked_at.date() < now.date()
    if not outcome.failed:
        link.failing_since, link.failed_days, link.dismissed = None, 0, False
    elif link.failing_since is None:
        link.failing_since, link.failed_days = now, 1
    elif is_new_day:
        link.failed_days += 1
    link.gone = link.gone + 1 if outcome.is_gone else 0
    link.status, link.reason = outcome.status, outcome.reason[:MAX_REASON]
    link.https_works, link.checked_at, link.asked_at = outcome.https_works, now, None
    link.save()


@contextmanager
def exclusive() -> Iterator[bool]:
    """Whether no other process checks links now; two would request a host at once.

    The lock has a transaction of its own: behind a pooler, a session may have another connection
    for each statement.
    """
    holder = connection.copy()
    try:
        holder.set_autocommit(False)
        with holder.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            (got,) = cursor.fetchone()
        yield got
    finally:
        # The end of a connection alone would give the lock back a moment later.
        with suppress(Error):  # the connection has ended, and the lock with it
            holder.rollback()
        holder.close()


def check_some() -> str:
    """Check a few links, for the `tick` of each minute."""
    if not LinkSurvey.objects.filter(made_at__gt=timezone.now() - UPDATE_EVERY).exists():
        update_links()
    is_asked = Link.objects.filter(ASKED_FOR).exists()
    limit, seconds = (AT_ONCE_IF_ASKED, SECONDS_IF_ASKED) if is_asked else (AT_ONCE, SECONDS)
    count = check_due(limit, seconds, LinkChecker())
    return f"Checked {count} link{'s' if count != 1 else ''}." if count else ""
