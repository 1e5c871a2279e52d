"""Rarely used Podcasting 2.0 tags, which the host pastes as services hand them out.

The rules follow docs/1.0.md of github.com/Podcastindex-org/podcast-namespace. Tags that we derive
from rows (person, chapters, trailer …) are not accepted.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from xml.etree import ElementTree

NAMESPACE = "https://podcastindex.org/namespace/1.0"
LICENSE_ID = re.compile(r"[a-z0-9][-a-z0-9.]*")


@dataclass(frozen=True, slots=True)
class PodcastTag:
    """One tag without its prefix, checked against RULES."""

    name: str
    text: str
    attributes: dict[str, str]
    children: tuple["PodcastTag", ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """What a tag may hold. `text` is its most characters."""

    text: int = 0
    text_required: bool = False
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    children: dict[str, "Rule"] = field(default_factory=dict)
    several: bool = False


REMOTE_ITEM = {
    "remoteItem": Rule(
        required=("feedGuid",), optional=("feedUrl", "itemGuid", "medium", "title"), several=True
    )
}
VALUE = {
    "valueRecipient": Rule(
        required=("type", "address", "split"),
        optional=("name", "customKey", "customValue", "fee"),
        several=True,
    )
}
RULES = {
    "block": Rule(3, True, optional=("id",), several=True),
    "chat": Rule(required=("server", "protocol"), optional=("accountId", "space")),
    "funding": Rule(128, required=("url",), several=True),
    "license": Rule(128, True, optional=("url",)),
    "location": Rule(128, True, optional=("rel", "geo", "osm", "country"), several=True),
    "podping": Rule(required=("usesPodping",)),
    "podroll": Rule(children=REMOTE_ITEM),
    "publisher": Rule(children=REMOTE_ITEM),
    "socialInteract": Rule(
        required=("protocol",),
        optional=("uri", "accountId", "accountUrl", "priority"),
        several=True,
    ),
    "txt": Rule(4000, True, optional=("purpose",), several=True),
    "value": Rule(0, False, ("type", "method"), ("suggested",), VALUE, several=True),
}


def parse_tags(text: str) -> list[PodcastTag]:
    """The tags in a text. Raises ValueError with words for the host: what is wrong, and where."""
    try:
        # Inside an element there can be no DOCTYPE, so there are no entities to expand.
        root = ElementTree.fromstring(f'<tags xmlns:podcast="{NAMESPACE}">{text}</tags>')  # noqa: S314
    except ElementTree.ParseError as error:
        wrong = error.msg.partition(":")[0]  # then a column, counted from our own beginning
        raise ValueError(f"Line {error.position[0]} is not well-formed: {wrong}") from error
    return _children(root, RULES, "")


def _children(
    parent: ElementTree.Element, rules: dict[str, Rule], parent_name: str
) -> list[PodcastTag]:
    for words in [parent.text, *(child.tail for child in parent)]:
        if rules and words and words.strip():
            raise ValueError(f"“{words.strip()[:60]}” is outside of a tag")
    tags = [_tag(child, rules, parent_name) for child in parent]
    for name, count in Counter(tag.name for tag in tags).items():
        if count > 1 and not rules[name].several:
            raise ValueError(f"podcast:{name} may occur only once")
    return tags


def _tag(found: ElementTree.Element, rules: dict[str, Rule], parent_name: str) -> PodcastTag:
    name = str(found.tag).removeprefix(f"{{{NAMESPACE}}}")
    if name not in rules or name == found.tag:
        known = ", ".join(f"podcast:{known}" for known in rules) or "no tags"
        raise ValueError(f"“{name}” isn't allowed {parent_name or 'here'}; allowed: {known}")
    rule = rules[name]
    attributes = {key: value.strip() for key, value in found.attrib.items()}
    tag = PodcastTag(
        name,
        "" if rule.children else (found.text or "").strip(),
        {key: value for key, value in attributes.items() if value},
        tuple(_children(found, rule.children, f"in podcast:{name}")),
    )
    _check(tag, rule)
    return tag


def _check(tag: PodcastTag, rule: Rule) -> None:
    where = f"podcast:{tag.name}"
    if missing := [key for key in rule.required if key not in tag.attributes]:
        raise ValueError(f"{where} needs {', '.join(missing)}=")
    if unknown := set(tag.attributes) - {*rule.required, *rule.optional}:
        raise ValueError(f"{where} has no attribute {', '.join(sorted(unknown))}=")
    if rule.text_required and not tag.text:
        raise ValueError(f"{where} is empty")
    if len(tag.text) > rule.text:
        raise ValueError(f"{where} holds at most {rule.text} characters, not {len(tag.text)}")
    if rule.children and not tag.children:
        raise ValueError(f"{where} needs a {', '.join(rule.children)} inside")
    _check_values(tag, where)


def _check_values(tag: PodcastTag, where: str) -> None:
    """Rules of single tags."""
    given = tag.attributes
    if tag.name == "block" and tag.text not in ("yes", "no"):
        raise ValueError(f"{where} is yes or no, not “{tag.text}”")
    if tag.name == "license" and "url" not in given and not LICENSE_ID.fullmatch(tag.text):
        raise ValueError(f"{where} is an identifier such as cc-by-4.0, or words and a url=")
    if tag.name == "socialInteract" and given["protocol"] != "disabled" and "uri" not in given:
        raise ValueError(f"{where} needs uri=")
    if tag.name == "publisher" and len(tag.children) > 1:
        raise ValueError(f"{where} holds one remoteItem")
