"""The invalidator's connection to the database: what it hears of commits, and asks about them.

The driver's own, without Django, which would take four times the memory.
"""

import json
import logging
import select
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from psycopg2 import InterfaceError
from psycopg2.extensions import connection as Connection

from caching.nginx.presence import announce
from caching.version import ContentState, PageVersion, read_state
from episodes.rules.paths import LISTS

logger = logging.getLogger(__name__)

ADDRESSES = "SELECT kind, slug FROM episodes_episode WHERE id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Poll:
    """The content's version, the next publication, and the commits' notifications."""

    version: PageVersion
    next_due: datetime | None
    notifications: list[dict[str, Any]]


class ContentListener:
    """Listens to commits on a connection of its own. Raises the driver's errors."""

    def __init__(self, connect: Callable[[], Connection], release: str) -> None:
        self._connect, self._release = connect, release
        self._connection: Connection | None = None
        self._latest: ContentState | None = None

    @property
    def connection(self) -> Connection:
        """Raises InterfaceError before `listen`."""
        if self._connection is None:
            raise InterfaceError("not connected")
        return self._connection

    def listen(self, state: str) -> None:
        """(Re)connect, and announce this state."""
        if self._connection:
            self._connection.close()
        self._connection = self._connect()
        self._connection.autocommit = True
        self.announce(state)
        (is_replica,) = self._row("SELECT pg_is_in_recovery()")
        if is_replica:  # replicas can't LISTEN: polling finds each change within a second
            logger.warning("This database is a replica, which sends no notifications.")
            return
        with self.connection.cursor() as cursor:
            cursor.execute("LISTEN content")

    def announce(self, state: str) -> None:
        with self.connection.cursor() as cursor:
            announce(cursor, state)

    def wait(self, seconds: float) -> None:
        """Until a notification arrives, or this long."""
        if not self.connection.notifies:
            select.select([self.connection], [], [], max(0.0, seconds))

    def poll(self) -> Poll:
        """The content's version now, and the notifications of all commits that led to it."""
        notifications: list[dict[str, Any]] = []
        while True:
            now = datetime.now(UTC)
            state = self._latest = read_state(self._row, now, self._release, self._latest)
            # After the query: whatever it saw committed has been notified by now.
            self.connection.poll()
            notifications += [json.loads(each.payload) for each in self.connection.notifies]
            self.connection.notifies.clear()
            if not notifications or notifications[-1]["version"] <= state.version:
                return Poll(state.page_version, state.next_due, notifications)

    def addresses(self, episodes: Iterable[int]) -> frozenset[str]:
        """Where these episodes have their pages; one query."""
        with self.connection.cursor() as cursor:
            cursor.execute(ADDRESSES, [list(episodes)])
            return frozenset(f"{LISTS[kind]}{slug}" for kind, slug in cursor.fetchall())

    def _row(self, query: str, parameters: dict[str, Any] | None = None) -> tuple[Any, ...]:
        with self.connection.cursor() as cursor:
            cursor.execute(query, parameters)
            return cursor.fetchone() or ()
