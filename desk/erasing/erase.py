"""A guest's name, taken out of everything the database and the storage hold.

No trace of it is kept to tell that it was here: an address that held it is simply unknown (404)
afterwards. A redirect, or a row that says “gone”, would have to store the name, and a digest of it
would be guessed in a moment by whoever knows the name.
"""

from pathlib import PurePosixPath
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction

from desk.erasing.columns import Column, mapped, text_columns
from desk.erasing.places import DERIVED, PASSING, Place, hindrances, places, times
from desk.erasing.spellings import Replacement, Spellings
from episodes.models import (
    Appearance,
    DiscardedFile,
    DrawnCard,
    Enclosure,
    Episode,
    LibraryUse,
    Mention,
    Reference,
    Sponsor,
    new_guid,
)
from episodes.recordings import remove_discarded
from guests.models import Guest
from media.storages import copy_within
from notes.management.commands.rerender import RENDERED, render
from notes.publish import finish_edit
from notes.write_rows import free_slug
from search.models import Word
from show.models import Redirect, Show
from text.names import normalise_name
from topics.models import Topic

# What a row is, that is nothing without the name in it.
FORGOTTEN = {("show_redirect", "old_path"), ("search_miss", "query")}
# Columns that hold addresses and keys, never sentences.
ADDRESSES = {"slug", "path", "old_path", "new_path", "key", "guid"}
KEYS = {"normalised"}
PARTS = {
    model._meta.db_table: model
    for model in (Appearance, Topic, Reference, LibraryUse, Mention, Enclosure, Sponsor)
}
PROFILE = ("website", "website_href", "twitter", "github", "mastodon", "linkedin", "avatar_source")


@transaction.atomic
def erase(
    guest_key: int, spellings: Spellings, name: str, site: str, user: User | None
) -> list[Place]:
    """Call the guest otherwise, everywhere. Returns where the old name stands still: nowhere.

    `site`: this site's own address. One transaction. Raises ValidationError when something has
    to be done first, or when the new name holds the old or is another's; OSError when a file
    can't be stored under another name.
    """
    guest = Guest.objects.select_for_update().get(pk=guest_key)
    told = hindrances(spellings) or _wrong_name(guest, spellings, name)
    if told:
        raise ValidationError(told)
    touched = set(guest.appearances.values_list("episode", flat=True))
    _rename(guest, name)
    by = Replacement.of(name, guest.slug, (site, Show.objects.current().website))
    _forget_files_and_audio(spellings, by)
    changed = set()
    for column in text_columns():
        if column.table in DERIVED | PASSING or column.is_file:
            continue
        keys = _sweep(column, spellings, by)
        touched |= _episodes(column, keys)
        changed |= {column.table} if keys else set()
    _make_anew(touched, changed, user)
    transaction.on_commit(remove_discarded, robust=True)
    return places(spellings)


def _wrong_name(guest: Guest, spellings: Spellings, name: str) -> list[str]:
    known = Guest.objects.by_name([name]).get(name)
    if not normalise_name(name):
        return ["The name in its place needs a letter or digit."]
    if spellings.spans(name):
        return ["The name in its place holds the name itself."]
    if known and known != guest:
        return [f"“{name}” is another guest’s name: choose one that is free."]
    return []


def _rename(guest: Guest, name: str) -> None:
    """What says who they are goes, whether or not it holds the name."""
    guest.names.all().delete()
    for field in PROFILE:
        setattr(guest, field, "")
    if guest.avatar:
        DiscardedFile.objects.create(name=str(guest.avatar))
        guest.avatar = ""
    guest.name = name
    guest.slug = free_slug(name, Guest.objects.exclude(pk=guest.pk))
    Redirect.objects.filter(old_path=guest.get_absolute_url()).delete()
    guest.save()


def _forget_files_and_audio(spellings: Spellings, by: Replacement) -> None:
    """Stored files get another name; apps know the audio by its new address from then on."""
    for audio in Enclosure.objects.all():
        if spellings.spans(audio.imported_url) and audio.file:
            audio.imported_url = ""
            audio.save(update_fields=["imported_url"])
    for column in text_columns():
        if column.is_file:
            for key, value in list(column.rows()):
                if spellings.spans(value):
                    column.write(key, _renamed(value, spellings, by))


def _renamed(stored: str, spellings: Spellings, by: Replacement) -> str:
    """Another name for a stored file; the old one is removed after the transaction."""
    path = PurePosixPath(spellings.replaced(stored, Replacement(by.slug, by.slug)))
    wanted = default_storage.get_available_name(str(path))
    if default_storage.exists(stored):
        wanted = copy_within(stored, wanted)
    DiscardedFile.objects.create(name=stored)
    return wanted


def _sweep(column: Column, spellings: Spellings, by: Replacement) -> list[Any]:
    """Replace the name in a column; the keys of the rows that held it."""
    found = [row for row in column.rows() if times(row[1], spellings)]
    for key, value in found:
        if (column.table, column.name) in FORGOTTEN:
            column.delete(key)
        else:
            column.write(key, _new_value(column, value, spellings, by))
    return [key for key, _ in found]


def _new_value(column: Column, value: Any, spellings: Spellings, by: Replacement) -> Any:
    if (column.table, column.name) == ("episodes_episode", "guid"):
        return new_guid()
    if column.name in ADDRESSES or (column.table, column.name) == ("episodes_enclosure", "name"):
        by = Replacement(by.slug, by.slug, by.own_hosts)
    new = mapped(value, lambda text: spellings.replaced(text, by))
    if column.name in KEYS:
        new = normalise_name(new)
    return _free(column, new) if column.unique and isinstance(new, str) else new


def _free(column: Column, value: str) -> str:
    """A value that no other row has, where only one may."""
    stem, dot, ending = (
        value.rpartition(".") if column.table == "episodes_enclosure" else (value, "", "")
    )
    number, free = 2, value
    while column.has(free):
        free = f"{stem}-{number}{dot}{ending}"
        number += 1
    return free


def _episodes(column: Column, keys: list[Any]) -> set[int]:
    """Whose rows these are."""
    if not keys:
        return set()
    if column.table == "episodes_episode":
        return set(keys)
    if column.table == "topics_cue":
        rows = Episode.with_deleted.filter(transcript__cues__in=keys)
        return set(rows.values_list("pk", flat=True))
    model = PARTS.get(column.table)
    if model is None:
        return set()
    return set(model._base_manager.filter(pk__in=keys).values_list("episode", flat=True))


def _make_anew(touched: set[int], changed: set[str], user: User | None) -> None:
    """What derives from the changed texts: HTML, search, the pictures of shared links."""
    DrawnCard.objects.filter(episode__in=touched).delete()
    for model in RENDERED:
        if model is not Episode and model._meta.db_table in changed:
            for row in model._base_manager.all():
                render(row)
    for episode in Episode.with_deleted.filter(pk__in=touched).order_by("pk"):
        finish_edit(episode, user, "erasing of a name")
    # Words that nothing says any more would only be hidden.
    Word.objects.filter(documents__lte=0).delete()
