"""What a commit changed, and which kept pages can show it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from episodes.models import Episode
from ops.front.kept import KeptPage, State

# An episode's own pages. Whatever else the site has may show any episode, and its texts.
OWN_PAGE = re.compile(
    r"/(?P<address>(?:podcast|interviews)/[^/.?]+)"
    r"(?:\.md|/chapters\.json|/transcript(?:\.vtt|\.json)?|/embed)?(?:\?.*)?"
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

    def is_about(self, page: KeptPage) -> bool:
        """Whether it is a page of an episode that was touched."""
        own = OWN_PAGE.fullmatch(page.path)
        return bool(self.touched and own and own["address"] in self.touched)

    def _is_after(self, state: State) -> bool:
        return state.version < self.state.version or state.newest_due < self.state.newest_due


def addresses(episodes: Iterable[int]) -> frozenset[str]:
    """Where these episodes have their pages; one query."""
    rows = Episode.with_deleted.filter(pk__in=list(episodes))
    return frozenset(row.get_absolute_url().lstrip("/") for row in rows.only("kind", "slug"))
