"""Reads what a feed states about the show. Pure."""

from dataclasses import dataclass, field
from uuid import UUID

from text.problems import Problem
from text.urls import is_web_url
from transfer.importers.feed.further_tags import read_further_tags
from transfer.importers.feed.people import Person, read_people
from transfer.importers.feed.values import absolute, letters, plain, read_boolean
from transfer.importers.feed.xml_tree import Node

# RFC 5005: pages of one feed, and archives. Both lead to older items.
NEXT = ("next", "prev-archive")
OTHER_PAGES = {"self", "first", "last", "prev", "previous", "current", "next-archive"}


@dataclass(frozen=True, slots=True)
class Flags:
    """Switches of the channel; None where it states nothing that can be read."""

    explicit: bool | None = None
    serial: bool | None = None
    blocked: bool | None = None
    complete: bool | None = None
    locked: bool | None = None


@dataclass(frozen=True, slots=True)
class FeedChannel:
    """The show's part of a feed; empty where the feed states nothing."""

    title: str = ""
    subtitle: str = ""
    description: str = ""
    link: str = ""
    language: str = ""
    copyright: str = ""
    author: str = ""
    owner_name: str = ""
    owner_email: str = ""
    image: str = ""
    keywords: str = ""
    medium: str = ""
    categories: tuple[tuple[str, ...], ...] = ()
    flags: Flags = Flags()
    guid: UUID | None = None
    funding: tuple[tuple[str, str], ...] = ()  # address and words
    people: tuple[Person, ...] = ()
    hub: str = ""
    update_frequency: str = ""
    update_rule: str = ""
    further_tags: tuple[str, ...] = ()
    address: str = ""  # of the feed itself
    moved_to: str = ""
    next_page: str = ""
    problems: list[Problem] = field(default_factory=list)


def read_channel(node: Node, base: str = "") -> FeedChannel:
    """Read a channel. `base` is the address of the feed, unless it was a file."""
    own_address = _link(node, "self")
    base = base or own_address or node.value("link")
    owner = node.first("itunes:owner") or Node("")
    frequency = node.first("podcast:updatefrequency") or Node("")
    locked = node.first("podcast:locked") or Node("")
    contact = locked.get("owner")
    further_tags, problems = read_further_tags(node)
    return FeedChannel(
        title=plain(node.value("title", "itunes:title")),
        subtitle=plain(node.value("itunes:subtitle")),
        description=_description(node),
        link=absolute(node.value("link"), base),
        language=_language(node.value("language", "dc:language")),
        copyright=plain(node.value("copyright", "dc:rights")),
        author=plain(node.value("itunes:author", "managingeditor")),
        owner_name=plain(owner.value("itunes:name")),
        owner_email=owner.value("itunes:email") or contact,
        image=absolute(_image(node), base),
        keywords=plain(node.value("itunes:keywords")),
        medium=node.value("podcast:medium").lower(),
        categories=tuple(dict.fromkeys(_categories(node))),
        flags=_flags(node, locked),
        guid=_uuid(node.value("podcast:guid")),
        funding=tuple(
            (absolute(funding.get("url"), base), plain(funding.text))
            for funding in node.all("podcast:funding")
        ),
        people=read_people(node),
        hub=_link(node, "hub"),
        update_frequency=plain(frequency.text),
        update_rule=frequency.get("rrule"),
        further_tags=further_tags,
        address=base if is_web_url(base) else own_address,
        moved_to=node.value("itunes:new-feed-url"),
        next_page=absolute(_link(node, *NEXT), base),
        problems=problems,
    )


def _flags(node: Node, locked: Node) -> Flags:
    kind = node.value("itunes:type").lower()
    return Flags(
        explicit=read_boolean(node.value("itunes:explicit", "googleplay:explicit")),
        serial=kind == "serial" if kind else None,
        blocked=read_boolean(node.value("itunes:block", "googleplay:block")),
        complete=read_boolean(node.value("itunes:complete")),
        locked=read_boolean(locked.text),
    )


def _link(node: Node, *relations: str) -> str:
    """The first link with one of these relations. Links to further pages are no loss."""
    found = dict.fromkeys(relations, "")
    for link in node.look("atom:link"):
        rel = link.attributes.get("rel", "").strip().lower()
        if rel in found:
            found[rel] = found[rel] or link.take().get("href")
            link.get("rel")
        elif rel in OTHER_PAGES:
            link.take_all()
    return next(filter(None, found.values()), "")


def _description(node: Node) -> str:
    """The longest of the descriptions; those that only repeat its beginning are no loss."""
    nodes = node.look("description", "itunes:summary", "googleplay:description")
    longest = max(nodes, key=lambda each: len(letters(each.text)), default=None)
    if longest is None:
        return ""
    for each in [*nodes, *node.look("itunes:subtitle")]:
        if letters(each.text) in letters(longest.text):
            each.take()
    return longest.text


def _language(value: str) -> str:
    """The code as RSS wants it: a locale's name such as EN_us is en-US."""
    language, underscore, region = value.partition("_")
    return f"{language.lower()}-{region.upper()}" if underscore else value


def _image(node: Node) -> str:
    """iTunes's artwork, else RSS's own image, which usually repeats it."""
    image = node.look("image")
    artwork = node.attribute("itunes:image", "href")
    if not artwork and image:
        artwork = image[0].value("url")
    for each in image:
        if any(url.text == artwork for url in each.look("url")):
            each.take_all()
    return artwork


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
