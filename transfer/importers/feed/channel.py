"""Reads what a feed states about the show. Pure."""

from dataclasses import dataclass
from uuid import UUID

from text.urls import is_web_url
from transfer.importers.feed.items import Person, absolute, people, plain
from transfer.importers.feed.values import read_boolean
from transfer.importers.feed.xml_tree import Node


@dataclass(frozen=True, slots=True)
class FeedChannel:
    """The show's part of a feed; empty where the feed states nothing."""

    title: str = ""
    description: str = ""
    link: str = ""
    language: str = ""
    copyright: str = ""
    author: str = ""
    owner_name: str = ""
    owner_email: str = ""
    image: str = ""
    keywords: str = ""
    categories: tuple[tuple[str, ...], ...] = ()
    explicit: bool | None = None
    serial: bool = False
    guid: UUID | None = None
    funding: tuple[tuple[str, str], ...] = ()  # address and words
    people: tuple[Person, ...] = ()
    address: str = ""  # of the feed itself
    moved_to: str = ""


def read_channel(node: Node, base: str = "") -> FeedChannel:
    """Read a channel. `base` is the address of the feed, unless it was a file."""
    own_links = (link for link in node.all("atom:link") if link.get("rel") == "self")
    own_address = next((link.get("href") for link in own_links), "")
    base = base or own_address or node.value("link")
    owner = node.first("itunes:owner") or Node("")
    image = node.first("image") or Node("")
    return FeedChannel(
        title=plain(node.value("title", "itunes:title")),
        description=node.value("description", "itunes:summary"),
        link=absolute(node.value("link"), base),
        language=node.value("language", "dc:language"),
        copyright=plain(node.value("copyright", "dc:rights")),
        author=plain(node.value("itunes:author", "managingeditor")),
        owner_name=plain(owner.value("itunes:name")),
        owner_email=owner.value("itunes:email"),
        image=absolute(node.attribute("itunes:image", "href") or image.value("url"), base),
        keywords=plain(node.value("itunes:keywords")),
        categories=tuple(dict.fromkeys(_categories(node))),
        explicit=read_boolean(node.value("itunes:explicit")),
        serial=node.value("itunes:type").lower() == "serial",
        guid=_uuid(node.value("podcast:guid")),
        funding=tuple(
            (absolute(funding.get("url"), base), plain(funding.text))
            for funding in node.all("podcast:funding")
        ),
        people=people(node),
        address=base if is_web_url(base) else own_address,
        moved_to=node.value("itunes:new-feed-url"),
    )


def _categories(node: Node) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for outer in node.all("itunes:category"):
        name = plain(outer.get("text"))
        inner = [plain(n.get("text")) for n in outer.all("itunes:category")]
        found += [(name, each) for each in inner if name and each] or ([(name,)] if name else [])
    return found


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
