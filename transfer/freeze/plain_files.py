"""Makes a copy work without rules of a server: no address with a query, no redirect, no choice.

Links lead to files, and where an address redirects is a page that leads on.
"""

import gzip
import mimetypes
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import parse_qs, parse_qsl, quote, urljoin

from django.template.loader import render_to_string

from transfer.freeze.addresses import file_of, own_address
from transfer.freeze.crawl import FOLLOW, ROOT, Crawl
from transfer.freeze.rewrite import NOTICE, rewritten, with_feed

# Parameters that choose what a page shows: such a page is here only if it has a file of its own.
CHOOSING = {"stack", "not", "guest", "year", "page", "q", "feed", "p"}
SMALL = 500  # bytes, below which compressing gains nothing


def finish_texts(crawl: Crawl) -> None:
    """Change the links in all texts to those that any file server answers, and compress them."""
    origin = crawl.site.origin
    for name, text in crawl.texts.items():
        path = crawl.writer.root / ROOT / name
        before = path.read_bytes()
        page = text.address.partition("?")[0]
        found = rewritten(text.type, before.decode(), page, origin, lambda a: target(crawl, a))
        if text.address.startswith(FOLLOW):
            feed = parse_qs(text.address.partition("?")[2])["feed"][0]
            found = with_feed(found, origin + feed, origin + (target(crawl, feed) or feed))
        data = found.encode()
        if data != before:
            crawl.writer.blocks(f"{ROOT}/{name}", [data])
        if len(data) >= SMALL:
            crawl.writer.blocks(f"{ROOT}/{name}.gz", [gzip.compress(data, mtime=0)])


def target(crawl: Crawl, address: str) -> str | None:
    """Where a link to this address leads in the copy; None if to the address itself."""
    if address in crawl.paths:
        return crawl.paths[address]
    path, _, query = address.partition("?")
    if address in crawl.moved and address not in crawl.files:
        return _end_of_redirect(crawl, crawl.moved[address])[1]
    if query and any(key in CHOOSING for key, _ in parse_qsl(query, keep_blank_values=True)):
        return NOTICE
    return None


def write_redirects(crawl: Crawl, numbers: Iterable[tuple[int, str]]) -> list[str]:
    """Write what leads on from each address that redirects; those that no file can redirect."""
    short = {f"{above}/{number}": path for number, path in numbers for above in ("", "/podcast")}
    moved = short | {path: location for path, (_, location) in crawl.redirects.items()}
    # The shortest first: below a file there can't be another.
    return [path for path in sorted(moved) if not _write_redirect(crawl, path, moved[path])]


def _write_redirect(crawl: Crawl, path: str, location: str) -> bool:
    """Write a page that leads on, or the target itself once more where a page won't do."""
    is_page = mimetypes.guess_type(path)[0] in (None, "text/html")
    name = file_of(quote(path), "text/html" if is_page else "")
    if name is None or _is_taken(crawl, name):
        return path in crawl.headers
    own, to = _end_of_redirect(crawl, location)
    if is_page:
        crawl.writer.text(f"{ROOT}/{name}", render_to_string("freeze/redirect.html", {"to": to}))
        return True
    written = crawl.files.get(own, "")
    if not written or written.endswith("index.html"):
        return False
    crawl.writer.again(f"{ROOT}/{name}", f"{ROOT}/{written}")
    crawl.files[quote(path)] = name
    return True


def _end_of_redirect(crawl: Crawl, location: str) -> tuple[str, str]:
    """The site's own address to which it leads, if any, and the path or URL of that for links."""
    origin = crawl.site.origin
    url = urljoin(f"{origin}/", location)
    own = own_address(url, origin)
    return own, crawl.paths.get(own) or (url.removeprefix(origin) if own else url) or "/"


def _is_taken(crawl: Crawl, name: str) -> bool:
    """Whether there is a file or folder of this name, or a file in the place of a folder above."""
    above = (f"{ROOT}/{each}" for each in PurePosixPath(name).parents)
    file = crawl.writer.root / ROOT / name
    return file.exists() or any(each in crawl.writer.sums for each in above)
