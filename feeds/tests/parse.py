"""Parses our own feeds, by namespace."""

import xml.etree.ElementTree as ElementTree

from django.test import Client

from feeds.rss import NAMESPACES

Node = ElementTree.Element


def channel(client: Client, path: str = "/podcast/feed.xml") -> Node:
    """The channel of the feed at this path."""
    found = ElementTree.fromstring(client.get(path).getvalue()).find("channel")
    assert found is not None
    return found


def items(client: Client, path: str = "/podcast/feed.xml") -> list[Node]:
    return channel(client, path).findall("item")


def text(node: Node, name: str) -> str:
    """The text of a child such as `itunes:duration`; empty without such a child."""
    return node.findtext(name, default="", namespaces=NAMESPACES)


def attributes(node: Node, name: str) -> dict[str, str]:
    """A child's attributes; none without such a child."""
    child = node.find(name, NAMESPACES)
    return {} if child is None else child.attrib


def all_of(node: Node, name: str) -> list[Node]:
    return node.findall(name, NAMESPACES)
