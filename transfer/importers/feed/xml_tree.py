"""Parses XML into nodes with fixed prefixes, whatever prefixes the feed uses.

Expat loads nothing from outside, and a file that declares an entity is refused: entities make a
small file huge, or read other files.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

DEEPEST = 60
# Prefixes by the namespace's address in the form of `_key`.
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


CUT_OFF = "it ends in the middle, as after an aborted download"


class BadXml(ValueError):
    """XML that can't be read; `line` is that of the text, 1-based.

    `so_far` is the root up to that line, with its prefixes; None for a refused text.
    """

    def __init__(
        self, message: str, line: int, so_far: "tuple[Node, dict[str, str]] | None" = None
    ) -> None:
        super().__init__(message)
        self.line = line
        self.so_far = so_far


@dataclass(slots=True)
class Node:
    """An element such as `itunes:duration`. Names of elements and attributes are in lower case.

    Whoever reads a child or an attribute takes it, so that `untaken` can tell what nobody read.
    """

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)
    label: str = ""  # the name in the feed's own letters
    taken: bool = False
    taken_attributes: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        return "".join(self.words).strip()

    def get(self, attribute: str) -> str:
        self.taken_attributes.add(attribute)
        return self.attributes.get(attribute, "").strip()

    def look(self, *names: str) -> list["Node"]:
        """The children with these names, by the order of the names; none of them is taken."""
        return [child for name in names for child in self.children if child.name == name]

    def take(self) -> "Node":
        self.taken = True
        return self

    def take_all(self) -> None:
        """Take the element with all that is in it: it repeats what was read elsewhere."""
        self.take().taken_attributes.update(self.attributes)
        for child in self.children:
            child.take_all()

    def all(self, *names: str) -> list["Node"]:
        return [child.take() for child in self.look(*names)]

    def first(self, *names: str) -> "Node | None":
        """The first child with the first of these names that occurs."""
        found = self.look(*names)
        return found[0].take() if found else None

    def value(self, *names: str) -> str:
        """The first text of a child with one of these names; empty texts don't count.

        Children with the same text are taken, too.
        """
        found = self.look(*names)
        text = next(filter(None, (child.text for child in found)), "")
        for child in found:
            child.taken = child.taken or child.text in ("", text)
        return text

    def attribute(self, child: str, name: str) -> str:
        """The first value of this attribute among these children; empty ones don't count."""
        found = next(
            (node for node in self.look(child) if node.attributes.get(name, "").strip()), None
        )
        return found.take().get(name) if found else ""


def parse(text: str, prefixes: Mapping[str, str] | None = None) -> tuple[Node, dict[str, str]]:
    """The root, and its prefixes: those given and those that the text declares. Raises BadXml."""
    parser = expat.ParserCreate()
    builder = _Builder(parser, dict(prefixes or {}))
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.words
    parser.EntityDeclHandler = builder.refuse_entity
    try:
        parser.Parse(text, True)
    except expat.ExpatError as wrong:
        so_far = (builder.top.children[0], builder.prefixes) if builder.top.children else None
        is_cut_off = so_far and wrong.code == expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS]
        reason = CUT_OFF if is_cut_off else expat.ErrorString(wrong.code)
        raise BadXml(f"No XML that can be read: {reason}.", wrong.lineno, so_far) from wrong
    return builder.top.children[0], builder.prefixes


class _Builder:
    """Expat's handlers. `top` holds the root element."""

    def __init__(self, parser: expat.XMLParserType, prefixes: dict[str, str]) -> None:
        self.parser, self.prefixes = parser, prefixes
        self.top = Node("")
        self.open = [self.top]

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self.open) > DEEPEST:
            self._refuse(f"Elements within elements, more than {DEEPEST} deep.")
        values = {name.lower(): value for name, value in attributes.items()}
        for name, value in values.items():
            if name.startswith("xmlns:"):
                self.prefixes[name[6:]] = NAMESPACES.get(_key(value), name[6:])
        name = self._name(tag, values.get("xmlns", ""))
        prefix, colon, _ = name.rpartition(":")
        node = Node(name, values, label=f"{prefix}{colon}{tag.rpartition(':')[2]}")
        self.open[-1].children.append(node)
        self.open.append(node)

    def end(self, tag: str) -> None:
        self.open.pop()

    def words(self, text: str) -> None:
        self.open[-1].words.append(text)

    def refuse_entity(self, name: str, *more: object) -> None:
        self._refuse(f"Declares the entity “{name[:40]}”; such files are not read.")

    def _refuse(self, message: str) -> NoReturn:
        raise BadXml(message, self.parser.CurrentLineNumber)

    def _name(self, tag: str, namespace: str) -> str:
        prefix, colon, name = tag.lower().rpartition(":")
        if colon:
            return f"{self.prefixes.get(prefix, prefix)}:{name}"
        own = NAMESPACES.get(_key(namespace))
        return f"{own}:{name}" if own else name


def _key(address: str) -> str:
    """A namespace's address without scheme, case and final slash, which people get wrong."""
    return address.strip().lower().partition("://")[2].rstrip("/#")
