"""The technology directory: what ships with the code about technologies that web teams name."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stack.models import Technology, TechnologyName
from text.names import normalise_name

FILE = Path(__file__).with_name("directory.tsv")


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """One technology; `icon` is its slug in Simple Icons, empty where it has none."""

    name: str
    category: str
    homepage: str
    icon: str
    other_names: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.other_names)


def read_directory() -> Iterator[DirectoryEntry]:
    """The entries, in the file's order."""
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            others = tuple(filter(None, row["other names"].split(", ")))
            yield DirectoryEntry(row["name"], row["category"], row["homepage"], row["icon"], others)


@cache
def _by_name() -> dict[str, DirectoryEntry]:
    return {normalise_name(name): entry for entry in read_directory() for name in entry.names}


def entry_named(name: str) -> DirectoryEntry | None:
    """The entry with this name or alias, in any spelling."""
    return _by_name().get(normalise_name(name))


def icon_of(name: str, slug: str = "") -> str:
    """The slug in Simple Icons of the technology with this name; empty if it has none.

    `slug`: the technology's, which decides if the host chose a name that the directory lacks.
    """
    entry = entry_named(name) or entry_named(slug)
    return entry.icon if entry else ""


def fill_from_directory(technology: Technology) -> list[str]:
    """Save what the directory knows and the technology lacks; what changed, in words.

    A name changes only where it repeats the slug: an import had no better one. The host's own
    category, homepage and names stay. A new technology is saved in any case.
    """
    entry = entry_named(technology.name) or entry_named(technology.slug)
    changes = _fill_columns(technology, entry) if entry else []
    if changes or technology._state.adding:
        technology.save()
    if entry:
        names = _free_names(technology, entry)
        technology.add_names(*names)
        changes += [f"other name: {name}" for name in names]
    return changes


def _fill_columns(technology: Technology, entry: DirectoryEntry) -> list[str]:
    changes = []
    if technology.name != entry.name and _has_slug_as_name(technology, entry):
        changes.append(f"name: {technology.name} → {entry.name}")
        technology.name = entry.name
    if technology.category == Technology.Category.OTHER != entry.category:
        technology.category = entry.category
        changes.append(f"category: {technology.get_category_display()}")
    if not technology.homepage:
        technology.homepage = entry.homepage
        changes.append(f"homepage: {entry.homepage}")
    return changes


def _has_slug_as_name(technology: Technology, entry: DirectoryEntry) -> bool:
    owner = Technology.objects.named(entry.name)
    return technology.name == technology.slug and owner in (None, technology)


def _free_names(technology: Technology, entry: DirectoryEntry) -> list[str]:
    """The entry's names that no technology has yet."""
    keys = {normalise_name(name): name for name in entry.names}
    taken = TechnologyName.objects.filter(normalised__in=keys).values_list("normalised", flat=True)
    return [name for key, name in keys.items() if key not in set(taken)]
