"""What a commit changed, and which kept pages can show it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from episodes.models import Episode
from ops.front.kept import KeptPage, State

# How addresses of an episode's own pages end. Whatever else the site has may show any episode.
ENDS = (
    "", ".md", "/chapters.json", "/embed", "/transcript", "/transcript.json", "/transcript.vtt"
)  # fmt: skip
OWN_PAGE = re.compile(
    rf"/(?P<address>(?:podcast|interviews)/[^/.?]+)(?:{'|'.join(map(re.escape, ENDS))})(?:\?.*)?"
)


@dataclass(frozen=True, slots=True)
class Change:
    """A commit, or an episode's minute that came: the content's state after it.

    `touched` holds the addresses of the episodes whose own pages alone can look different, such
    as `podcast/37-a-real-estate-system`, beside all that is no episode's page; None: any page.
    """

    state: State
    touched: frozenset[str] | None = None

    def outdates(self, page: KeptPage) -> bool:
        """Whether the page may look different now, being made from content before this change."""
        if page.state is None or page.state.release != self.state.release:
            return True
        if not self._is_after(page.state):
            return False
        own = OWN_PAGE.fullmatch(page.path)
        return self.touched is None or own is None or own["address"] in self.touched

    def own_paths(self) -> list[str]:
        """The touched episodes' own pages, without the moments they can be asked for at."""
        return [f"/{address}{end}" for address in self.touched or () for end in ENDS]

    def _is_after(self, state: State) -> bool:
        return state.version < self.state.version or state.newest_due < self.state.newest_due


def addresses(episodes: Iterable[int]) -> frozenset[str]:
    """Where these episodes have their pages; one query."""
    rows = Episode.with_deleted.filter(pk__in=list(episodes))
    return frozenset(row.get_absolute_url().lstrip("/") for row in rows.only("kind", "slug"))
