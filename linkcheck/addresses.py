"""The addresses the show links to, and where each link is."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from html.parser import HTMLParser
from itertools import chain
from urllib.parse import urldefrag

from django.conf import settings
from django.db import models
from django.urls import reverse

from episodes.models import Episode, LibraryUse, Reference
from guests.models import Guest
from net.addresses import Refused, origin
from stack.models import Library, Technology
from text.urls import is_web_url
from topics.models import Topic

MAX_LENGTH = 1000  # of the column


@dataclass(frozen=True, slots=True)
class LinkSource:
    """A row that links somewhere: its kind, its name, and the form that edits it."""

    what: str
    label: str
    path: str


@dataclass(frozen=True)
class LinkColumns:
    """The columns of a model that are addresses, and those of Markdown, each with its HTML."""

    model: type[models.Model]
    addresses: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    episode: str = ""  # the column with the episode's key, for what is part of one

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.addresses, *self.texts)


INTRODUCTION = {"introduction": "introduction_html"}
LINK_COLUMNS = (
    LinkColumns(Reference, ("url",), episode="episode_id"),
    LinkColumns(LibraryUse, ("url",), episode="episode_id"),
    LinkColumns(Episode, (), INTRODUCTION, episode="pk"),
    LinkColumns(Topic, (), {"text": "html"}, episode="episode_id"),
    LinkColumns(Library, ("url",)),
    LinkColumns(Technology, ("homepage",), INTRODUCTION),
    LinkColumns(Guest, ("website", "website_href", "mastodon", "youtube"), INTRODUCTION),
)


def checkable(url: str) -> str:
    """The address to request for one as written, without its fragment. Empty: not checked."""
    url = url.strip()
    if not is_web_url(url) or _is_ours(url) or len(url) > MAX_LENGTH:
        return ""
    return urldefrag(url).url


def _is_ours(url: str) -> bool:
    try:
        return origin(url) == origin(settings.SITE_URL)
    except Refused:
        return True


def collect_addresses() -> dict[str, list[dict[str, str]]]:
    """Every address to check, with its sources as JSON, each once."""
    found: dict[str, dict[LinkSource, None]] = {}
    for written, source in find_links():
        if url := checkable(written):
            found.setdefault(url, {})[source] = None
    return {url: [asdict(source) for source in sources] for url, sources in found.items()}


def find_links() -> Iterator[tuple[str, LinkSource]]:
    """Every link as written, of what isn't in the bin; a query for each of LINK_COLUMNS and one."""
    titles = Episode.objects.only("pk", "title", "number").order_by()
    episodes = {episode.pk: _source(episode) for episode in titles.iterator()}
    for columns in LINK_COLUMNS:
        rows = columns.model._default_manager.order_by()
        names = (*columns.addresses, *columns.texts.values())
        if columns.episode:
            values = rows.values_list(columns.episode, *names).iterator()
            found = ((episodes.get(key), row) for key, *row in values)
        else:
            found = ((_source(row), [getattr(row, n) for n in names]) for row in rows.iterator())
        for source, row in found:
            if source is not None:
                addresses = row[: len(columns.addresses)]
                texts = row[len(columns.addresses) :]
                yield from ((url, source) for url in chain(addresses, *map(links_in, texts)))


def _source(row: models.Model) -> LinkSource:
    options = row._meta
    name = f"admin:{options.app_label}_{options.model_name}_change"
    return LinkSource(str(options.verbose_name), str(row), reverse(name, args=[row.pk]))


class LinkParser(HTMLParser):
    """Collects the targets of the links in a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.found.append(href)


def links_in(html: str) -> list[str]:
    if "<a " not in html:
        return []
    parser = LinkParser()
    parser.feed(html)
    return parser.found
