"""A piece of a feed as nodes with the names we know, whatever the feed calls its namespaces.

Expat reads it, told to load nothing: no entity may be declared (they are how a small file becomes
a huge one, and how one reads other files), and nothing outside the text is ever asked for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

DEEPEST = 60
# Addresses as `_key` makes them, with the names by which this package calls what is in them.
NAMESPACES = {
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "podcastindex.org/namespace/1.0": "podcast",
    "github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    "purl.org/rss/1.0/modules/content": "content",
    "www.w3.org/2005/atom": "atom",
    "purl.org/dc/elements/1.1": "dc",
    "search.yahoo.com/mrss": "media",
    "podlove.org/simple-chapters": "psc",
    "www.google.com/schemas/play-podcasts/1.0": "googleplay",
}


class BadXml(ValueError):
    """What can't be read, and the line of the piece (1-based) where that shows.

    `so_far` is the root as far as it could be read, with its prefixes; None for what must not be
    read at all.
    """

    def __init__(
        self, message: str, line: int, so_far: "tuple[Node, dict[str, str]] | None" = None
    ) -> None:
        super().__init__(message)
        self.line = line
        self.so_far = so_far


@dataclass(slots=True)
class Node:
    """An element: `itunes:duration`, attributes by lower-case name, its own text, what is in it."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.words).strip()

    def all(self, name: str) -> Iterator["Node"]:
        return (child for child in self.children if child.name == name)

    def first(self, *names: str) -> "Node | None":
        """The first child of the first of these names that any has."""
        found = (next(self.all(name), None) for name in names)
        return next((node for node in found if node), None)

    def value(self, *names: str) -> str:
        """The first text among the children of these names that isn't empty."""
        texts = (child.text for name in names for child in self.all(name))
        return next((text for text in texts if text), "")

    def attribute(self, child: str, name: str) -> str:
        """The first such attribute of the children of this name that isn't empty."""
        values = (node.attributes.get(name, "").strip() for node in self.all(child))
        return next((value for value in values if value), "")


def parse(text: str, prefixes: Mapping[str, str] | None = None) -> tuple[Node, dict[str, str]]:
    """The root, and the prefixes declared in the text, over those known from around it.

    Raises BadXml.
    """
    builder = _Builder(dict(prefixes or {}))
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.words
    parser.EntityDeclHandler = builder.refuse_entity
    try:
        parser.Parse(text, True)
    except expat.ExpatError as wrong:
        reason = expat.ErrorString(wrong.code)
        so_far = (builder.top.children[0], builder.prefixes) if builder.top.children else None
        raise BadXml(f"No XML that can be read: {reason}.", wrong.lineno, so_far) from wrong
    except Refusal as refusal:
        raise BadXml(str(refusal), parser.CurrentLineNumber) from refusal
    return builder.top.children[0], builder.prefixes


class Refusal(ValueError):
    """Well-formed, and still nothing we read."""


class _Builder:
    """Expat's handlers. `top` holds the root element."""

    def __init__(self, prefixes: dict[str, str]) -> None:
        self.prefixes = prefixes
        self.top = Node("")
        self.open = [self.top]

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self.open) > DEEPEST:
            raise Refusal(f"Elements within elements, more than {DEEPEST} deep.")
        values = {name.lower(): value for name, value in attributes.items()}
        for name, value in values.items():
            if name.startswith("xmlns:"):
                self.prefixes[name[6:]] = NAMESPACES.get(_key(value), name[6:])
        node = Node(self._name(tag, values.get("xmlns", "")), values)
        self.open[-1].children.append(node)
        self.open.append(node)

    def end(self, tag: str) -> None:
        self.open.pop()

    def words(self, text: str) -> None:
        self.open[-1].words.append(text)

    def refuse_entity(self, name: str, *more: object) -> None:
        raise Refusal(f"Declares the entity “{name[:40]}”; such files are not read.")

    def _name(self, tag: str, namespace: str) -> str:
        prefix, colon, name = tag.lower().rpartition(":")
        if colon:
            return f"{self.prefixes.get(prefix, prefix)}:{name}"
        own = NAMESPACES.get(_key(namespace))
        return f"{own}:{name}" if own else name


def _key(address: str) -> str:
    """A namespace's address without what people get wrong in it: scheme, case, final slash."""
    return address.strip().lower().partition("://")[2].rstrip("/#")
