"""Purges cached pages when what they show has changed: the loop that runs beside each nginx.

Every commit notifies (NOTIFY content, show_bump_version()), and the pages it touched are purged. An
edited episode's own pages are refreshed instead: nginx serves the old ones for the moment that
rendering takes, so nobody waits for them. The content state is also polled every second: a change
that was not notified, such as a publication or a restored backup, purges everything.

A page rendered from the old content carries a stale ETag; it is purged for as long as nginx may
still store it.
"""

import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from psycopg2 import Error

from caching.nginx.cache_files import ENDINGS, CachedPage, NginxCache
from caching.nginx.content_listener import ContentListener, Poll
from caching.nginx.presence import STARTING
from caching.nginx.refetch import Refetcher
from caching.outages import is_driver_outage
from caching.version import PageVersion

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
LATE_SECONDS = 65.0  # nginx may store a page so long after a change: it waits 60 s for a response
REFRESH_SECONDS = 0.1  # an edited episode's pages are served no longer while they are refreshed
# After a change, seconds until the next polls for pages stored late; then every POLL_SECONDS.
POLLS = (0.02, 0.11, 0.25, 0.5)


@dataclass(frozen=True, slots=True)
class ContentChange:
    """A commit, or a publication that came due, and the version after it.

    `touched`: the addresses of the episodes whose own pages it changed, such as
    `podcast/37-a-real-estate-system`; pages that are no episode's may show it, too. None: it may
    show on any page.
    """

    version: PageVersion
    touched: frozenset[str] | None = None

    def invalidates(self, page: CachedPage) -> bool:
        """Whether the page may show this change, and was rendered before it."""
        if page.version is None or page.version.release != self.version.release:
            return True
        is_older = page.version.number < self.version.number
        if not is_older and page.version.newest_due >= self.version.newest_due:
            return False
        return self.touched is None or page.episode is None or page.episode in self.touched

    def own_paths(self) -> list[str]:
        """The touched episodes' own pages, without their moments."""
        return [f"/{address}{ending}" for address in self.touched or () for ending in ENDINGS]


