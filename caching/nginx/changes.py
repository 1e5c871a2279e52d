"""What a commit changed, and which cached pages it makes stale."""

from collections.abc import Iterable
from dataclasses import dataclass

from caching.nginx.cache_files import ENDINGS, CachedPage, PageVersion
from episodes.models import Episode


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
        if not self._is_after(page.version):
            return False
        return self.touched is None or page.episode is None or page.episode in self.touched

    def own_paths(self) -> list[str]:
        """The touched episodes' own pages, without their moments."""
        return [f"/{address}{ending}" for address in self.touched or () for ending in ENDINGS]

    def _is_after(self, version: PageVersion) -> bool:
        own = self.version
        return version.number < own.number or version.newest_due < own.newest_due


def addresses(episodes: Iterable[int]) -> frozenset[str]:
    """Where these episodes have their pages; one query."""
    rows = Episode.with_deleted.filter(pk__in=list(episodes))
    return frozenset(row.get_absolute_url().lstrip("/") for row in rows.only("kind", "slug"))
