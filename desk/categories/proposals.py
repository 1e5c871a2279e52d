"""Proposes a category for technologies without one: from the directory, and from similar names."""

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from stack.directory import DirectoryEntry, entry_named, read_directory
from stack.models import Technology
from text.names import normalise_name

SIMILAR = 0.86  # difflib's ratio: “elasticsearh” and “elasticsearch” have 0.96
SHORTEST = 5  # letters of a name that may be misspelled
WORD = re.compile(r"[^\W\d_]{2,}")
FEWEST = 2  # names that share a word
SHARE = 0.6  # of them, in one category


@dataclass(frozen=True, slots=True)
class ProposedCategory:
    category: str
    reason: str


class CategoryProposals:
    """Knows the directory, and the technologies that the host has sorted already."""

    def __init__(self, sorted_already: Iterable[Technology]) -> None:
        self.own = {row.name: row.category for row in sorted_already}

    def of(self, technology: Technology, names: Iterable[str]) -> ProposedCategory | None:
        """`names`: all of the technology's names. No query."""
        return (
            _listed((technology.name, technology.slug, *names))
            or self._at_address(technology.homepage)
            or self._spelled_like(technology.name)
            or self._with_word(technology.name)
        )

    def _at_address(self, homepage: str) -> ProposedCategory | None:
        """A site of its own, not one of many projects such as github.com."""
        entries = self._by_host.get(_host(homepage), [])
        if len({entry.category for entry in entries}) != 1:
            return None
        return ProposedCategory(entries[0].category, f"its website is that of {entries[0].name}")

    def _spelled_like(self, name: str) -> ProposedCategory | None:
        key = normalise_name(name)
        if len(key) < SHORTEST:
            return None
        close = difflib.get_close_matches(key, self._by_letter[key[0]], n=1, cutoff=SIMILAR)
        if not close:
            return None
        like = self._by_key[close[0]]
        return ProposedCategory(self._known[like], f"it is spelled like {like}")

    def _with_word(self, name: str) -> ProposedCategory | None:
        """What most names with one of its words are: “AWS …” is about hosting."""
        found = []
        for word in _words(name):
            counts = self._by_word[word]
            total = counts.total()
            category, count = counts.most_common(1)[0] if counts else ("", 0)
            if total >= FEWEST and count / total >= SHARE:
                found.append((count / total, count, category, word))
        if not found:
            return None
        *_, category, word = max(found)
        return ProposedCategory(category, f"other names with “{word}” are there")

    @cached_property
    def _known(self) -> dict[str, str]:
        """The category by name; what the host sorted counts before the directory."""
        names = {name: entry.category for entry in read_directory() for name in entry.names}
        return names | self.own

    @cached_property
    def _by_key(self) -> dict[str, str]:
        return {key: name for name in self._known if (key := normalise_name(name))}

    @cached_property
    def _by_letter(self) -> defaultdict[str, list[str]]:
        """Comparing a name with all others takes a hundredth of a second."""
        keys: defaultdict[str, list[str]] = defaultdict(list)
        for key in self._by_key:
            keys[key[0]].append(key)
        return keys

    @cached_property
    def _by_host(self) -> dict[str, list[DirectoryEntry]]:
        hosts: defaultdict[str, list[DirectoryEntry]] = defaultdict(list)
        for entry in read_directory():
            hosts[_host(entry.homepage)].append(entry)
        return {host: entries for host, entries in hosts.items() if host}

    @cached_property
    def _by_word(self) -> defaultdict[str, Counter[str]]:
        words: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for name, category in self._known.items():
            for word in _words(name):
                words[word][category] += 1
        return words


def _listed(names: Iterable[str]) -> ProposedCategory | None:
    entry = next(filter(None, map(entry_named, names)), None)
    return ProposedCategory(entry.category, f"{entry.name} is known") if entry else None


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _words(name: str) -> Iterator[str]:
    yield from dict.fromkeys(word.casefold() for word in WORD.findall(name))
