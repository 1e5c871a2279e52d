"""What the log tells beside downloads: moments and referrers of pages, subscribers of the feed.

These are requests, not visitors: beside audio the log has no addresses. Only browsers' count.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, tzinfo
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from episodes.models import Episode
from episodes.rules.paths import LISTS
from ops.downloads.log import LoggedRequest, is_listener
from text.timecode import MAX_SECONDS

VISITED = (200, 304)
# The canonical spelling; others redirect to it.
MOMENT = re.compile(r"t=(\d{1,6})(?:,(\d{1,6}))?", re.ASCII)
EPISODE_PAGE = re.compile(rf"/{LISTS[Episode.Kind.PODCAST]}([^/.]+)(?:/transcript|/embed)?")
# Files and programs' addresses: nobody visits them.
NO_PAGE = re.compile(r"/(?:static|media|audio|assets|cards|admin|preview|api|mcp)(?:/|$)|.*\.\w+$")
HOST = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+")
MAX_HOST = 100  # characters
SUBSCRIBERS = re.compile(r"\b(\d{1,7}) (?:subscribers?|readers?|users?)\b", re.IGNORECASE)
PRODUCT = re.compile(
    r"(?:Mozilla/\S+ \((?:compatible; ?)?)?([A-Za-z][\w .!-]{1,40}?)(?:/|;|\(|\)| - |$)"
)

MomentKey = tuple[date, str, int, int]


@dataclass
class Visits:
    """What a batch has: by day and slug, second and end; by day and host; by day and app."""

    moments: Counter[MomentKey] = field(default_factory=Counter)
    referrers: Counter[tuple[date, str]] = field(default_factory=Counter)
    subscribers: dict[tuple[date, str], int] = field(default_factory=dict)


def visits(requests: Iterable[LoggedRequest], zone: tzinfo) -> Visits:
    """Count the requests for pages and for the show's feed."""
    found, feed, own = Visits(), reverse("feed"), own_hosts()
    for request in requests:
        day = request.at.astimezone(zone).date()
        if request.path == feed:
            if reported := subscribers(request.agent):
                app, count = reported
                found.subscribers[day, app] = max(count, found.subscribers.get((day, app), 0))
        elif is_visit(request):
            if moment := moment_of(request):
                found.moments[day, *moment] += 1
            if (host := referrer(request)) and host not in own:
                found.referrers[day, host] += 1
    return found


def is_visit(request: LoggedRequest) -> bool:
    """Whether a browser asked for a page; the invalidator and programs don't say Mozilla."""
    if request.status not in VISITED or NO_PAGE.match(request.path):
        return False
    return request.agent.startswith("Mozilla/") and is_listener(request.agent)


def moment_of(request: LoggedRequest) -> tuple[str, int, int] | None:
    """Slug, second and end (0 without one) of the moment whose page was requested."""
    moment, page = MOMENT.fullmatch(request.query), EPISODE_PAGE.fullmatch(request.path)
    if not moment or not page:
        return None
    start, end = int(moment[1]), int(moment[2] or 0)
    if max(start, end) > MAX_SECONDS:
        return None
    return page[1], start, end if end > start else 0


def referrer(request: LoggedRequest) -> str:
    """The host that linked here, without `www.`; empty if there is none."""
    host = request.referrer.removeprefix("www.")
    return host if len(host) <= MAX_HOST and HOST.fullmatch(host) else ""


def own_hosts() -> set[str]:
    hosts = {urlsplit(settings.SITE_URL).hostname or "", *settings.ALLOWED_HOSTS}
    return {host.removeprefix("www.") for host in hosts}


def subscribers(agent: str) -> tuple[str, int] | None:
    """The app and the number of subscribers that it reports."""
    count, product = SUBSCRIBERS.search(agent), PRODUCT.match(agent)
    if not count or not product:
        return None
    return product[1].strip(), int(count[1])
