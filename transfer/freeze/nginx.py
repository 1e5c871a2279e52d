"""The nginx file that serves a frozen copy under the site's own addresses."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.template.loader import render_to_string

from episodes.rules.paths import SUFFIXES
from transfer.freeze.addresses import file_of
from transfer.freeze.crawl import ROOT, Crawl, FileHeaders
from transfer.freeze.plain_files import CHOOSING
from transfer.freeze.rewrite import NOTICE

NOTICE_FILE = f"/{file_of(NOTICE, 'text/html')}"
ERROR_PAGES = ("/404.html", "/410.html", NOTICE_FILE)
# Addresses that have their place in the template.
RESERVED = {"/search", "/search/suggest", *ERROR_PAGES}


def nginx_file(crawl: Crawl, numbers: Iterable[tuple[int, str]], folder: Path, listen: str) -> str:
    """The configuration, the same for the same site."""
    pages = Counter(headers for headers in crawl.headers.values() if headers.is_page)
    usual = pages.most_common(1)[0][0]
    context = {
        "origin": crawl.site.origin,
        "host": urlsplit(crawl.site.origin).hostname or "localhost",
        "root": folder / ROOT,
        "server": folder / "server.d" / "*.conf",
        "listen": listen,
        "parameters": "|".join(sorted(CHOOSING | crawl.parameters)),
        "usual": usual,
        "lists": [path for path in sorted(crawl.headers) if path.endswith("/") and path != "/"],
        "notice": NOTICE_FILE,
        "error_pages": ERROR_PAGES,
        "locations": list(_locations(crawl.headers, usual)),
        "actions": list(_actions(crawl, numbers)),
    }
    return render_to_string("freeze/nginx.conf", context)


def _locations(
    files: dict[str, FileHeaders], usual: FileHeaders
) -> Iterator[tuple[str, FileHeaders]]:
    """Locations of files that aren't served like most pages: as a group, else one by one."""
    groups: defaultdict[str, list[tuple[str, FileHeaders]]] = defaultdict(list)
    for path, headers in sorted(files.items()):
        if headers != usual and not path.startswith("/media/"):
            groups[_pattern(path)].append((path, headers))
    for pattern, members in sorted(groups.items()):
        most = Counter(headers for _, headers in members).most_common(1)[0][0]
        is_group = len(members) > 1 and pattern
        if is_group:
            yield f'~ "{pattern}"', most
        for path, headers in members:
            if not is_group or headers != most:
                yield f"= {_quoted(path)}", headers


def _pattern(path: str) -> str:
    """The pattern of the addresses that end alike; empty if there is none."""
    ending = next(filter(path.endswith, (*SUFFIXES, "/feed.xml", ".png")), "")
    return f"{ending.replace('.', '[.]')}$" if ending else ""


def _actions(crawl: Crawl, numbers: Iterable[tuple[int, str]]) -> Iterator[tuple[str, str]]:
    """What moved or is gone, and episodes by number: each address once."""
    actions = {}
    for path, (status, target) in crawl.redirects.items():
        target = target.removeprefix(crawl.site.origin) or "/"
        actions[path] = f"return {status} {_target(target)}"
    actions |= dict.fromkeys(crawl.gone, "return 410")
    for number, path in numbers:
        for short in (f"/{number}", f"/podcast/{number}"):
            actions.setdefault(short, f"return 301 {_target(path)}")
            yield f"^~ {short}/", f'return 301 "{path}$frozen_time"'
    for path in sorted(actions.keys() - crawl.headers.keys() - RESERVED):
        yield f"= {_quoted(path)}", actions[path]


def _target(address: str) -> str:
    """A redirect's target, with the request's query; `$` and `"` are percent-encoded."""
    args = "" if "?" in address else "$is_args$args"
    return '"' + quote(address, safe="/:?&=#%@+,;~!*'()[]-._") + args + '"'


def _quoted(path: str) -> str:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
