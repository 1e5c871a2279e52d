"""Reads a channel's rare Podcasting 2.0 tags as the text that the desk stores for them. Pure."""

from collections import Counter
from xml.sax.saxutils import escape, quoteattr

from show.podcast_tags import RULES, Rule, parse_tags
from text.problems import Problem, warning
from transfer.importers.feed.xml_tree import Node

NAMES = {f"podcast:{name}".lower(): name for name in RULES}


def read_further_tags(channel: Node) -> tuple[tuple[str, ...], list[Problem]]:
    """The tags that the desk takes, each as XML, and a warning for each that it would refuse."""
    tags: list[str] = []
    problems: list[Problem] = []
    counts: Counter[str] = Counter()
    for node in channel.all(*NAMES):
        name = NAMES[node.name]
        tag = _written(node, name, RULES[name])
        try:
            parse_tags(tag)
        except ValueError as wrong:
            problems.append(warning(f"{wrong}; left out.", field=node.label, value=node.text))
            continue
        counts[name] += 1
        if counts[name] > 1 and not RULES[name].several:
            message = "May occur only once; the first counts."
            problems.append(warning(message, field=node.label, value=node.text))
            continue
        tags.append(tag)
    return tuple(tags), problems


def _written(node: Node, name: str, rule: Rule) -> str:
    """The element as XML, with the attributes and children that the namespace has for it."""
    attributes = "".join(
        f" {attribute}={quoteattr(value)}"
        for attribute in (*rule.required, *rule.optional)
        if (value := node.get(attribute.lower()))
    )
    children = {f"podcast:{child}".lower(): child for child in rule.children}
    inner = "".join(
        _written(child, children[child.name], rule.children[children[child.name]])
        for child in node.all(*children)
    )
    text = "" if rule.children else escape(node.text)
    return f"<podcast:{name}{attributes}>{text}{inner}</podcast:{name}>"
