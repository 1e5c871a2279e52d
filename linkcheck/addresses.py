"""The addresses the show links to, and where each link is."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from html.parser import HTMLParser
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


@dataclass(frozen=True, slots=True)
class FoundLink:
    written: str  # the address as the source has it
    source: LinkSource


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
    for link in find_links():
        if url := checkable(link.written):
            found.setdefault(url, {})[link.source] = None
    return {url: [asdict(source) for source in sources] for url, sources in found.items()}


def find_links() -> Iterator[FoundLink]:
    """Every link of guests, technologies, libraries and episodes outside the bin; six queries."""
    yield from _in_episodes()
    for library in Library.objects.iterator():
        yield FoundLink(library.url, _source(library, "library"))
    for technology in Technology.objects.exclude(homepage="", introduction_html="").iterator():
        source = _source(technology, "technology")
        for url in (technology.homepage, *links_in(technology.introduction_html)):
            yield FoundLink(url, source)
    for guest in Guest.objects.iterator():
        source = _source(guest, "guest")
        for url in (guest.website_link, guest.mastodon, *links_in(guest.introduction_html)):
            yield FoundLink(url, source)


def _in_episodes() -> Iterator[FoundLink]:
    sources = {
        episode.pk: _source(episode, "episode")
        for episode in Episode.objects.only("pk", "title", "number").order_by().iterator()
    }
    addresses: list[models.QuerySet] = [
        Reference.objects.values_list("episode_id", "url"),
        LibraryUse.objects.select_related(None).values_list("episode_id", "url"),
    ]
    for rows in addresses:
        for key, url in rows.iterator():
            if key in sources:
                yield FoundLink(url, sources[key])
    introductions = Episode.objects.filter(introduction_html__contains="<a ")
    texts: list[models.QuerySet] = [
        introductions.values_list("pk", "introduction_html"),
        Topic.objects.filter(html__contains="<a ").values_list("episode_id", "html"),
    ]
    for rows in texts:
        for key, html in rows.order_by().iterator():
            if key in sources:
                yield from (FoundLink(url, sources[key]) for url in links_in(html))


def _source(row: models.Model, what: str) -> LinkSource:
    options = row._meta
    name = f"admin:{options.app_label}_{options.model_name}_change"
    return LinkSource(what, str(row), reverse(name, args=[row.pk]))


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
