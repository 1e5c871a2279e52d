"""Detects typed text that a browser would execute in pages and feeds."""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree import ElementTree

ADDRESSES = {"href", "src", "action", "formaction", "poster", "data", "srcset", "xlink:href"}
# What runs, or shows a page of somebody's making, where a link leads to it.
RUNNING = ("javascript:", "data:", "vbscript:", "blob:", "file:")
NEVER = {"iframe", "object", "embed", "base", "applet", "frame", "frameset", "style"}
IN_XML = {"href", "url", "link", "src", "uri", "img"}


class Reader(HTMLParser):
    """Collects what must not be in a page."""

    def __init__(self, owns_scripts: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.owns_scripts = owns_scripts
        self.found: list[str] = []
        self.json: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("textarea", "title"):
            self.set_cdata_mode(tag)  # their content is words
        given = {name: value or "" for name, value in attrs}
        if tag in NEVER or (tag == "meta" and given.get("http-equiv", "").lower() == "refresh"):
            self.found.append(f"<{tag}>")
        if tag == "script" and not self._is_ours(given):
            self.found.append(f"<script {given}>")
        self.found += [f"{name}=" for name in given if name.startswith("on") or name == "style"]
        self.found += [
            f"{name}={value}" for name, value in given.items()
            if name in ADDRESSES and not is_harmless(value)
        ]  # fmt: skip

    def _is_ours(self, given: dict[str, str]) -> bool:
        if not self.owns_scripts:
            return False
        if given.get("type") in ("application/ld+json", "application/json"):
            self.json = []
            return True
        return given.get("src", "").startswith(("/static/", "/admin/jsi18n/"))

    def handle_data(self, data: str) -> None:
        if self.json is not None:
            self.json.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self.json is not None:
            json.loads("".join(self.json))  # what ends it early isn't JSON
            self.json = None


def is_harmless(address: str) -> bool:
    """As browsers read it: they ignore blanks and control characters in a scheme."""
    plain = "".join(char for char in address if ord(char) > 32 and ord(char) != 127).lower()
    return not plain.startswith(RUNNING)


def harm_in_html(html: str, owns_scripts: bool = True) -> list[str]:
    """What a browser would execute. `owns_scripts`: the page has the site's own scripts."""
    reader = Reader(owns_scripts)
    reader.feed(html)
    reader.close()
    return reader.found


def harm_in_feed(xml: bytes) -> list[str]:
    """Of a feed: its addresses, and the HTML in its texts. Raises ParseError."""
    return list(_in_elements(ElementTree.fromstring(xml)))


def _in_elements(root: ElementTree.Element) -> Iterator[str]:
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        text = element.text or ""
        if name in ("description", "encoded"):
            yield from harm_in_html(text, owns_scripts=False)
        if name in ("link", "url", "docs") and not is_harmless(text):
            yield f"<{name}> {text}"
        yield from (
            f"{name} {key}={value}"
            for key, value in element.attrib.items()
            if key.rpartition("}")[2] in IN_XML and not is_harmless(value)
        )
