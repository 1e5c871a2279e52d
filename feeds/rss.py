"""RSS 2.0 as podcast apps read it: elements as plain data, and the document around them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.xmlutils import SimplerXMLGenerator

NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "atom": "http://www.w3.org/2005/Atom",
    "psc": "http://podlove.org/simple-chapters",
}
# XML 1.0, section 2.2: the characters a document may not hold, not even escaped.
ILLEGAL = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


@dataclass(frozen=True, slots=True)
class Element:
    """One element; blank ones are not written. Make them with `element()`."""

    name: str
    text: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: tuple["Element", ...] = ()

    @property
    def is_blank(self) -> bool:
        return not (self.text or self.attributes or self.children)

    def write(self, xml: SimplerXMLGenerator) -> None:
        xml.startElement(self.name, AttributesImpl(self.attributes))
        xml.characters(self.text)
        for child in self.children:
            child.write(xml)
        xml.endElement(self.name)


def element(name: str, text: Any = "", /, *children: Element, **attributes: Any) -> Element:
    """An element of what isn't blank (None or an empty text) among these."""
    written = {key: as_text(value) for key, value in attributes.items()}
    return Element(
        name,
        as_text(text),
        {key: value for key, value in written.items() if value},
        tuple(child for child in children if not child.is_blank),
    )


def as_text(value: Any) -> str:
    """A value as feeds write it: dates by RFC 2822, booleans in words, only legal characters."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return format_datetime(value)
    return ILLEGAL.sub("", str(value)).strip()


class PodcastFeed(Rss201rev2Feed):
    """A feed whose channel and items are lists of elements, written one item at a time."""

    def __init__(self, channel: Iterable[Element], items: Iterable[Iterable[Element]]) -> None:
        super().__init__(title="", link="", description="")  # unused: `channel` holds them
        self.channel = channel
        self.items_of_elements = items

    def rss_attributes(self) -> dict[str, str]:
        prefixes = {f"xmlns:{prefix}": uri for prefix, uri in NAMESPACES.items()}
        return super().rss_attributes() | prefixes

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        for each in self.channel:
            if not each.is_blank:
                each.write(handler)

    def write_items(self, handler: SimplerXMLGenerator) -> None:
        for elements in self.items_of_elements:
            element("item", "", *elements).write(handler)
