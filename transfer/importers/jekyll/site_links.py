"""Reads the links of a Jekyll site's configuration and navigation."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from transfer.importers.checkout import is_file, read_text, reporting_unreadable
from transfer.importers.jekyll.front_matter import MOST_MEGABYTES, read_yaml_value
from transfer.importers.jekyll.settings import SiteConfig
from transfer.importers.report import Report

DATA = "_data"
LONGEST_KEY = 150
# Keys of the configuration, and files of `_data`, that hold links.
NAVIGATION = re.compile(
    r"(?:(?:main|top|header|footer|site|aux|external|social)[_-]?)?(?:nav|navigation|menu|links)"
    r"|header|footer|support|donate|sponsors?|courses"
)
LABELS = ("title", "name", "text", "label")
ADDRESSES = ("url", "link", "href", "permalink", "user_url")
# Settings of `links` that are imported by their own keys.
BY_KEY = ("links.forms", "links.subscribe")


@dataclass(frozen=True, slots=True)
class JekyllLink:
    """One link; `key` is its place in the files, without positions in lists."""

    key: str
    label: str
    url: str

    def __str__(self) -> str:
        return f"{self.key}: {self.url}"


def read_links(root: Path, config: SiteConfig, report: Report) -> list[JekyllLink]:
    """All links but those of BY_KEY, in the files' order. Unreadable files are reported."""
    found = list(_links("", _stated(config.values)))
    for path in sorted((root / DATA).glob("*.y*ml")):
        name = path.relative_to(root).as_posix()
        if not NAVIGATION.fullmatch(path.stem.lower()) or not is_file(path, root):
            continue
        with reporting_unreadable(name, report):
            text = read_text(path, name, MOST_MEGABYTES, "utf-8-sig")
            found += _links(f"{DATA}.{path.stem}", read_yaml_value(text, name))
    seen: Counter[str] = Counter()
    unique = []
    for link in found:
        seen[link.key] += 1
        key = link.key if seen[link.key] == 1 else f"{link.key} ({seen[link.key]})"
        unique.append(replace(link, key=key))
    return unique


def _stated(values: dict[str, Any]) -> dict[str, Any]:
    """The parts of the configuration that hold links."""
    author = values.get("author")
    parts = {key: value for key, value in values.items() if NAVIGATION.fullmatch(key.lower())}
    if isinstance(author, dict):
        parts["author"] = {"links": author.get("links")}
    return parts


def _links(prefix: str, values: Any) -> Iterator[JekyllLink]:
    seen: set[int] = set()  # YAML's aliases: each structure once

    def walk(value: Any, key: str) -> Iterator[JekyllLink]:
        if key.startswith(BY_KEY) or id(value) in seen:
            return
        if isinstance(value, str):
            if _is_link(value) or key.startswith(("links.", "author.links.")):
                yield JekyllLink(key[:LONGEST_KEY], "", value)
            return
        seen.add(id(value))
        if isinstance(value, list):
            for item in value:
                yield from walk(item, key)
        if isinstance(value, dict):
            yield from walk_mapping(value, key)

    def walk_mapping(value: dict[str, Any], key: str) -> Iterator[JekyllLink]:
        url, label = _text(value, ADDRESSES), _text(value, LABELS)
        if url:
            yield JekyllLink(
                f"{key}.{label}"[:LONGEST_KEY] if label else key[:LONGEST_KEY], label, url
            )
        for name, item in value.items():
            if not (url and isinstance(item, str)):
                yield from walk(item, f"{key}.{name}".strip("."))

    yield from walk(values, prefix)


def _is_link(value: str) -> bool:
    return value.startswith(("http://", "https://", "mailto:", "/"))


def _text(value: dict[str, Any], names: tuple[str, ...]) -> str:
    texts = (value.get(name) for name in names)
    return next((text for text in texts if isinstance(text, str) and text), "")
