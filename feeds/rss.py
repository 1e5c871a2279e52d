"""RSS 2.0 with the namespaces of podcasts: elements as plain data, and the document."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any

from text.markup import ILLEGAL_XML

CONTENT_TYPE = "application/rss+xml; charset=utf-8"
NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "atom": "http://www.w3.org/2005/Atom",
    "psc": "http://podlove.org/simple-chapters",
}
PREFIXES = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
HEAD = f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"{PREFIXES}>\n<channel>\n'
TAIL = "</channel>\n</rss>\n"


@dataclass(frozen=True, slots=True)
class Element:
    """One element, made by `element()`. Blank ones are not written."""

    name: str
    text: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: tuple["Element", ...] = ()

    @property
    def is_blank(self) -> bool:
        return not (self.text or self.attributes or self.children)

    def xml(self) -> str:
        attributes = "".join(f' {name}="{quoted(text)}"' for name, text in self.attributes.items())
        inner = escape(self.text, quote=False) + "".join(child.xml() for child in self.children)
        if not inner:
            return f"<{self.name}{attributes}/>"
        return f"<{self.name}{attributes}>{inner}</{self.name}>"


def element(name: str, text: Any = "", /, *children: Element, **attributes: Any) -> Element:
    """An element without those attributes and children that are None or empty."""
    written = {key: as_text(value) for key, value in attributes.items()}
    return Element(
        name,
        as_text(text),
        {key: value for key, value in written.items() if value},
        tuple(child for child in children if not child.is_blank),
    )


def as_text(value: Any) -> str:
    """A value as text: dates by RFC 2822, booleans as true and false, no illegal characters."""
    if isinstance(value, str):
        return ILLEGAL_XML.sub("", value).strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return format_datetime(value)
    return str(value)


def quoted(text: str) -> str:
    """Text for an attribute. Parsers would read bare line breaks and tabs as spaces."""
    return escape(text).replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")


def document(channel: Iterable[Element], items: Iterable[Iterable[Element]]) -> Iterator[str]:
    """The feed in pieces: the channel, each item, the end."""
    yield HEAD + lines(channel)
    for elements in items:
        yield f"<item>\n{lines(elements)}</item>\n"
    yield TAIL


def lines(elements: Iterable[Element]) -> str:
    return "".join(f"{each.xml()}\n" for each in elements if not each.is_blank)
