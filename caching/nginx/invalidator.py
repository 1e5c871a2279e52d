"""Drops kept pages when what they show has changed: the loop that runs beside each nginx.

A commit tells of itself (NOTIFY content, show.versioning), and the pages it touched are dropped
at once; an edited episode's own are shown for the moment that it takes to make them anew, so that
nobody waits for them. Every second the content's state is asked for too: a difference nobody told
of, such as an episode whose minute has come or a restored backup, drops all. A page that was
being made meanwhile, from the content of before, is found by what its ETag says, as long as nginx
can still be waiting for it.
"""

import json
import logging
import select
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from caching.http import content_state
from caching.nginx.cache_files import Cache, CachedPage, State
from caching.nginx.changes import Change, addresses
from caching.nginx.refetch import Refetcher

logger = logging.getLogger(__name__)

# The state is asked for so often.
ASK_SECONDS = 1.0
# A page may be stored so long after a change it doesn't show: nginx waits no longer for it.
LATE_SECONDS = 65.0
# An edited episode's own pages are shown so long at the most, while they are being made anew.
RENEWING_SECONDS = 0.1
# When to look for such pages, in seconds after the change; later whenever the state is asked for.
LOOKS = (0.02, 0.11, 0.25, 0.5)


@dataclass(frozen=True, slots=True)
class Answer:
    """The content's state, when an episode will next be due, and what commits have told."""

    state: State
    next_due: datetime | None
    told: list[dict[str, Any]]


class Keeper:
    """Keeps the pages of one nginx right. Raises what the database raises."""

    def __init__(
        self, cache: Cache, renewer: Refetcher | None = None, refetcher: Refetcher | None = None
    ) -> None:
        """`renewer` replaces pages that are still shown, `refetcher` brings dropped ones back: an
        edited page doesn't wait behind hundreds that may show the edit, too."""
        self.cache, self.renewer, self.refetcher = cache, renewer, refetcher
        self.state: State | None = None
        self.changes: list[tuple[float, Change]] = []  # when, by time.monotonic
        self.latest: dict[str | None, Change] = {}  # the last that touched this episode
        self.changed_at = self.looked_at = float("-inf")  # by time.monotonic
        self.is_behind = False  # by a change of which only the first pages were dealt with
        self.renewed: dict[str, float] = {}  # until when these addresses are left, by the same
        self.next_due: datetime | None = None

    def listen(self) -> None:
        """Begin, or begin again: what was missed shows in the content's state."""
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_is_in_recovery()")
            (is_replica,) = cursor.fetchone()
            if is_replica:  # it lets nobody listen: what isn't told is seen within a second
                logger.warning("This database is a replica, which tells of no commit.")
            else:
                cursor.execute("LISTEN content")
        answer = ask()
        if answer.state != self.state:
            self.begin(answer.state)
        self.next_due = answer.next_due
        logger.info("Listening for commits; the content's version is %d.", answer.state.version)

    def begin(self, state: State) -> None:
        """Keep only what was made from exactly this content.

        After a start nothing: it follows a deploy, which may have changed a setting pages show.
        """
        is_start = self.state is None
        self.note(Change(state))
        self.state = state
        self.drop([page for page in self.cache.pages() if is_start or page.state != state])

    def wait(self) -> None:
        """Until a commit tells something, or it is time to look."""
        since = time.monotonic() - self.changed_at
        seconds = next((after - since for after in LOOKS if after > since), ASK_SECONDS)
        if self.next_due:
            seconds = min(seconds, (self.next_due - timezone.now()).total_seconds())
        if not connection.connection.notifies:
            select.select([connection.connection], [], [], max(0.0, seconds))

    def look(self) -> None:
        """Drop what commits since the last look have changed, told or not."""
        answer, before = ask(), self.state
        self.next_due = answer.next_due
        if before is None or answer.state.version < before.version:
            self.begin(answer.state)  # a backup was restored
            return
        if answer.state != before:
            self.state = answer.state
            change = Change(answer.state, touched(before, answer))
            self.note(change)
            if self.renew(change) and not self.is_behind:
                self.is_behind = True
                return  # these first: to go through all others now would slow them down
        # By the last look, not by now: between the two the database may have been away.
        if self.looked_at - self.changed_at < LATE_SECONDS:
            self.looked_at, self.is_behind = time.monotonic(), False
            outdated = [page for page in self.cache.pages() if self.is_outdated(page)]
            self.drop([page for page in outdated if not self.is_renewed(page)])

    def note(self, change: Change) -> None:
        # What an earlier change outdates, one that touches any page outdates as well.
        earlier = self.changes if change.touched is not None else []
        recent = [(at, each) for at, each in earlier if self.looked_at - at < LATE_SECONDS]
        self.changed_at = time.monotonic()
        self.changes = [*recent, (self.changed_at, change)]
        self.latest = {key: each for _, each in self.changes for key in each.touched or ()}

    def is_outdated(self, page: CachedPage) -> bool:
        """Whether any change outdates it: hundreds may be remembered, and thousands of pages.

        As versions only grow, of several alike the last says it. Only the first can be one that
        touched any page, for that takes the place of all before it.
        """
        first, last = self.changes[0][1], self.changes[-1][1]
        changes = (first, last, self.latest.get(page.episode, last))
        return any(change.outdates(page) for change in changes)

    def renew(self, change: Change) -> bool:
        """Have the touched episodes' own pages made anew, if any are kept; whether any are."""
        now = time.monotonic()
        self.renewed = {path: until for path, until in self.renewed.items() if until > now}
        if not self.renewer:
            return False
        pages = [page for path in change.own_paths() if (page := self.cache.page(path))]
        for page in pages:
            self.renewed.setdefault(page.path, now + RENEWING_SECONDS)
        self.renewer.fetch(pages)
        return bool(pages)

    def is_renewed(self, page: CachedPage) -> bool:
        """Whether the page is still being made anew, and left until it is."""
        return time.monotonic() < self.renewed.get(page.path, 0)

    def drop(self, pages: list[CachedPage]) -> None:
        for page in pages:
            page.file.unlink(missing_ok=True)
        if pages and self.refetcher:
            self.refetcher.fetch(page for page in pages if not page.is_moment)


