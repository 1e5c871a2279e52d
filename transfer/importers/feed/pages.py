"""Follows a feed from page to page (RFC 5005), and reads each before the first item is written."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from text.problems import Problem, error, warning
from transfer.importers.feed.channel import FeedChannel
from transfer.importers.feed.fetch import ALL_PAGES, OpenedFeed, opened_page
from transfer.importers.feed.midnights import Midnights
from transfer.importers.feed.validation import FoundItem, Survey, found_items, survey

MOST_PAGES = 500
# In a file, nobody can tell what a relative address belongs to.
ONLY_A_FILE = (
    "This is one page of a feed; the older items are on the next page. Give the feed's web address "
    "instead of a file, so that all pages are read."
)


@dataclass(slots=True)
class FeedPage:
    """One page, opened, and its own survey."""

    feed: OpenedFeed
    survey: Survey

    @property
    def base(self) -> str:
        """What relative addresses of its items belong to."""
        return self.feed.address or self.survey.channel.link


@dataclass(slots=True)
class PagedFeed:
    """All pages of a feed. The first one's channel speaks for the show."""

    pages: list[FeedPage]
    problems: list[Problem] = field(default_factory=list)

    @property
    def channel(self) -> FeedChannel:
        return self.pages[0].survey.channel

    @property
    def guids(self) -> Counter[str]:
        return sum((page.survey.guids for page in self.pages), Counter())

    @property
    def slugs(self) -> Counter[str | None]:
        return sum((page.survey.slugs for page in self.pages), Counter())

    @property
    def midnights(self) -> Midnights:
        found = [page.survey.midnights for page in self.pages]
        return Midnights(sum(each.dates for each in found), sum(each.at_midnight for each in found))

    def items(self) -> Iterator[tuple[FeedPage, FoundItem]]:
        """The items of all pages, one at a time, in the feed's order."""
        for page in self.pages:
            for found in found_items(page.feed.file, page.survey.prefixes):
                yield page, found


@contextmanager
def read_pages(feed: OpenedFeed) -> Iterator[PagedFeed]:
    """The feed with its further pages. Raises InvalidInput if the first is no feed.

    A page that can't be had is a problem, and the last: what came before it is still read.
    """
    first = FeedPage(feed, survey(feed.file, feed.address))
    paged = PagedFeed([first], [each.at(feed.name) for each in first.survey.problems])
    with ExitStack() as stack:
        if problem := _follow(paged, stack):
            paged.problems.append(problem.at(paged.pages[-1].feed.name))
        yield paged


def _follow(paged: PagedFeed, stack: ExitStack) -> Problem | None:
    """Open one page after the other; why the last one isn't the end of the feed."""
    first = paged.pages[0]
    seen = {first.feed.address, first.survey.channel.address}
    known = set(first.survey.guids)
    left = ALL_PAGES
    while address := paged.pages[-1].survey.channel.next_page:
        if not first.feed.address:
            return warning(ONLY_A_FILE, field="next page", value=address)
        if address in seen:
            return warning("Leads back to a page before.", field="next page", value=address)
        if len(paged.pages) >= MOST_PAGES:
            return error(f"More than {MOST_PAGES} pages.", field="next page", value=address)
        try:
            opened = stack.enter_context(opened_page(address, first.feed, left))
            page = FeedPage(opened, survey(opened.file, opened.address))
        except (OSError, ValueError) as failure:
            message = f"The next page, with older items, can't be read: {failure}"
            return error(message, field="next page", value=address)
        seen |= {address, opened.address}
        left -= opened.file.seek(0, 2)
        if not set(page.survey.guids) - known:
            return warning(
                "Has no other items than those before.", field="next page", value=address
            )
        known |= set(page.survey.guids)
        paged.pages.append(page)
        paged.problems += [each.at(opened.name) for each in page.survey.problems]
    return None
