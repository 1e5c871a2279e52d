"""Adds rows of the catalogue for names that an episode is the first to use."""

import re
from collections.abc import Collection, Iterable
from typing import Any

from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Lower

from guests.models import Guest, GuestName
from stack.directory import add_technologies, entry_at
from stack.models import Library, LibraryAddress, Technology
from text.names import normalise_name, slug_for
from text.urls import bare_host, name_from_url

SLUGS = 100  # looked up by one query
SURE_NAME = 4  # letters: so short a name may be that of several libraries
JOINTS = "[-_.]"
FOLDED = Func(Lower("name"), Value(JOINTS), Value(""), Value("g"), function="regexp_replace")


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


def new_libraries(urls: dict[str, str], named: Collection[Library] = ()) -> dict[str, Library]:
    """Libraries at new addresses, by key: `urls` has the addresses by key. Five queries.

    A library that is known by the same name on another site gets the address, unless the same
    notes have `named` it already: then they mean two.
    """
    names = {key: _library_name(url) for key, url in urls.items()}
    found = _same_libraries(names, urls, {each.pk for each in named})
    new = {key: name for key, name in names.items() if key not in found}
    slugs = free_slugs(list(new.values()), Library.objects)
    libraries = [
        Library(name=name, slug=slug, url=urls[key])
        for (key, name), slug in zip(new.items(), slugs, strict=True)
    ]
    Library.objects.bulk_create(libraries)
    found |= dict(zip(new, libraries, strict=True))
    LibraryAddress.objects.bulk_create(
        LibraryAddress(library=library, key=key) for key, library in found.items()
    )
    return {key: found[key] for key in urls}


def _library_name(url: str) -> str:
    entry = entry_at(url)
    return (entry.name if entry else name_from_url(url))[:100]


def _same_libraries(
    names: dict[str, str], urls: dict[str, str], taken: set[int]
) -> dict[str, Library]:
    """The known library of the same name for each key, if none of its addresses is on that site:
    two repositories of one name on one forge are two libraries. Two queries."""
    wanted = {key: name for key, name in names.items() if len(normalise_name(name)) >= SURE_NAME}
    rows = Library.objects.annotate(folded=FOLDED).prefetch_related("addresses")
    known = {
        normalise_name(row.name): row
        for row in rows.filter(folded__in={_folded(name) for name in wanted.values()})
    }
    found: dict[str, Library] = {}
    for key, name in wanted.items():
        row = known.get(normalise_name(name))
        if row is None or row.pk in taken:
            continue
        if bare_host(urls[key]) not in {each.key.split("/")[0] for each in row.addresses.all()}:
            found[key] = row
            taken.add(row.pk)
    return found


def _folded(name: str) -> str:
    """The name as `FOLDED` writes it."""
    return re.sub(JOINTS, "", name.lower())


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
