"""The content version: what pages' ETags say, and how it is read.

No Django: the invalidator of nginx's cache reads it, too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from episodes.rules.visibility import PUBLISHED, SCHEDULED

SHARED_CACHE_SECONDS = 60  # a CDN revalidates after these; browsers always do
STARTED_AT = datetime.now(UTC) - timedelta(seconds=1)  # earlier than any edit from now on
VERSION = "SELECT number, changed_at FROM show_contentversion"
STATE = f"""
SELECT (SELECT number FROM show_contentversion),
       (SELECT changed_at FROM show_contentversion),
       (SELECT everywhere_at FROM show_contentversion),
       (SELECT max(published_at) FROM episodes_episode WHERE {PUBLISHED}),
       (SELECT min(published_at) FROM episodes_episode WHERE {SCHEDULED})
"""  # noqa: S608 - of constants


@dataclass(frozen=True, slots=True)
class PageVersion:
    """The content that a page was rendered from, as its ETag says."""

    number: int
    changed_at: int  # Unix time in milliseconds: a restored backup may reach the same number again
    newest_due: int  # Unix time in seconds
    release: str


@dataclass(frozen=True)
class ContentState:
    """The content at one moment, and when it will next change without an edit."""

    read_at: datetime
    release: str
    settings: str  # a digest of those that pages show; the invalidator doesn't know them
    version: int
    changed_at: datetime | None
    site_changed_at: datetime | None  # the last edit of more than single episodes' own pages
    newest_due: datetime | None
    next_due: datetime | None

    def is_current(self, now: datetime) -> bool:
        """Whether no publication has come due since, provided that nothing was edited."""
        return self.read_at <= now and (self.next_due is None or now < self.next_due)

    @property
    def key(self) -> tuple[int, datetime | None]:
        return (self.version, self.changed_at)

    @cached_property
    def page_version(self) -> PageVersion:
        changed = int(self.changed_at.timestamp() * 1000) if self.changed_at else 0
        newest = int(self.newest_due.timestamp()) if self.newest_due else 0
        return PageVersion(self.version, changed, newest, self.release)

    @cached_property
    def etag(self) -> str:
        page = self.page_version
        numbers = f"{page.number:x}-{page.changed_at:x}-{page.newest_due:x}"
        return f'W/"{numbers}-{self.settings}-{self.release}"'

    @cached_property
    def last_change(self) -> datetime | None:
        """The last edit or publication."""
        return max(filter(None, (self.changed_at, self.newest_due)), default=None)

    def last_modified(self, now: datetime) -> int | None:
        """The last change as a timestamp, or the start of this process, which may have brought
        another release or other settings. None within the change's first second, when another one
        could have the same HTTP date (RFC 9110, section 8.8.2.2)."""
        if self.last_change is None or now - self.last_change < timedelta(seconds=1):
            return None
        return int(max(self.last_change, STARTED_AT).timestamp())

    def cache_control(self, now: datetime) -> str:
        seconds = SHARED_CACHE_SECONDS
        if self.next_due:
            seconds = min(seconds, max(0, int((self.next_due - now).total_seconds())))
        return f"public, max-age=0, s-maxage={seconds}"


def read_state(
    fetch_row: Callable[[str, dict[str, Any] | None], tuple[Any, ...]],
    now: datetime,
    release: str,
    latest: ContentState | None,
    settings: str = "",
) -> ContentState:
    """The content's state now, by one query: a cheap one while `latest`, read earlier, holds."""
    if latest and latest.is_current(now) and fetch_row(VERSION, None) == latest.key:
        return latest
    version, *times = fetch_row(STATE, {"now": now})
    return ContentState(now, release, settings, version or 0, *times)
