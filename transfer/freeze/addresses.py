"""The site's own addresses: those in a response, and where each is in a frozen copy."""

import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit

# An absolute address in feeds, sitemaps, JSON and JSON-LD; `{` begins a URL template's variable.
ADDRESS = r"(/[^\s\"'<>{}\\)]*)"
META = {"og:image", "og:audio", "og:url", "twitter:image"}
MOMENT = "t"  # a parameter that doesn't choose another page
# What a folder's name is made of; all else in a query separates folders.
SEPARATORS = re.compile(r"[^-A-Za-z0-9=&_+.,~]+")
HOST = re.compile(r"https?://[^/&]+")
LONGEST_NAME = 255  # bytes, on all usual disks


@dataclass(frozen=True, slots=True)
class SiteLink:
    """A path of the site with its query, and whether crawlers are asked not to follow it."""

    address: str
    nofollow: bool = False


def path_of(address: str, type_: str) -> str:
    """The path under which any file server finds it, without a query: a folder stands for that.

    /podcast/37-a              /podcast/37-a
    /podcast/?page=2           /podcast/page=2/
    /podcast/feed.xml?year=1   /podcast/year=1/feed.xml
    """
    path, _, query = address.partition("?")
    if not query:
        return path
    folder = SEPARATORS.sub("/", HOST.sub("", unquote(query))).strip("/")
    if type_ == "text/html":
        return f"{path.rstrip('/')}/{folder}/"
    above, _, name = path.rpartition("/")
    ending = "" if "." in name else mimetypes.guess_extension(type_) or ""
    return f"{above}/{folder}/{name}{ending}"


def file_of(address: str, type_: str) -> str | None:
    """The file's name; None if no file can serve the address.

    A page is the index of a folder, since plain file servers know no other page without an ending.
    """
    name = unquote(path_of(address, type_)).removeprefix("/")
    if "\0" in name or ".." in PurePosixPath(name).parts:
        return None
    if type_ == "text/html" and not name.endswith((".html", ".htm")):
        name = f"{name.rstrip('/')}/index.html".removeprefix("/")
    elif name.endswith("/") or not name:
        name += "index"
    longest = max(len(part.encode()) for part in f"{name}.gz".split("/"))
    return name if longest <= LONGEST_NAME else None


def links_in(type_: str, text: str, page: str, origin: str) -> Iterator[SiteLink]:
    """Every address of the site in this text, which is the response at `page`."""
    if type_ == "text/html":
        reader = _Page()
        reader.feed(text)
        found = reader.links
    elif type_.endswith(("xml", "json", "css", "chapters")) or type_ == "text/plain":
        found = _absolute_links(text, origin)
    else:
        return
    for link in dict.fromkeys(found):
        address = own_address(urljoin(origin + page, link.address), origin)
        if address:
            yield SiteLink(address, link.nofollow)


def own_address(url: str, origin: str) -> str:
    """The path and query on the site; empty for addresses elsewhere."""
    if not url.startswith(f"{origin}/") and url != origin:
        return ""
    parts = urlsplit(url)
    query = parts.query
    if MOMENT in dict(parse_qsl(query)):
        query = urlencode([pair for pair in parse_qsl(query) if pair[0] != MOMENT])
    return (parts.path or "/") + (f"?{query}" if query else "")


def moment_of(url: str) -> str:
    """What `?t=` says; empty without it."""
    return dict(parse_qsl(urlsplit(url).query)).get(MOMENT, "")


def _absolute_links(text: str, origin: str) -> list[SiteLink]:
    found = re.findall(re.escape(origin) + ADDRESS, text.replace("\\/", "/"))
    paths = [unescape(unescape(path)) for path in found]
    # A feed's notes are HTML within XML; an address may end a sentence.
    ends = [re.split(r'["<]', path)[0].rstrip(".,;:!?") for path in paths]
    return [SiteLink(origin + path) for path in ends]


class _Page(HTMLParser):
    """Collects the addresses in a page's elements."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[SiteLink] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        nofollow = "nofollow" in given.get("rel", "").split()
        if tag == "meta" and given.get("property", given.get("name")) in META:
            self.links.append(SiteLink(given.get("content", "")))
        if tag == "form" and given.get("method", "get").lower() == "get" and given.get("action"):
            self.links.append(SiteLink(given["action"], nofollow))
        for name in ("href", "src", "poster"):
            if given.get(name):
                self.links.append(SiteLink(given[name], nofollow))
        for candidate in given.get("srcset", "").split(","):
            if candidate.strip():
                self.links.append(SiteLink(candidate.split()[0]))