def keep(keeper: Keeper) -> None:
    """For ever. While the database can't be asked, pages stay as they are."""
    while True:
        try:
            keeper.listen()
            while True:
                keeper.wait()
                keeper.look()
        except (DatabaseError, InterfaceError, OSError) as error:
            logger.warning("The database can't be asked, pages stay as they are: %s", error)
            time.sleep(ASK_SECONDS / 2)


def ask() -> Answer:
    """The content's state now, and all that was told of the commits that led to it.

    Raises InterfaceError where the connection that listened is no more.
    """
    told: list[dict[str, Any]] = []
    listening = connection.connection
    while True:
        now = timezone.now()
        fresh = content_state(now)
        if connection.connection is not listening:  # made anew: that one hears nothing
            raise InterfaceError("the connection that listened has ended")
        # After the question: whoever committed before it has told by now.
        with connection.wrap_database_errors:
            connection.connection.poll()
        told += [json.loads(note.payload) for note in connection.connection.notifies]
        connection.connection.notifies.clear()
        if not told or told[-1]["version"] <= fresh.version:
            changed = int(fresh.changed_at.timestamp() * 1000) if fresh.changed_at else 0
            newest = int(fresh.newest_due.timestamp()) if fresh.newest_due else 0
            state = State(fresh.version, changed, newest, settings.RELEASE)
            return Answer(state, fresh.next_due, told)


def touched(before: State, answer: Answer) -> frozenset[str] | None:
    """The addresses of the episodes that were touched since; None if any page may have been."""
    expected = list(range(before.version + 1, answer.state.version + 1))
    keys = [each["touched"] for each in answer.told]
    is_due = answer.state.newest_due != before.newest_due
    if [each["version"] for each in answer.told] != expected or None in keys or is_due:
        return None
    return addresses(key for episodes in keys for key in episodes)
