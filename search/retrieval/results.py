"""What a search answers: all that a page, an API or the desk shows of it."""

from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from episodes.models import Episode

MOST_COUNTED = 1000  # more is shown as “1,000+”


@dataclass(frozen=True, slots=True)
class Moment:
    """A second of an episode, or a passage of its text (`seconds` None), that answers."""

    seconds: int | None
    text: str
    marked: SafeString  # the text as HTML, what matched in <mark>
    source: str  # a Passage.Source


@dataclass(frozen=True, slots=True)
class Result:
    """An episode that answers, as lists show it, with its best moments, the best first."""

    episode: Episode
    moments: tuple[Moment, ...] = ()
    more: int = 0  # further moments of it that match as well
    missing: tuple[str, ...] = ()  # words of the query it doesn't hold
    through: tuple[str, ...] = ()  # words of the same meaning by which it was found


@dataclass(frozen=True, slots=True)
class Direct:
    """Something the query names: a technology, a guest, an episode by its number."""

    kind: str  # "technology", "guest" or "episode"
    label: str
    path: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A part of the query that narrows it, in words, and the query that is left without it."""

    label: str
    query: str
    is_known: bool = True  # False: it names nothing, so nothing is found


@dataclass(frozen=True, slots=True)
class Results:
    """What was searched for and found, best first. `capped`: there are more than `count`."""

    query: str  # as typed, tidied
    results: tuple[Result, ...] = ()
    count: int = 0
    capped: bool = False
    page: int = 1
    pages: int = 1
    direct: tuple[Direct, ...] = ()
    chips: tuple[Chip, ...] = ()
    corrected: str = ""  # the query as it was searched, when words were taken for others
    dropped: tuple[str, ...] = ()  # words that no episode holds together with the others
    unread: tuple[str, ...] = ()  # words beyond as many as a search looks at
    is_empty: bool = False  # nothing in the query can be searched for


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What the box proposes while one types; each a few of the best."""

    technologies: tuple[Direct, ...] = ()
    guests: tuple[Direct, ...] = ()
    episodes: tuple[Direct, ...] = ()
    moments: tuple[tuple[Episode, Moment], ...] = field(default=())
