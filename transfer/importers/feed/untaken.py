"""Counts what a feed says and nobody read, by element: an import ends with this report."""

from collections import Counter

from transfer.importers.feed.xml_tree import Node
from transfer.importers.report import Report

# They say how the feed was made, and nothing about the show.
TECHNICAL = {
    "generator", "lastbuilddate", "pubdate", "docs", "ttl", "cloud", "skiphours", "skipdays",
    "webmaster", "rating", "textinput", "sy:updateperiod", "sy:updatefrequency", "sy:updatebase",
}  # fmt: skip
# Attributes that only give the form of what was read.
FORMS = {
    "guid@ispermalink", "atom:link@type", "atom:link@title", "psc:chapters@version",
    "content:encoded@type", "title@type", "description@type", "media:content@medium",
    "podcast:chapters@type",
}  # fmt: skip


def untaken(node: Node, within: str = "") -> Counter[str]:
    """The children and attributes that nobody took, by name; below those taken, theirs as well."""
    found: Counter[str] = Counter()
    for child in node.children:
        label = within + _label(child)
        if not child.taken:
            found[label] += 1
            continue
        for name, value in child.attributes.items():
            if value.strip() and not _is_form(child, name):
                found[f"{label}@{name}"] += 1
        found += untaken(child, f"{label}/")
    return found


def report_untaken(channel: Counter[str], items: Counter[str], report: Report) -> None:
    """Write a line for each element, the most frequent first; technical ones share a line."""
    technical = [f"{name} ({count:,})" for name, count in channel.items() if _is_technical(name)]
    lines = [
        f"  {name}: {count:,} in {where}"
        for where, counts in (("the channel", channel), ("items", items))
        for name, count in counts.most_common()
        if where == "items" or not _is_technical(name)
    ]
    if technical:
        lines.append(f"  Technical: {', '.join(technical)}")
    if lines:
        report.note("Not taken from the feed:")
    for line in lines:
        report.note(line)


def _label(node: Node) -> str:
    """The element's name; a link of Atom is told by its relation."""
    rel = node.attributes.get("rel", "")
    return f"{node.label} rel={rel[:40]}" if node.name == "atom:link" and rel else node.label[:80]


def _is_form(node: Node, attribute: str) -> bool:
    if attribute in node.taken_attributes or attribute.startswith("xmlns"):
        return True
    return f"{node.name}@{attribute}" in FORMS


def _is_technical(name: str) -> bool:
    return name.lower() in TECHNICAL
