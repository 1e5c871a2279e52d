"""A guest's name, taken out of everything the database and the storage hold."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from desk.erasing.columns import Column, forget_statistics, mapped, text_columns
from desk.erasing.occurrences import (
    DERIVED,
    PASSING,
    Held,
    Place,
    held_in,
    hindrances,
    places,
    too_short,
)
from desk.erasing.recordings import erase_in_recordings, renamed
from desk.erasing.redirects import addresses, moved, other_addresses, seal
from desk.erasing.spellings import Replacement, Spellings
from episodes.audio_files import remove_discarded
from episodes.models import DiscardedFile, DrawnCard, Enclosure, Episode, new_guid
from guests.models import Guest
from notes.grammar.head import is_guest_name
from notes.publish import finish_edit
from notes.rerender import RENDERED, rerender
from notes.write_rows import free_slug
from search.models import Word
from show.models import Show
from text.names import normalise_name

# A row that is nothing without the name in it.
FORGOTTEN = {("search_miss", "query")}
# Sealed instead, by desk.erasing.redirects.
SEALED = {"show_redirect"}
# Columns that hold addresses and keys, never sentences.
ADDRESSES = {"slug", "path", "key", "guid"}
KEYS = {"normalised"}
PROFILE = ("website", "website_href", "twitter", "github", "mastodon", "linkedin", "avatar_source")


@transaction.atomic
def erase(
    guest_key: int, spellings: Spellings, name: str, site: str, user: User | None
) -> list[Place]:
    """Call the guest otherwise, everywhere. Returns where the old name stands still: nowhere.

    `site`: this site's own address. One transaction. Raises ValidationError when something has
    to be done first, or when the new name holds the old or is another's; OSError when a file
    can't be stored under another name; Guest.DoesNotExist when another has deleted the guest.
    """
    guest = Guest.objects.select_for_update().get(pk=guest_key)
    told = too_short(guest, spellings) or hindrances(spellings)
    told = told or _wrong_name(guest, spellings, name)
    if told:
        raise ValidationError(told)
    before, by_other_names = addresses(), other_addresses(guest)
    touched = set(guest.appearances.values_list("episode", flat=True))
    _rename(guest, name)
    by = Replacement.of(name, guest.slug, (site, Show.objects.current().website))
    changed = _replace_in_columns(spellings, by)
    touched |= {key for held in changed for key in held.episodes()}
    moves = moved(before, spellings)
    moves |= dict.fromkeys(filter(spellings.spans, by_other_names), guest.get_absolute_url())
    seal(moves, spellings, by)
    erase_in_recordings(touched, spellings, by)
    _make_anew(touched, {held.column.table for held in changed}, user)
    transaction.on_commit(remove_discarded, robust=True)
    return places(spellings, guest)


def _wrong_name(guest: Guest, spellings: Spellings, name: str) -> list[str]:
    known = Guest.objects.by_name([name]).get(name)
    if not normalise_name(name):
        return ["The name in its place needs a letter or digit."]
    if not is_guest_name(name):
        return ["Notes would read more than a name in it: no comma, no “and”, no brackets."]
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
    guest.save()


def _replace_in_columns(spellings: Spellings, by: Replacement) -> list[Held]:
    """What held the name, now replaced. Stored files get another name; apps are told a
    recording's own address from then on."""
    changed = []
    for audio in Enclosure.objects.exclude(file="").exclude(imported_url=""):
        if spellings.spans(audio.imported_url):
            audio.imported_url = ""
            audio.save(update_fields=["imported_url"])
            touched = Column("episodes_enclosure", "id", "imported_url", "text", None, False)
            changed.append(Held(touched, [audio.pk], 1))
    for column in text_columns():
        if column.table in DERIVED | PASSING | SEALED:
            continue
        if held := held_in(column, spellings):
            _sweep(held, spellings, by)
            changed.append(held)
    return changed


def _sweep(held: Held, spellings: Spellings, by: Replacement) -> None:
    column, keys = held.column, set(held.keys)
    for key, value in [row for row in column.rows(spellings.hints) if row[0] in keys]:
        if (column.table, column.name) in FORGOTTEN:
            column.delete(key)
        elif column.is_file:
            column.write(key, renamed(value, spellings, by))
        else:
            column.write(key, _new_value(column, value, spellings, by))


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


def _make_anew(touched: set[int], changed: set[str], user: User | None) -> None:
    """What derives from the changed texts: HTML, search, the pictures of shared links."""
    DrawnCard.objects.filter(episode__in=touched).delete()
    for model in RENDERED:
        if model is not Episode and model._meta.db_table in changed:
            for row in model._base_manager.all():
                rerender(row)
    for episode in Episode.with_deleted.filter(pk__in=touched).order_by("pk"):
        finish_edit(episode, user, "erasing of a name")
    # Words that nothing says any more would only be hidden, and samples quote what was frequent.
    Word.objects.filter(documents__lte=0).delete()
    forget_statistics(sorted(changed | DERIVED | SEALED))
