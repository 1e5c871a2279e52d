"""A crawler: asks a running site for every address of its own that it names, as a search engine.

    python -m tests.crawl http://127.0.0.1:8000 [https://podcast.example]

prints what is broken. It starts at the home page, robots.txt and the sitemap; reads pages, feeds,
sitemaps, style sheets and JSON; obeys robots.txt and `nofollow`; leaves other hosts alone.
"""

import json
import re
import sys
import urllib.error
import urllib.request
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

START = ("/", "/robots.txt", "/sitemap.xml")
REDIRECTS = (301, 302, 303, 307, 308)
READ = ("html", "xml", "json", "css", "text/plain")
CSS_ADDRESS = re.compile(r"""url\(\s*['"]?([^'")]+)|@import\s+['"]([^'"]+)""")
# Published links to a moment: the page's script reads them, no element has such an id.
TIME = re.compile(r"(\d+:)?\d{1,2}:\d\d")
ADDRESSED = {"og:url", "og:image", "og:audio", "twitter:image"}
SECONDS = 30


@dataclass(frozen=True, slots=True)
class Link:
    """An address as it is named, absolute, and whether a crawler is asked to leave it alone."""

    address: str
    nofollow: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of robots.txt, RFC 9309 section 2.2: `*` is anything, a `$` at the end the end."""

    path: str
    allow: bool = False

    def matches(self, path: str) -> bool:
        end = "$" if self.path.endswith("$") else ""
        parts = map(re.escape, self.path.removesuffix("$").split("*"))
        return bool(re.match(".*".join(parts) + end, path))


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered: where a redirect leads, and why a body can't be read."""

    status: int
    type: str = ""
    location: str = ""
    links: tuple[Link, ...] = ()
    ids: frozenset[str] = frozenset()
    canonical: str = ""
    robots: str = ""
    fault: str = ""

    @property
    def is_redirect(self) -> bool:
        return self.status in REDIRECTS


