"""Addresses of this site that held the name: they lead on, and can't be read back."""

from typing import Any

from django.urls import reverse

from desk.erasing.spellings import Replacement, Spellings
from episodes.models import Enclosure, Episode
from guests.models import Guest
from search.models import Question
from show.models import Page, Redirect
from stack.models import Library, Technology
from text.names import slug_for

ADDRESSED: tuple[Any, ...] = (Guest, Technology, Library, Question, Page)
AUDIO = ("audio", "assets_audio")
Addresses = dict[tuple[str, int], str]


def addresses() -> Addresses:
    """Where every row that has an address of its own is found, or was before it was binned."""
    found: Addresses = {}
    for model in ADDRESSED:
        for row in model._base_manager.all():
            found[model._meta.label, row.pk] = row.get_absolute_url()
    for episode in Episode.with_deleted.exclude(first_published_at=None):
        found["episode", episode.pk] = episode.get_absolute_url()
    for name in AUDIO:
        for key, file in Enclosure.objects.values_list("pk", "name"):
            found[name, key] = reverse(name, args=[file])
    return found


def other_addresses(guest: Guest) -> set[str]:
    """At which a guest is found by another name."""
    names = guest.names.values_list("name", flat=True)
    return {reverse("guest", args=[slug_for(name)]) for name in names}


def moved(before: Addresses, spellings: Spellings) -> dict[str, str]:
    """Where each address that held the name has gone."""
    return {
        before[key]: path
        for key, path in addresses().items()
        if before.get(key, path) != path and spellings.spans(before[key])
    }


def seal(moves: dict[str, str], spellings: Spellings, by: Replacement) -> None:
    """Have the old addresses lead to the new ones, without being kept readably.

    What led to one of them before leads there still. A target elsewhere that holds the name is
    given up: who follows it is told that it is gone.
    """
    for row in Redirect.objects.all():
        old, new = row.old_path, moves.get(row.new_path, row.new_path)
        if spellings.spans(new):
            new = spellings.replaced(new, by) if new.startswith("/") else ""
        if spellings.spans(old):
            row.delete()
            moves = {old: new} | moves
        elif new == old:
            row.delete()
        elif new != row.new_path:
            row.new_path = new
            row.save()
    for old, new in moves.items():
        Redirect.objects.seal(old, new)
