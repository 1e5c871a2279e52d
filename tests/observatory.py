"""HTTP Observatory's published rules, as far as responses show them.

developer.mozilla.org/en-US/docs/Web/Security/HTTP_Observatory has the tests, modifiers and grades.
A site begins with 100; bonuses count from 90. Certificates and the HSTS preload list, which only
brings a bonus, aren't tested.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urljoin, urlsplit

BASE, BONUS_FROM, SIX_MONTHS = 100, 90, 15_768_000
GRADES = {100: "A+", 90: "A", 85: "A-", 80: "B+", 70: "B", 65: "B-", 60: "C+", 50: "C", 45: "C-"}
BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
INLINE = {"'unsafe-inline'", "data:"}
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}


@dataclass(frozen=True)
class Page:
    """The response at `url` by HTTPS, and its redirect by plain HTTP."""

    url: str
    headers: Mapping[str, str]
    cookies: SimpleCookie
    body: str
    redirect: str


def modifiers(page: Page) -> dict[str, int]:
    """Each test's effect on the score."""
    policy = parsed(page.headers.get("Content-Security-Policy", ""))
    return {
        "content-security-policy": csp(policy),
        "cookies": cookies(page.cookies),
        "cross-origin-resource-sharing": cors(page.headers),
        "redirection": redirection(page),
        "referrer-policy": referrer(page.headers.get("Referrer-Policy", "")),
        "strict-transport-security": hsts(page.headers.get("Strict-Transport-Security", "")),
        "subresource-integrity": scripts(page),
        "x-content-type-options": 0
        if page.headers.get("X-Content-Type-Options") == "nosniff"
        else -5,
        "x-frame-options": frames(policy, page.headers.get("X-Frame-Options", "")),
        "cross-origin-resource-policy": corp(page.headers.get("Cross-Origin-Resource-Policy", "")),
    }


def score(found: Mapping[str, int]) -> int:
    lost = BASE + sum(value for value in found.values() if value < 0)
    won = sum(value for value in found.values() if value > 0)
    return max(0, lost + (won if lost >= BONUS_FROM else 0))


def grade(points: int) -> str:
    return next((name for least, name in GRADES.items() if points >= least), "F")


def parsed(policy: str) -> dict[str, set[str]]:
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name.lower(): set(sources) for name, *sources in parts}


def csp(policy: dict[str, set[str]]) -> int:
    if not policy:
        return -25
    default = policy.get("default-src", {"*"})
    script, style = policy.get("script-src", default), policy.get("style-src", default)
    if script & (BROAD | INLINE) or policy.get("object-src", default) & BROAD:
        return -20
    active = set().union(
        *(sources for name, sources in policy.items() if name not in ("img-src", "media-src"))
    )
    if any(source.startswith(("http:", "ftp:")) for source in active):
        return -20
    if "'unsafe-eval'" in script | style:
        return -10
    passive = policy.get("img-src", default) | policy.get("media-src", default)
    if any(source.startswith(("http:", "ftp:")) for source in passive):
        return -10
    if style & (BROAD | INLINE):
        return 0
    return 10 if default == {"'none'"} else 5


def cookies(received: SimpleCookie) -> int:
    """All have to be Secure and SameSite."""
    if not received:
        return 0
    found = {name.removeprefix("__Host-"): each for name, each in received.items()}
    if any(not each["secure"] for each in found.values()):
        return -40 if "sessionid" in found and not found["sessionid"]["secure"] else -20
    if "sessionid" in found and not found["sessionid"]["httponly"]:
        return -30
    same_site = {each["samesite"] for each in found.values()}
    if same_site - {"Lax", "Strict", ""}:
        return -20
    if "csrftoken" in found and not found["csrftoken"]["samesite"]:
        return -20
    return 0 if "" in same_site else 5


def cors(headers: Mapping[str, str]) -> int:
    return -50 if "Access-Control-Allow-Credentials" in headers else 0


def redirection(page: Page) -> int:
    requested, target = urlsplit(page.url), urlsplit(page.redirect)
    if target.scheme != "https":
        return -20
    return 0 if target.hostname == requested.hostname else -5


def referrer(policy: str) -> int:
    if not policy:
        return 0
    return 5 if policy.split(",")[-1].strip() in PRIVATE else -5


def hsts(header: str) -> int:
    age = re.search(r"max-age=(\d+)", header)
    if not age:
        return -20
    return 0 if int(age[1]) >= SIX_MONTHS else -10


class Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sources: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and (source := given.get("src")):
            self.sources.append((source, bool(given.get("integrity"))))


def scripts(page: Page) -> int:
    """Our own scripts need no integrity; others cost 5 by HTTPS, 50 by HTTP."""
    found = Scripts()
    found.feed(page.body)
    own = urlsplit(page.url).netloc
    elsewhere = [
        (urlsplit(urljoin(page.url, source)).scheme, checked)
        for source, checked in found.sources
        if urlsplit(urljoin(page.url, source)).netloc != own
    ]
    if not elsewhere:
        return 0
    if any(scheme != "https" for scheme, _ in elsewhere):
        return -50
    return 5 if all(checked for _, checked in elsewhere) else -5


def frames(policy: dict[str, set[str]], header: str) -> int:
    if "frame-ancestors" in policy:
        return 0 if policy["frame-ancestors"] & BROAD else 5
    return 0 if header.upper() in ("DENY", "SAMEORIGIN") else -20


def corp(header: str) -> int:
    return {"": 0, "cross-origin": 0, "same-origin": 10, "same-site": 10}.get(header, -5)
