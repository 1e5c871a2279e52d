"""Addresses of this site that held the name: they still redirect, but nobody can read them back."""

from typing import Any

from django.urls import reverse

from desk.erasing.spellings import Replacement, Spellings
from episodes.models import Enclosure, Episode
from guests.models import Guest
from search.models import Question
from show.models import Page, Redirect
from stack.models import Library, Technology
from text.names import slug_for

WITH_ADDRESS: tuple[Any, ...] = (Guest, Technology, Library, Question, Page)
AUDIO_ROUTES = ("audio", "assets_audio")
Addresses = dict[tuple[str, int], str]


def current_addresses() -> Addresses:
    """The address of every row that has one, or had one before it was moved to the bin."""
    found: Addresses = {}
    for model in WITH_ADDRESS:
        for row in model._base_manager.all():
            found[model._meta.label, row.pk] = row.get_absolute_url()
    for episode in Episode.with_deleted.exclude(first_published_at=None):
        found["episode", episode.pk] = episode.get_absolute_url()
    for route in AUDIO_ROUTES:
        for key, file in Enclosure.objects.values_list("pk", "name"):
            found[route, key] = reverse(route, args=[file])
    return found


def alias_addresses(guest: Guest) -> set[str]:
    """Addresses that lead to a guest by another name."""
    names = guest.names.values_list("name", flat=True)
    return {reverse("guest", args=[slug_for(name)]) for name in names}


def moved_addresses(before: Addresses, spellings: Spellings) -> dict[str, str]:
    """The new address for each that held the name."""
    return {
        before[key]: path
        for key, path in current_addresses().items()
        if before.get(key, path) != path and spellings.spans(before[key])
    }


def seal(moves: dict[str, str], spellings: Spellings, by: Replacement) -> None:
    """Redirect the old addresses to the new ones, storing only digests of the old.

    Redirects to an old address follow. An outside target that holds the name becomes a 410.
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
