"""Feeds are read away from the site, so every address in them is whole."""

import re
from urllib.parse import urljoin, urlsplit

# In sanitised HTML: an opening tag with attributes, and the address in one of them.
TAG = re.compile(r'<(?:a|img)(?: [a-z]+="[^"]*")+')
ADDRESS = re.compile(r' (href|src)="([^"]*)"')
HAS_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def absolute_links(html: str, page: str) -> str:
    """Sanitised HTML of `page` (its whole address) with whole addresses in links and images."""

    def whole(match: re.Match[str]) -> str:
        return f' {match[1]}="{absolute(match[2], page)}"'

    return TAG.sub(lambda tag: ADDRESS.sub(whole, tag[0]), html)


def absolute(address: str, page: str) -> str:
    """An address as a page links it, whole."""
    if HAS_SCHEME.match(address):
        return address
    if address.startswith("//"):
        return f"{urlsplit(page).scheme}:{address}"
    return urljoin(page, address)
