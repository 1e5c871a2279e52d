"""Names near one that names nothing, for the page that says so."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from episodes.counts import libraries_in_use, public_guests, technologies_in_use
from episodes.models import Episode
from text.names import normalise_name

LIMIT = 5
CUTOFF = 0.6
# Comparing is slow: this much of a word, and so many episodes, are enough.
WORD_LENGTH = 60
EPISODES = 2000


@dataclass(frozen=True, slots=True)
class Near:
    """Something that exists, and where."""

    label: str
    path: str


Named = Iterable[tuple[str, Near]]


def near_names(word: str, named: Named) -> list[Near]:
    """What goes by names most like the word, nearest first."""
    by_key: dict[str, Near] = {}
    for name, near in named:
        by_key.setdefault(normalise_name(name), near)
    key = normalise_name(word[:WORD_LENGTH])
    keys = difflib.get_close_matches(key, by_key, n=2 * LIMIT, cutoff=CUTOFF)
    return list(dict.fromkeys(by_key[key] for key in keys))[:LIMIT]


def technologies() -> Named:
    for technology in technologies_in_use().prefetch_related("names"):
        near = Near(technology.name, technology.get_absolute_url())
        yield from ((name.name, near) for name in technology.names.all())
        yield technology.slug, near


def guests() -> Named:
    for guest in public_guests().prefetch_related("names"):
        near = Near(guest.name, guest.get_absolute_url())
        yield from ((name.name, near) for name in guest.names.all())
        yield guest.slug, near


def libraries() -> Named:
    for library in libraries_in_use():
        near = Near(library.name, library.get_absolute_url())
        yield library.name, near
        yield library.slug, near


def episodes() -> Named:
    for episode in Episode.objects.published().newest_first()[:EPISODES]:
        near = Near(episode.title, episode.get_absolute_url())
        yield episode.title, near
        yield episode.slug, near


SECTIONS = {
    "stack": technologies,
    "guests": guests,
    "libraries": libraries,
    "podcast": episodes,
    "interviews": episodes,
}


def near_path(path: str) -> list[Near]:
    """What might have been meant by a path where nothing is."""
    section, _, rest = path.strip("/").partition("/")
    if section in SECTIONS and rest:
        return near_names(rest.split("/")[0], SECTIONS[section]())
    return near_names(section, [*technologies(), *guests()])