class Invalidator:
    """Purges the stale pages of one nginx. Raises the driver's errors."""

    def __init__(
        self,
        cache: NginxCache,
        content: ContentListener,
        refresher: Refetcher | None = None,
        refetcher: Refetcher | None = None,
    ) -> None:
        """`refresher` replaces pages that are still served, `refetcher` fetches purged ones again:
        an edited page must not wait behind the hundreds that may show the edit, too."""
        self.cache, self.content = cache, content
        self.refresher, self.refetcher = refresher, refetcher
        self.version: PageVersion | None = None
        self.state = STARTING  # as announced
        self.next_due: datetime | None = None
        self.changes: list[tuple[float, ContentChange]] = []  # by time.monotonic
        self.latest: dict[str | None, ContentChange] = {}  # of each touched episode
        self.changed_at = self.polled_at = float("-inf")  # by time.monotonic
        self.is_behind = False  # a change has been refreshed and not yet purged elsewhere
        self.refreshing: dict[str, float] = {}  # paths that aren't purged until this time

    def listen(self) -> None:
        """(Re)connect; compare versions to find missed changes."""
        self.content.listen(self.state)
        found = self.content.poll()
        if found.version != self.version:
            self.reset(found.version)
        self.next_due = found.next_due
        self.announce(str(found.version.number))
        logger.info("Listening for commits; the content's version is %d.", found.version.number)

    def reset(self, version: PageVersion) -> None:
        """Purge pages of other versions; at a start all, for a deploy may have changed settings."""
        is_start = self.version is None
        self.record(ContentChange(version))
        self.version = version
        self.purge([page for page in self.cache.pages() if is_start or page.version != version])

    def wait(self) -> None:
        """Block until a notification arrives or the next poll is due."""
        since = time.monotonic() - self.changed_at
        seconds = next((after - since for after in POLLS if after > since), POLL_SECONDS)
        if self.next_due:
            seconds = min(seconds, (self.next_due - datetime.now(UTC)).total_seconds())
        self.content.wait(seconds)

    def poll(self) -> None:
        """Refresh or purge the pages that commits since the last poll have made stale."""
        found, before = self.content.poll(), self.version
        self.next_due = found.next_due
        if before is None or found.version.number < before.number:
            self.reset(found.version)  # a backup was restored
            self.announce(str(found.version.number))
            return
        if found.version != before:
            self.version = found.version
            change = ContentChange(found.version, self.touched_episodes(before, found))
            self.record(change)
            if self.refresh(change) and not self.is_behind:
                self.is_behind = True
                return  # scanning all other pages now would delay these
        # Measured from the last poll: the database may have been away since.
        if self.polled_at - self.changed_at < LATE_SECONDS:
            self.polled_at, self.is_behind = time.monotonic(), False
            stale = [page for page in self.cache.pages() if self.is_stale(page)]
            self.purge([page for page in stale if not self.is_refreshing(page)])
        self.announce(str(found.version.number))

    def touched_episodes(self, before: PageVersion, found: Poll) -> frozenset[str] | None:
        """The addresses of the episodes touched since; None if any page may have changed."""
        expected = list(range(before.number + 1, found.version.number + 1))
        keys = [each["touched"] for each in found.notifications]
        is_due = found.version.newest_due != before.newest_due
        if [each["version"] for each in found.notifications] != expected or None in keys or is_due:
            return None
        return self.content.addresses(key for episodes in keys for key in episodes)

    def announce(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.content.announce(state)

    def record(self, change: ContentChange) -> None:
        # A change that may show on any page covers all earlier ones.
        earlier = self.changes if change.touched is not None else []
        recent = [(at, each) for at, each in earlier if self.polled_at - at < LATE_SECONDS]
        self.changed_at = time.monotonic()
        self.changes = [*recent, (self.changed_at, change)]
        self.latest = {key: each for _, each in self.changes for key in each.touched or ()}

    def is_stale(self, page: CachedPage) -> bool:
        """Whether any recorded change invalidates it; comparing three of hundreds is enough.

        Versions only grow, so the latest of similar changes decides. Only the first one can be a
        change of any page, because such a change replaces all before it.
        """
        first, last = self.changes[0][1], self.changes[-1][1]
        changes = (first, last, self.latest.get(page.episode, last))
        return any(change.invalidates(page) for change in changes)

    def refresh(self, change: ContentChange) -> bool:
        """Refresh the cached own pages of the touched episodes; whether there are any."""
        now = time.monotonic()
        self.refreshing = {path: until for path, until in self.refreshing.items() if until > now}
        if not self.refresher:
            return False
        pages = [page for path in change.own_paths() if (page := self.cache.page(path))]
        for page in pages:
            self.refreshing.setdefault(page.path, now + REFRESH_SECONDS)
        self.refresher.fetch(pages)
        return bool(pages)

    def is_refreshing(self, page: CachedPage) -> bool:
        return time.monotonic() < self.refreshing.get(page.path, 0)

    def purge(self, pages: list[CachedPage]) -> None:
        for page in pages:
            page.file.unlink(missing_ok=True)
        if pages and self.refetcher:
            self.refetcher.fetch(page for page in pages if not page.is_moment)


def run(invalidator: Invalidator) -> None:
    """Loop forever; leave cached pages alone while the database is down."""
    while True:
        try:
            invalidator.listen()
            while True:
                invalidator.wait()
                invalidator.poll()
        except Error as error:
            what = "is away" if is_driver_outage(error) else "refuses a query"
            logger.warning("The database %s; cached pages stay: %s", what, error)
        except OSError as error:
            logger.warning("nginx's cache can't be purged: %s", error)
            # What was missed isn't known, so all of it is purged as soon as that works.
            invalidator.version, invalidator.state = None, f"can't purge: {error.strerror}"
        time.sleep(POLL_SECONDS / 2)
