"""What the catalogue knows of the names in a draft."""

from dataclasses import dataclass

from guests.models import Guest
from notes.grammar.draft import Draft
from stack.models import Library, LibraryAddress, Technology
from text.urls import url_key


@dataclass(frozen=True, slots=True)
class Known:
    """The rows of the catalogue that a draft names, by the names it gives."""

    guests: dict[str, Guest]
    technologies: dict[str, Technology]
    libraries: dict[str, Library]  # by url_key


def known_in(draft: Draft) -> Known:
    """The rows that the draft names. Three queries."""
    keys = [url_key(link.url) for link in draft.libraries]
    addresses = LibraryAddress.objects.filter(key__in=keys).select_related("library")
    return Known(
        guests=Guest.objects.by_name(guest.name for guest in draft.guests),
        technologies=Technology.objects.by_name(draft.technologies),
        libraries={address.key: address.library for address in addresses},
    )