@dataclass(slots=True)
class Crawl:
    """What a crawl found: answers by address, and the first address that named each."""

    answers: dict[str, Answer] = field(default_factory=dict)
    named_by: dict[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> list[str]:
        """A line for every address that is broken, and every redirect to a redirect."""
        return [*self._broken(), *self._chains(), *self._lost_fragments()]

    def _broken(self) -> Iterator[str]:
        for address, answer in self.answers.items():
            what = answer.fault or answer.status
            if what != 200 and not answer.is_redirect:
                yield f"{address}: {what}, named by {self.named_by[address]}"

    def _chains(self) -> Iterator[str]:
        for address, answer in self.answers.items():
            target = self.answers.get(urldefrag(answer.location).url)
            if answer.is_redirect and target and target.is_redirect:
                by = self.named_by[address]
                yield f"{address}: redirects to a redirect, {answer.location}, named by {by}"

    def _lost_fragments(self) -> Iterator[str]:
        for page, answer in self.answers.items():
            for link in answer.links:
                address, fragment = urldefrag(link.address)
                target = self.answers.get(address)
                if not fragment or TIME.fullmatch(fragment) or not target or not target.ids:
                    continue
                if unquote(fragment) not in target.ids:
                    yield f"{link.address}: no such place, named by {page}"


def crawl(
    site: str,
    *,
    named: str = "",
    start: Sequence[str] = START,
    leave: Sequence[str] = (),
    most: int = 20_000,
) -> Crawl:
    """Request everything to which `site` (scheme and host) links, starting from these paths.

    `named` is the origin that the site calls itself by, where that is another: a copy of a site
    served for a test. `leave` are rules like robots.txt's, of what isn't asked besides. Raises
    OverflowError beyond `most` addresses: a trap without an end.
    """
    site, named = site.rstrip("/"), named.rstrip("/") or site.rstrip("/")
    found = Crawl(named_by={site + path: "the start" for path in start})
    rules = [*_rules(site), *(Rule(path) for path in leave)]
    waiting = list(found.named_by)
    while waiting:
        address = waiting.pop()
        answer = found.answers[address] = _ask(address, site, named)
        if len(found.answers) > most:
            raise OverflowError(f"More than {most} addresses, the last one {address}")
        follow = (Link(answer.location),) if answer.location else answer.links
        for link in follow:
            target = urldefrag(link.address).url
            if link.nofollow or target in found.named_by or not target.startswith(f"{site}/"):
                continue
            if not _may_ask(target.removeprefix(site), rules):
                continue
            found.named_by[target] = address
            waiting.append(target)
    return found


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


OPENER = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def _ask(address: str, site: str, named: str) -> Answer:
    """One request; the body is read only of what can name other addresses."""

    def here(link: str) -> str:
        """The link, absolute, on the site that is asked."""
        absolute = urljoin(address, link.strip())
        if absolute == named or absolute.startswith(f"{named}/"):
            absolute = site + (absolute.removeprefix(named) or "/")
        return absolute

    try:
        with OPENER.open(address, timeout=SECONDS) as response:
            type_ = response.headers.get("Content-Type", "")
            body = response.read() if any(kind in type_ for kind in READ) else b""
            status = response.status
    except urllib.error.HTTPError as error:
        location = error.headers.get("Location", "") if error.code in REDIRECTS else ""
        return Answer(error.code, location=here(location) if location else "")
    try:
        read = _read(type_, body.decode(errors="replace"), named)
    except (ElementTree.ParseError, ValueError) as error:
        return Answer(status, type_, fault=f"can't be read, {error}")
    return Answer(
        status,
        type_,
        links=tuple(Link(here(link.address), link.nofollow) for link in read.links),
        ids=frozenset(read.ids),
        canonical=here(read.canonical) if read.canonical else "",
        robots=read.robots,
    )


def _rules(site: str) -> list[Rule]:
    """robots.txt's rules for all crawlers. Raises HTTPError without a robots.txt."""
    with OPENER.open(f"{site}/robots.txt", timeout=SECONDS) as response:
        text = response.read().decode()
    # Other groups are for crawlers by name.
    group = re.split(r"(?im)^user-agent:\s*\*\s*$", text)[1:2] or [""]
    lines = re.split(r"(?im)^user-agent:", group[0])[0]
    found = re.findall(r"(?im)^(allow|disallow):[ \t]*(\S+)", lines)
    return [Rule(path, allow=kind.lower() == "allow") for kind, path in found]


def _may_ask(path: str, rules: Sequence[Rule]) -> bool:
    """By the longest rule that matches, and by an Allow before a Disallow."""
    matching = [(len(rule.path), rule.allow) for rule in rules if rule.matches(path)]
    return max(matching, default=(0, True))[1]


class _Reading(HTMLParser):
    """The addresses, ids, canonical and robots of a page, or of HTML in a feed."""

    def __init__(self, named: str) -> None:
        super().__init__()
        self.named = named
        self.links: list[Link] = []
        self.ids: set[str] = set()
        self.canonical = self.robots = ""
        self.is_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        rel = given.get("rel", "").split()
        self.ids.add(given.get("id", ""))
        self.is_data = tag == "script" and given.get("type") == "application/ld+json"
        if tag == "base":
            raise ValueError("<base> moves every address of a page")
        if tag == "meta" and given.get("name") == "robots":
            self.robots = given.get("content", "")
        if tag == "meta" and given.get("property", given.get("name")) in ADDRESSED:
            self.links.append(Link(given["content"]))
        if tag == "link" and "canonical" in rel:
            self.canonical = given["href"]
        if tag == "form" and given.get("method", "get").lower() == "get":
            self.links.append(Link(given.get("action", "")))
        for name in ("href", "src", "poster"):
            if name in given and not {"preconnect", "dns-prefetch"} & {*rel}:
                self.links.append(Link(given[name], "nofollow" in rel))
        for candidate in given.get("srcset", "").split(","):
            if candidate.strip():
                self.links.append(Link(candidate.split()[0]))

    def handle_data(self, data: str) -> None:
        if self.is_data:
            self.links += _in_json(data, self.named)
        self.is_data = False


def _read(type_: str, text: str, named: str) -> _Reading:
    reading = _Reading(named)
    if "html" in type_:
        reading.feed(text)
    elif "xml" in type_:
        for node in ElementTree.fromstring(text).iter():
            for value in (*node.attrib.values(), (node.text or "").strip()):
                reading.links += _own(value, named)
                if "</" in value:
                    reading.feed(value)
    elif "json" in type_:
        reading.links += _in_json(text, named)
    elif "css" in type_:
        reading.links += [Link(first or second) for first, second in CSS_ADDRESS.findall(text)]
    else:
        reading.links += [Link(each) for each in re.findall(r"(?im)^sitemap:\s*(\S+)", text)]
    return reading


def _in_json(text: str, named: str) -> list[Link]:
    """The site's own addresses among the strings; `@id`s name things, not places in a page."""
    strings: list[str] = []
    json.loads(text, object_hook=lambda node: strings.extend(_strings(node)))
    return [Link(urldefrag(link.address).url) for each in strings for link in _own(each, named)]


def _strings(node: dict[str, Any]) -> Iterator[str]:
    for value in node.values():
        yield from (each for each in (value if isinstance(value, list) else [value]) if each)


def _own(value: object, named: str) -> list[Link]:
    """The value as a link if it is an address of the site and no template of one."""
    is_own = isinstance(value, str) and re.fullmatch(rf"{re.escape(named)}(/[^\s{{}}]*)?", value)
    return [Link(str(value))] if is_own else []


def main() -> None:
    if len(sys.argv) not in (2, 3) or not urlsplit(sys.argv[1]).hostname:
        sys.exit(__doc__)
    found = crawl(sys.argv[1], named=sys.argv[2] if len(sys.argv) == 3 else "")
    print(*found.problems, sep="\n")
    print(f"{len(found.answers)} addresses, {len(found.problems)} problems")
    sys.exit(1 if found.problems else 0)


if __name__ == "__main__":
    main()
