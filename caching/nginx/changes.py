"""What a commit changed, and which kept pages can show it."""

from collections.abc import Iterable
from dataclasses import dataclass

from caching.nginx.cache_files import ENDS, CachedPage, State
from episodes.models import Episode


@dataclass(frozen=True, slots=True)
class Change:
    """A commit, or an episode's minute that came: the content's state after it.

    `touched` holds the addresses of the episodes whose own pages alone can look different, such
    as `podcast/37-a-real-estate-system`, beside all that is no episode's page; None: any page.
    """

    state: State
    touched: frozenset[str] | None = None

    def outdates(self, page: CachedPage) -> bool:
        """Whether the page may look different now, being made from content before this change."""
        if page.state is None or page.state.release != self.state.release:
            return True
        if not self._is_after(page.state):
            return False
        return self.touched is None or page.episode is None or page.episode in self.touched

    def own_paths(self) -> list[str]:
        """The touched episodes' own pages, without the moments they can be asked for at."""
        return [f"/{address}{end}" for address in self.touched or () for end in ENDS]

    def _is_after(self, state: State) -> bool:
        return state.version < self.state.version or state.newest_due < self.state.newest_due


def addresses(episodes: Iterable[int]) -> frozenset[str]:
    """Where these episodes have their pages; one query."""
    rows = Episode.with_deleted.filter(pk__in=list(episodes))
    return frozenset(row.get_absolute_url().lstrip("/") for row in rows.only("kind", "slug"))
