"""Every address that the site names, asked and written to a file, one after the other."""

import gzip
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.urls import reverse

from pages.redirects import GONE, resolve_redirect
from pages.robots_txt import is_crawlable
from transfer.export.folder import Writer
from transfer.export.media import copy
from transfer.freeze.file_names import file_of
from transfer.freeze.links import links_in
from transfer.site_client import Answer, Site

START = ("home", "robots", "sitemap", "feed", "interviews_feed", "opensearch")
ROOT = "site"
REDIRECTS = (301, 302, 307, 308)
READ = ("html", "xml", "json", "css", "plain", "markdown", "vtt", "javascript", "svg")
SMALL = 500  # bytes, below which compressing gains nothing
# What a browser is told of a page, besides its type.
KEPT_HEADERS = (
    "Access-Control-Allow-Origin", "Content-Security-Policy", "Cross-Origin-Opener-Policy",
    "Permissions-Policy", "Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options",
    "X-Robots-Tag",
)  # fmt: skip

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """How a file is served: its whole content type and the headers beside."""

    type: str
    headers: Headers


class BrokenLinks(Exception):
    """Addresses that the site names and doesn't have; the message lists them."""


@dataclass(slots=True)
class Crawl:
    """Writes files and remembers what nginx must know beside: kinds, redirects, what is gone."""

    site: Site
    writer: Writer
    say: Callable[[int], object]
    named_by: dict[str, str] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    kinds: dict[str, Kind] = field(default_factory=dict)  # by path, not percent-encoded
    redirects: dict[str, tuple[int, str]] = field(default_factory=dict)  # by path
    gone: set[str] = field(default_factory=set)
    parameters: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)
    without_audio: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)

    def run(self, unlisted: Iterator[str]) -> None:
        """Ask for these and all that the site names. Raises BrokenLinks at the end."""
        for path in (*map(reverse, START), *unlisted):
            self._note(path, "the start", nofollow=False)
        while self.waiting:
            address = self.waiting.pop()
            if address.startswith(settings.MEDIA_URL):
                self._copy_upload(address)
            else:
                self._take(address, self.site.ask(address))
        if self.broken:
            raise BrokenLinks("\n".join(sorted(self.broken)))

    def former(self, paths: Iterator[str]) -> None:
        """What became of addresses that nothing names any more."""
        for path in paths:
            target = None if path in self.named_by else resolve_redirect(path)
            if target == GONE:
                self.gone.add(path)
            elif target not in (None, path):
                self.redirects[path] = (301, target)

    def page(self, name: str, answer: Answer) -> None:
        """Keep an answer under a name of its own: what nginx shows for errors."""
        self._write(f"{ROOT}/{name}", answer)

    def _take(self, address: str, answer: Answer) -> None:
        path, _, query = address.partition("?")
        if answer.status in REDIRECTS:
            answer.body()
            self.redirects[unquote(path)] = (answer.status, answer.location)
            self._note_link(address, urljoin(self.site.origin + address, answer.location))
            return
        if answer.status != 200:
            answer.body()
            place = self.without_audio if _is_audio(path) else self.broken
            place.append(f"{address}: {answer.status}, named by {self.named_by[address]}")
            return
        name = file_of(address, answer.type)
        if name is None:
            answer.body()
            self.outcomes["no file"] += 1
            return
        self.kinds.setdefault(unquote(path), _kind(answer))
        self.parameters.update(key for key, _ in parse_qsl(query, keep_blank_values=True))
        text = self._write(f"{ROOT}/{name}", answer)
        for link in links_in(answer.type, text, path, self.site.origin):
            self._note(link.address, address, nofollow=link.nofollow)
        self.outcomes["pages"] += 1
        self.say(self.outcomes["pages"])

    def _copy_upload(self, address: str) -> None:
        """A stored file, straight from the disk: the site would count it as a listener's."""
        name = unquote(address.partition("?")[0]).removeprefix(settings.MEDIA_URL)
        place = f"{ROOT}{settings.MEDIA_URL}{name}"
        try:
            if self.writer.reuse(place, default_storage.size(name)):
                return
            with default_storage.open(name) as source, self.writer.place(place).open("wb") as file:
                self.writer.sums[place] = copy(source, file)
        except (FileNotFoundError, SuspiciousFileOperation):
            self.broken.append(f"{address}: no such file, named by {self.named_by[address]}")

    def _note_link(self, address: str, url: str) -> None:
        if url.startswith(f"{self.site.origin}/"):
            parts = urlsplit(url)
            self._note(parts.path + (f"?{parts.query}" if parts.query else ""), address, False)

    def _note(self, address: str, page: str, nofollow: bool) -> None:
        if address in self.named_by:
            return
        path, _, query = address.partition("?")
        if path.startswith(settings.STATIC_URL):
            self.named_by[address] = page
            if not (
                Path(settings.STATIC_ROOT) / unquote(path).removeprefix(settings.STATIC_URL)
            ).is_file():
                self.broken.append(f"{address}: no such file, named by {page}")
        elif is_crawlable(address) and not (query and nofollow):
            self.named_by[address] = page
            self.waiting.append(address)

    def _write(self, name: str, answer: Answer) -> str:
        """Write the body in blocks; the text of what can name other addresses."""
        path = self.writer.place(name)
        digest = hashlib.sha256()
        with path.open("wb") as file:
            for block in answer.blocks:
                digest.update(block)
                file.write(block)
        self.writer.sums[name] = digest.hexdigest()
        if not any(kind in answer.type for kind in READ):
            return ""
        self._compress(name, path)
        return path.read_text("utf-8", errors="replace")

    def _compress(self, name: str, path: Path) -> None:
        if path.stat().st_size < SMALL:
            return
        data = gzip.compress(path.read_bytes(), mtime=0)
        self.writer.place(f"{name}.gz").write_bytes(data)
        self.writer.sums[f"{name}.gz"] = hashlib.sha256(data).hexdigest()


def _kind(answer: Answer) -> Kind:
    kept = ((name, answer.headers[name]) for name in KEPT_HEADERS if name in answer.headers)
    return Kind(answer.headers.get("Content-Type", ""), tuple(kept))


def _is_audio(path: str) -> bool:
    """Audio that isn't stored here has no answer, which its feed's address must survive."""
    return path.startswith(
        (reverse("audio", args=["-"])[:-1], reverse("assets_audio", args=["-"])[:-1])
    )
