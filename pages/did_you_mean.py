"""“Did you mean”: names close to one that doesn't exist."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

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
    for technology in technologies_in_use().prefetch_related("names"):
        suggestion = Suggestion(technology.name, technology.get_absolute_url())
        yield from ((name.name, suggestion) for name in technology.names.all())
        yield technology.slug, suggestion


def guests() -> Named:
    for guest in public_guests().prefetch_related("names"):
        suggestion = Suggestion(guest.name, guest.get_absolute_url())
        yield from ((name.name, suggestion) for name in guest.names.all())
        yield guest.slug, suggestion


def libraries() -> Named:
    for library in libraries_in_use():
        suggestion = Suggestion(library.name, library.get_absolute_url())
        yield library.name, suggestion
        yield library.slug, suggestion


def episodes() -> Named:
    for episode in Episode.objects.published().newest_first()[:EPISODES]:
        suggestion = Suggestion(episode.title, episode.get_absolute_url())
        yield episode.title, suggestion
        yield episode.slug, suggestion


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
