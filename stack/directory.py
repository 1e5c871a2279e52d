"""The technology directory: what ships with the code about technologies that web teams name."""

import csv
import difflib
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stack.models import Technology, TechnologyName, first_by_key
from text.names import normalise_name
from text.urls import url_key

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

    @property
    def keys(self) -> dict[str, str]:
        """The names by what identifies them in any spelling."""
        return {normalise_name(name): name for name in self.names}


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


def nearest_name(name: str, cutoff: float) -> str | None:
    """The entry's name that a misspelt name is closest to, by difflib's ratio; None if none is."""
    near = difflib.get_close_matches(normalise_name(name), _by_name(), n=1, cutoff=cutoff)
    return _by_name()[near[0]].name if near else None


@cache
def _by_homepage() -> dict[str, DirectoryEntry]:
    return {url_key(entry.homepage): entry for entry in read_directory() if entry.homepage}


def entry_at(url: str) -> DirectoryEntry | None:
    """The entry with this homepage."""
    return _by_homepage().get(url_key(url))


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
    owners = _owners(entry.keys) if entry else {}
    others = {key for key, owner in owners.items() if owner != technology.pk}
    changes = _fill_columns(technology, entry, others) if entry else []
    if changes and not technology._state.adding:
        columns = {name: getattr(technology, name) for name in ("name", "category", "homepage")}
        Technology.objects.filter(pk=technology.pk).update(**columns)
    if technology._state.adding:
        technology.save()
    if entry:
        own = first_by_key((technology.name, technology.slug))
        free = {key: n for key, n in entry.keys.items() if key not in owners.keys() | own.keys()}
        technology.add_names(*own.values(), *free.values())
        changes += [f"other name: {name}" for name in free.values()]
    return changes


def add_technologies(slugs: dict[str, str]) -> dict[str, Technology]:
    """Add technologies with what the directory says about them; they, by the name given.

    `slugs` has a free slug for each name, which names no technology yet. Two names may be one
    technology's: k8s and Kubernetes. Three queries. Raises IntegrityError as `save` does.
    """
    entries = {name: entry_named(name) or entry_named(slug) for name, slug in slugs.items()}
    taken = set(_owners(key for entry in entries.values() if entry for key in entry.keys))
    named: dict[str, Technology] = {}  # by every normalised name
    new: list[Technology] = []
    rows: list[TechnologyName] = []
    for name, slug in slugs.items():
        if normalise_name(name) in named:
            continue
        technology, entry = Technology(name=name, slug=slug), entries[name]
        keys = entry.keys if entry else {}
        if entry:
            _fill_columns(technology, entry, taken)
        technology.render()
        own = first_by_key((technology.name, slug))
        own |= {key: each for key, each in keys.items() if key not in taken | own.keys()}
        rows += [
            TechnologyName(technology=technology, name=own[key], normalised=key) for key in own
        ]
        new.append(technology)
        taken |= own.keys()
        named |= dict.fromkeys(own, technology)
    Technology.objects.bulk_create(new)
    TechnologyName.objects.bulk_create(rows)
    return {name: named[normalise_name(name)] for name in slugs}


def _owners(keys: Iterable[str]) -> dict[str, int]:
    """The keys of the technologies with these normalised names. One query."""
    rows = TechnologyName.objects.filter(normalised__in=set(keys)).order_by()
    return dict(rows.values_list("normalised", "technology_id"))


def _fill_columns(
    technology: Technology, entry: DirectoryEntry, taken: Container[str]
) -> list[str]:
    """Fill columns, unsaved; `taken` are the normalised names of other technologies."""
    changes = []
    has_slug_as_name = technology.name == technology.slug != entry.name
    if has_slug_as_name and normalise_name(entry.name) not in taken:
        changes.append(f"name: {technology.name} → {entry.name}")
        technology.name = entry.name
    lacks_category = technology.category == Technology.Category.OTHER
    if lacks_category and not technology.category_chosen and entry.category != technology.category:
        technology.category = entry.category
        changes.append(f"category: {technology.get_category_display()}")
    if not technology.homepage:
        technology.homepage = entry.homepage
        changes.append(f"homepage: {entry.homepage}")
    return changes
