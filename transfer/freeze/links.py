"""The site's own addresses that an answer names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

# Whole addresses in feeds, sitemaps, JSON and JSON-LD; `{` marks a template of one.
ADDRESS = r"(/[^\s\"'<>{}\\)]*)"
ADDRESSED = {"og:image", "og:audio", "og:url", "twitter:image"}
MOMENT = "t"  # a moment's address is its page's


@dataclass(frozen=True, slots=True)
class Link:
    """A path of the site with its query, and whether crawlers are asked to leave it."""

    address: str
    nofollow: bool = False


def links_in(type_: str, text: str, page: str, origin: str) -> Iterator[Link]:
    """Every address of the site itself that this answer at `page` names."""
    if type_ == "text/html":
        reader = _Page()
        reader.feed(text)
        found = reader.links
    elif type_.endswith(("xml", "json", "css", "chapters")) or type_ == "text/plain":
        found = _written_out(text, origin)
    else:
        return
    for link in found:
        address = _own(urljoin(origin + page, link.address), origin)
        if address:
            yield Link(address, link.nofollow)


def _own(url: str, origin: str) -> str:
    """The path and query on the site; empty for addresses elsewhere."""
    if not url.startswith(f"{origin}/") and url != origin:
        return ""
    parts = urlsplit(url)
    query = parts.query
    if MOMENT in dict(parse_qsl(query)):
        query = urlencode([pair for pair in parse_qsl(query) if pair[0] != MOMENT])
    return (parts.path or "/") + (f"?{query}" if query else "")


def _written_out(text: str, origin: str) -> list[Link]:
    found = re.findall(re.escape(origin) + ADDRESS, text.replace("\\/", "/"))
    paths = [unescape(unescape(path)) for path in found]
    # A feed's notes are HTML within XML; a sentence may end behind an address.
    ends = [re.split(r'["<]', path)[0].rstrip(".,;:!?") for path in paths]
    return [Link(origin + path) for path in ends]


class _Page(HTMLParser):
    """The addresses a page names in its elements."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[Link] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        nofollow = "nofollow" in given.get("rel", "").split()
        if tag == "meta" and given.get("property", given.get("name")) in ADDRESSED:
            self.links.append(Link(given.get("content", "")))
        if tag == "form" and given.get("method", "get").lower() == "get" and given.get("action"):
            self.links.append(Link(given["action"], nofollow))
        for name in ("href", "src", "poster"):
            if given.get(name):
                self.links.append(Link(given[name], nofollow))
        for candidate in given.get("srcset", "").split(","):
            if candidate.strip():
                self.links.append(Link(candidate.split()[0]))
