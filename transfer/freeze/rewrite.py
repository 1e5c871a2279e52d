"""Changes the site's own addresses in a text of the copy to those of its files."""

import re
from collections.abc import Callable
from functools import cache
from html import escape, unescape
from urllib.parse import quote, urlencode, urljoin, urlsplit

from transfer.freeze.addresses import ADDRESS, MOMENT, moment_of, own_address

ATTRIBUTE = re.compile(r'(\s(href|src|poster|action|content|value|data-[-a-z]+)=)"([^"]*)"')
LINKS = ("href", "src", "poster")  # attributes whose value is always an address
IS_ADDRESS = re.compile(r"[/?]|https?:")
IS_ELSEWHERE = re.compile(r"#|[a-z][-+.a-z0-9]*:|//", re.IGNORECASE)
DATA = re.compile(r'(<script type="application/ld\+json">)(.*?)(</script>)', re.DOTALL)
# An address ends where XML's escaped HTML ends it.
XML_ADDRESS = r"/(?:(?!&(?:quot|lt|gt|#34);)[^\s\"'<>{}\\)])*"
# JSON within a page spells `&` so.
JSON_AND = "\\u0026"
JSON_ADDRESS = r"/(?:\\u0026|[^\s\"'<>{}\\)])*"
# What precedes an address in XML, and how `&` is spelt in it: in escaped HTML, an attribute, an
# element.
SPELLINGS = (("&quot;", "&amp;amp;"), ('"', "&amp;"), (">", "&amp;"))
NOTICE = "/search"  # the page that says what only a running site can answer

# The new address for one of the site's, without its moment; None if it stays as it is.
Target = Callable[[str], str | None]
Moved = Callable[[str], str]


def rewritten(type_: str, text: str, page: str, origin: str, target: Target) -> str:
    """The text with each own address replaced by its `target`; the text is the one at `page`."""

    @cache  # a page names most addresses several times
    def moved(value: str) -> str:
        return _moved(value, page, origin, target)

    if type_ == "text/html":
        return _html(text, page, origin, moved)
    if type_.endswith("xml"):
        for before, ampersand in SPELLINGS:
            pattern = f"(?<={re.escape(before)}){re.escape(origin)}{XML_ADDRESS}"
            text = _absolute(text, pattern, ampersand, moved)
        return text
    return _absolute(text, re.escape(origin) + ADDRESS, "&", moved)


def _html(text: str, page: str, origin: str, moved: Moved) -> str:
    here = re.escape(origin)

    def attribute(match: re.Match[str]) -> str:
        value = new = unescape(match[3])
        if match[2] == "action":  # no file answers what a visitor chooses
            new = NOTICE if own_address(urljoin(origin + page, value), origin) else value
        elif match[2] in LINKS or IS_ADDRESS.match(value):
            new = moved(value)
        return match[0] if new == value else f'{match[1]}"{escape(new)}"'

    def data(match: re.Match[str]) -> str:
        return match[1] + _absolute(match[2], f"{here}{JSON_ADDRESS}", JSON_AND, moved) + match[3]

    return DATA.sub(data, ATTRIBUTE.sub(attribute, text))


def _absolute(text: str, pattern: str, ampersand: str, moved: Moved) -> str:
    def address(match: re.Match[str]) -> str:
        value = match[0].replace(ampersand, "&")
        new = moved(value)
        return match[0] if new == value else new.replace("&", ampersand)

    return re.sub(pattern, address, text)


def _moved(value: str, page: str, origin: str, target: Target) -> str:
    """The new value of a link on this page."""
    url, hash_, fragment = value.partition("#")
    if not url:
        return value
    absolute = urljoin(origin + page, url)
    address = own_address(absolute, origin)
    new = target(address) if address else None
    if new is None:
        # A page is in a folder of its own now, so that a relative path would lead elsewhere.
        is_relative = address and not url.startswith(("/", "?")) and not IS_ELSEWHERE.match(url)
        return absolute.removeprefix(origin) + hash_ + fragment if is_relative else value
    moment = moment_of(absolute)
    if moment:
        new += ("&" if "?" in new else "?") + urlencode({MOMENT: moment}, safe=",")
    is_absolute = bool(urlsplit(url).scheme) and new.startswith("/")
    return (origin if is_absolute else "") + new + hash_ + fragment


def with_feed(text: str, old: str, new: str) -> str:
    """A page about following a feed, with the feed's new URL in the apps' links, too."""
    for spelt in (lambda url: quote(url, safe=""), lambda url: url.partition("://")[2]):
        text = text.replace(f'{spelt(old)}"', f'{spelt(new)}"')
    return text
