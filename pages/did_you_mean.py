"""“Did you mean”: names close to one that doesn't exist."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from episodes.counts import libraries_in_use, public_guests, technologies_in_use
from episodes.models import Episode
from text.names import normalise_name

LIMIT = 5
CUTOFF = 0.6
# Comparing is slow: this much of a word, and this many episodes, are enough.
WORD_LENGTH = 60
EPISODES = 2000


@dataclass(frozen=True, slots=True)
class Suggestion:
    label: str
    path: str


Named = Iterable[tuple[str, Suggestion]]


def closest_names(word: str, named: Named) -> list[Suggestion]:
    """The suggestions whose names are most like the word, closest first."""
    by_key: dict[str, Suggestion] = {}
    for name, suggestion in named:
        by_key.setdefault(normalise_name(name), suggestion)
    key = normalise_name(word[:WORD_LENGTH])
    keys = difflib.get_close_matches(key, by_key, n=2 * LIMIT, cutoff=CUTOFF)
    return list(dict.fromkeys(by_key[key] for key in keys))[:LIMIT]


def technologies() -> Named:
    return _named(technologies_in_use().prefetch_related("names"))


def guests() -> Named:
    return _named(public_guests().prefetch_related("names"))


def libraries() -> Named:
    return _named(libraries_in_use())


def episodes() -> Named:
    return _named(Episode.objects.published().newest_first()[:EPISODES], label="title")


def _named(rows: QuerySet[Any], label: str = "name") -> Named:
    """Each row under its label and slug, and under the other names it has."""
    for row in rows:
        suggestion = Suggestion(getattr(row, label), row.get_absolute_url())
        others = [other.name for other in row.names.all()] if hasattr(row, "names") else []
        yield from ((name, suggestion) for name in (suggestion.label, row.slug, *others))


SECTIONS = {
    "stack": technologies,
    "guests": guests,
    "libraries": libraries,
    "podcast": episodes,
    "interviews": episodes,
}


def closest_pages(path: str) -> list[Suggestion]:
    """Pages that a path without one may have meant."""
    section, _, rest = path.strip("/").partition("/")
    if section in SECTIONS and rest:
        return closest_names(rest.split("/")[0], SECTIONS[section]())
    return closest_names(section, [*technologies(), *guests()])
