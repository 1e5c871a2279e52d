"""The results of a search, as pages, the API and the desk show them."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from episodes.models import Episode
from search.query.parse import Restriction

MAX_COUNT = 1000  # more is shown as “1,000+”


@dataclass(frozen=True, slots=True)
class MatchingMoment:
    seconds: int | None  # None for a passage of text
    text: str
    highlighted: SafeString  # the text as HTML, with matches in <mark>
    source: str  # a Passage.Source
    fragment: str = ""  # of a passage of text: the URL fragment that leads to it

    @property
    def place(self) -> str:
        """What leads there, behind the episode's path."""
        return self.fragment if self.seconds is None else f"?t={self.seconds}"


@dataclass(frozen=True, slots=True)
class Result:
    episode: Episode  # with what lists show of it
    moments: tuple[MatchingMoment, ...] = ()  # the best first
    more: int = 0  # further moments that match as well
    missing: tuple[str, ...] = ()  # concepts of the query that it doesn't hold
    synonyms: tuple[str, ...] = ()  # by which it was found
    next_moment: MatchingMoment | None = None  # the first of the further ones
    about: tuple[str, ...] = ()  # words of the best moment, if it was found by meaning
    comes_close: bool = False  # by its meaning alone: it holds no word of the query


@dataclass(frozen=True, slots=True)
class DirectHit:
    """What the query names."""

    kind: str  # "technology", "guest", "library", "question" or "episode"
    label: str
    path: str

    @property
    def slug(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class ResultGroup:
    """Results of a comparison that hold both technologies or one. `query` finds all of them."""

    label: str
    query: str
    count: int
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """A page of results, best first. `capped`: there are more than `count`."""

    query: str  # as typed, with single spaces
    results: tuple[Result, ...] = ()
    count: int = 0
    capped: bool = False
    page: int = 1
    pages: int = 1
    direct: tuple[DirectHit, ...] = ()
    chips: tuple[Restriction, ...] = ()
    corrected: str = ""  # the query as searched, if words were corrected
    dropped: tuple[str, ...] = ()  # concepts that no episode holds together with the others
    ignored: tuple[str, ...] = ()  # words beyond the most that are searched
    is_empty: bool = False  # nothing in the query can be searched for
    proposed: str = ""  # the query with common words for rare ones, if it finds next to nothing
    groups: tuple[ResultGroup, ...] = ()  # of a comparison, with the same results
    found: tuple[int, ...] = ()  # keys of all results, best first, MAX_COUNT at most

    @property
    def says_it(self) -> bool:
        """Whether a result holds a word of the query: others only come close in their meaning."""
        return any(not each.comes_close for each in self.results)


@dataclass(frozen=True, slots=True)
class Suggestions:
    technologies: tuple[DirectHit, ...] = ()
    guests: tuple[DirectHit, ...] = ()
    libraries: tuple[DirectHit, ...] = ()
    questions: tuple[DirectHit, ...] = ()  # saved ones
    episodes: tuple[DirectHit, ...] = ()
    moments: tuple[tuple[Episode, MatchingMoment], ...] = ()
