"""Which addresses the show links to, and where each stands."""

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

LONGEST = 1000  # as the column


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address stands: in what, in whose words, and where the host mends it."""

    what: str
    label: str
    path: str


@dataclass(frozen=True, slots=True)
class Found:
    """An address as it is written somewhere, and where."""

    written: str
    place: Place


def asked(url: str) -> str:
    """What is asked for an address as written: without its fragment; "" for none of the web's."""
    url = url.strip()
    if not is_web_url(url) or _is_ours(url) or len(url) > LONGEST:
        return ""
    return urldefrag(url).url


def _is_ours(url: str) -> bool:
    try:
        return origin(url) == origin(settings.SITE_URL)
    except Refused:
        return True


def gather() -> dict[str, list[dict[str, str]]]:
    """Every address to ask, with the places where it stands, each once, as JSON has them."""
    found: dict[str, dict[Place, None]] = {}
    for each in everywhere():
        if url := asked(each.written):
            found.setdefault(url, {})[each.place] = None
    return {url: [asdict(place) for place in places] for url, places in found.items()}


def everywhere() -> Iterator[Found]:
    """Every address of every episode that isn't in the bin, and of what episodes name. Six
    queries."""
    yield from _of_episodes()
    for library in Library.objects.iterator():
        yield Found(library.url, _place(library, "library"))
    for technology in Technology.objects.exclude(homepage="", introduction_html="").iterator():
        place = _place(technology, "technology")
        yield Found(technology.homepage, place)
        yield from (Found(url, place) for url in links_in(technology.introduction_html))
    for guest in Guest.objects.iterator():
        place = _place(guest, "guest")
        for url in (guest.website_link, guest.mastodon, *links_in(guest.introduction_html)):
            yield Found(url, place)


def _of_episodes() -> Iterator[Found]:
    """References, libraries as the notes have them, links in introductions and topics."""
    places = {
        episode.pk: _place(episode, "episode")
        for episode in Episode.objects.only("pk", "title", "number").order_by().iterator()
    }
    rows: list[models.QuerySet] = [
        Reference.objects.values_list("episode_id", "url"),
        LibraryUse.objects.select_related(None).values_list("episode_id", "url"),
    ]
    for row in rows:
        for key, url in row.iterator():
            if key in places:
                yield Found(url, places[key])
    texts: list[models.QuerySet] = [
        Episode.objects.filter(introduction_html__contains="<a ").values_list(
            "pk", "introduction_html"
        ),
        Topic.objects.filter(html__contains="<a ").values_list("episode_id", "html"),
    ]
    for text in texts:
        for key, html in text.order_by().iterator():
            if key in places:
                yield from (Found(url, places[key]) for url in links_in(html))


def _place(row: models.Model, what: str) -> Place:
    options = row._meta
    name = f"admin:{options.app_label}_{options.model_name}_change"
    return Place(what, str(row), reverse(name, args=[row.pk]))


class LinkReader(HTMLParser):
    """Collects where the links of a piece of HTML lead."""

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
    reader = LinkReader()
    reader.feed(html)
    return reader.found
