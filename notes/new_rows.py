"""Adds rows of the catalogue for names that an episode is the first to use."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import models

from guests.models import Guest, GuestName
from stack.directory import add_technologies
from stack.models import Library, LibraryAddress, Technology
from text.names import normalise_name, slug_for
from text.urls import name_from_url

SLUGS = 100  # looked up by one query


def new_guests(names: Collection[str]) -> dict[str, Guest]:
    """New guests, by name. Three queries."""
    slugs = free_slugs(names, Guest.objects)
    guests = [Guest(name=name, slug=slug) for name, slug in zip(names, slugs, strict=True)]
    for guest in guests:
        guest.render()
    Guest.objects.bulk_create(guests)
    GuestName.objects.bulk_create(
        GuestName(guest=guest, name=guest.name, normalised=normalise_name(guest.name))
        for guest in guests
    )
    return {guest.name: guest for guest in guests}


def new_technologies(names: Collection[str]) -> dict[str, Technology]:
    """New technologies, by name, with what the directory says about them. Four queries."""
    slugs = free_slugs(names, Technology.objects)
    return add_technologies(dict(zip(names, slugs, strict=True)))


def new_libraries(urls: dict[str, str]) -> dict[str, Library]:
    """New libraries, by key: `urls` has their addresses by key. Three queries."""
    names = [name_from_url(url)[:100] for url in urls.values()]
    slugs = free_slugs(names, Library.objects)
    libraries = [
        Library(name=name, slug=slug, url=url)
        for name, slug, url in zip(names, slugs, urls.values(), strict=True)
    ]
    Library.objects.bulk_create(libraries)
    LibraryAddress.objects.bulk_create(
        LibraryAddress(library=library, key=key)
        for library, key in zip(libraries, urls, strict=True)
    )
    return dict(zip(urls, libraries, strict=True))


def free_slug(name: str, rows: models.Manager[Any] | models.QuerySet[Any]) -> str:
    """A slug for a new row: from its name, with a number behind it where that is taken."""
    return free_slugs([name], rows)[0]


def free_slugs(
    names: Collection[str], rows: models.Manager[Any] | models.QuerySet[Any]
) -> list[str]:
    """Slugs for new rows, each like `free_slug` after the rows before it."""
    wanted = [slug_for(name) for name in names]
    taken = _taken(sorted(set(wanted)), rows)
    slugs = []
    for slug in wanted:
        candidates: Iterable[str] = (slug, *(f"{slug}-{n}" for n in range(2, len(taken) + 3)))
        free = next(candidate for candidate in candidates if candidate not in taken)
        taken.add(free)
        slugs.append(free)
    return slugs


def _taken(slugs: list[str], rows: models.Manager[Any] | models.QuerySet[Any]) -> set[str]:
    """The slugs of rows that begin with one of these."""
    taken: set[str] = set()
    for start in range(0, len(slugs), SLUGS):
        begins = (("slug__startswith", slug) for slug in slugs[start : start + SLUGS])
        found = rows.filter(models.Q(*begins, _connector=models.Q.OR)).order_by()
        taken.update(found.values_list("slug", flat=True))
    return taken
