"""Requests every URL to which the site links, and writes each response to a file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urljoin

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.management.base import CommandError
from django.http import HttpResponseBase
from django.urls import reverse

from pages.redirects import GONE, resolve_redirect
from pages.robots_txt import is_crawlable
from transfer.export.folder import Writer
from transfer.freeze.addresses import file_of, links_in, own_address, path_of
from transfer.site_client import SiteClient, content_type

START = ("home", "robots", "sitemap", "feed", "interviews_feed", "opensearch")
FOLLOW = "/follow?feed="  # a page for each feed, which crawlers needn't read
ROOT = "site"
REDIRECTS = (301, 302, 307, 308)
# Content types of text, which is compressed, and may name other addresses.
TEXT = ("html", "xml", "json", "css", "plain", "markdown", "vtt", "javascript", "svg")
# The headers that nginx sends with a file, besides its type.
HEADERS = (
    "Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Content-Security-Policy",
    "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Permissions-Policy",
    "Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options", "X-Robots-Tag",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileHeaders:
    """A file's content type with its parameters, and its other headers, as nginx quotes them."""

    type: str
    headers: tuple[tuple[str, str], ...]

    @property
    def is_page(self) -> bool:
        return self.type.startswith("text/html")


@dataclass(frozen=True, slots=True)
class Text:
    """A written file that may name other addresses: those on the page at `address`."""

    type: str
    address: str


class BrokenLinks(CommandError):
    """Addresses that the site names and doesn't have; the message lists them."""


@dataclass(slots=True)
class Crawl:
    """Writes files, and collects what nginx must know: headers, redirects, what is gone."""

    site: SiteClient
    writer: Writer
    progress: Callable[[str], object]
    named_by: dict[str, str] = field(default_factory=dict)  # by address
    waiting: list[str] = field(default_factory=list)
    headers: dict[str, FileHeaders] = field(default_factory=dict)  # by path, not percent-encoded
    redirects: dict[str, tuple[int, str]] = field(default_factory=dict)  # by path
    moved: dict[str, str] = field(default_factory=dict)  # locations by address
    files: dict[str, str] = field(default_factory=dict)  # names by address
    paths: dict[str, str] = field(default_factory=dict)  # in the copy, by address with a query
    texts: dict[str, Text] = field(default_factory=dict)  # by file
    static: set[str] = field(default_factory=set)  # names of static files
    gone: set[str] = field(default_factory=set)
    parameters: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)
    unmoved: list[str] = field(default_factory=list)  # redirects that need nginx
    without_audio: list[str] = field(default_factory=list)
    pages: int = 0

    def run(self, unlinked: Iterator[str]) -> None:
        """Request these URLs and all to which the site links. Raises BrokenLinks at the end."""
        for path in (*map(reverse, START), *unlinked):
            self._add(path, "the start", nofollow=False)
        while self.waiting:
            address = self.waiting.pop()
            if address.startswith(settings.MEDIA_URL):
                self._copy_upload(address)
            else:
                self._write_answer(address, self.site.get(address))
        if self.broken:
            broken = "\n".join(sorted(self.broken))
            raise BrokenLinks(f"Nothing was written. Links within the site are broken:\n{broken}")

    def former(self, paths: Iterator[str]) -> None:
        """Collect where addresses redirect that nothing names any more, or that they are gone."""
        for path in paths:
            target = None if path in self.named_by else resolve_redirect(path)
            if target == GONE:
                self.gone.add(path)
            elif target not in (None, path):
                self.redirects[path] = (301, target)

    def _write_answer(self, address: str, response: HttpResponseBase) -> None:
        path, _, query = address.partition("?")
        status, type_ = response.status_code, content_type(response)
        name = file_of(address, type_)
        if status in REDIRECTS:
            location = response.headers["Location"]
            self.moved[address] = location
            if not query:
                self.redirects[unquote(path)] = (status, location)
            target = own_address(urljoin(self.site.origin + address, location), self.site.origin)
            if target:
                self._add(target, address, nofollow=False)
        elif status != 200:
            problems = self.without_audio if _is_audio(path) else self.broken
            problems.append(f"{address}: {status}, named by {self.named_by[address]}")
        elif name and f"{ROOT}/{name}" not in self.writer.sums:
            self.files[address] = name
            if query:
                self.paths[address] = path_of(address, type_)
            self.headers.setdefault(unquote(path), _headers(response))
            self.parameters.update(key for key, _ in parse_qsl(query, keep_blank_values=True))
            text = self.write(name, response, address)
            for link in links_in(type_, text, path, self.site.origin):
                self._add(link.address, address, link.nofollow)
            self.pages += 1
            self.progress(f"{self.pages} pages and files, {len(self.waiting)} waiting")

    def _copy_upload(self, address: str) -> None:
        """Copy a stored file from the storage: a request would count as a download."""
        name = unquote(address.partition("?")[0]).removeprefix(settings.MEDIA_URL)
        try:
            self.writer.stored(f"{ROOT}{settings.MEDIA_URL}{name}", name)
        except (FileNotFoundError, SuspiciousFileOperation):
            self.broken.append(f"{address}: no such file, named by {self.named_by[address]}")
        else:
            self.files[address] = f"{settings.MEDIA_URL}{name}".removeprefix("/")

    def _add(self, address: str, page: str, nofollow: bool) -> None:
        if address in self.named_by:
            return
        path, _, query = address.partition("?")
        if path.startswith(settings.STATIC_URL):
            self.named_by[address] = page
            name = unquote(path).removeprefix(settings.STATIC_URL)
            self.static.add(name)
            if not (Path(settings.STATIC_ROOT) / name).is_file():
                self.broken.append(f"{address}: no such file, named by {page}")
        elif address.startswith(FOLLOW) or (is_crawlable(address) and not (query and nofollow)):
            self.named_by[address] = page
            self.waiting.append(address)

    def write(self, name: str, response: HttpResponseBase, address: str = "/") -> str:
        """Write the body to a file; its text if it may name other addresses."""
        path = self.writer.blocks(f"{ROOT}/{name}", response)
        type_ = content_type(response)
        if not any(kind in type_ for kind in TEXT):
            return ""
        self.texts[name] = Text(type_, address)
        return path.read_bytes().decode("utf-8", errors="replace")


def _headers(response: HttpResponseBase) -> FileHeaders:
    values = {name: response.headers[name] for name in HEADERS if name in response.headers}
    return FileHeaders(
        response.headers.get("Content-Type", ""),
        tuple((name, v.replace("\\", "").replace('"', '\\"')) for name, v in values.items()),
    )


def _is_audio(path: str) -> bool:
    """Whether this is an audio's address in the feed; it stays there without a stored file."""
    return path.startswith(
        (reverse("audio", args=["-"])[:-1], reverse("assets_audio", args=["-"])[:-1])
    )
