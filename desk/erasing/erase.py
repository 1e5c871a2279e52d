"""Erase a guest's name from everything the database and the storage hold (desk.erasing.policy)."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import FileField

from desk.erasing.columns import (
    Column,
    map_texts,
    models_by_table,
    refresh_statistics,
    text_columns,
)
from desk.erasing.notes import erase_titles
from desk.erasing.occurrences import (
    Matches,
    Occurrence,
    blockers,
    find_occurrences,
    match_column,
    spelling_problems,
)
from desk.erasing.policy import COLUMNS, GUEST_ROWS, Retained, Treatment, policies
from desk.erasing.recordings import erase_in_recordings, rename_file
from desk.erasing.redirects import alias_addresses, current_addresses, moved_addresses, seal
from desk.erasing.spellings import Replacement, Spellings
from desk.erasing.transcripts import erase_speaker
from desk.submissions.sending import end_links
from episodes.audio_files import remove_discarded
from episodes.models import DiscardedFile, Episode, SocialCard, new_guid
from guests.models import Guest
from linkcheck.check import update_links
from notes.apply import finish_edit
from notes.grammar.head import NOT_A_GUEST_NAME, is_guest_name
from notes.new_rows import free_slug
from notes.rendering import RENDERED, rerender
from search.models import Word
from show.models import Show
from text.names import normalise_name

# Handled on their own, after all others.
NOT_SWEPT = (Treatment.REBUILT, Treatment.SEALED, Treatment.EXPIRING)


@transaction.atomic
def erase(
    guest_key: int, spellings: Spellings, name: str, site: str, user: User | None
) -> list[Occurrence]:
    """Give the guest another name everywhere. Returns where the old one still occurs, if anywhere.

    `site`: this site's own address. One transaction. Raises ValidationError when something has
    to be done first, or when the new name holds the old or is another guest's; OSError when a
    file can't be stored under another name; Guest.DoesNotExist when the guest was deleted.
    """
    guest = Guest.objects.select_for_update().get(pk=guest_key)
    problems = spelling_problems(guest, spellings) or blockers(spellings)
    if problems := problems or _name_problems(guest, spellings, name):
        raise ValidationError(problems)
    before, aliases = current_addresses(), alias_addresses(guest)
    touched = set(guest.appearances.values_list("episode", flat=True))
    guest = _erase_guest_rows(guest, name)
    by = Replacement.of(name, guest.slug, (site, Show.objects.current().website))
    changed = _rewrite(spellings, by)
    touched |= {key for matches in changed for key in matches.episodes()}
    erase_titles(touched, name)
    erase_speaker(guest, name)
    moves = moved_addresses(before, spellings)
    moves |= dict.fromkeys(filter(spellings.spans, aliases), guest.get_absolute_url())
    seal(moves, spellings, by)
    erase_in_recordings(touched, spellings, by)
    _rebuild(touched, {models_by_table().get(matches.column.table) for matches in changed}, user)
    transaction.on_commit(remove_discarded, robust=True)
    return find_occurrences(spellings, guest)


def _name_problems(guest: Guest, spellings: Spellings, name: str) -> list[str]:
    other = Guest.objects.by_name([name]).get(name)
    if not normalise_name(name):
        return ["The new name needs a letter or digit."]
    if not is_guest_name(name):
        return [NOT_A_GUEST_NAME]
    if spellings.spans(name):
        return ["The new name contains the old one."]
    if other and other != guest:
        return [f"“{name}” is another guest’s name. Choose one that is free."]
    return []


def _erase_guest_rows(guest: Guest, name: str) -> Guest:
    """Erase what says who the guest is, whether or not it holds the name."""
    if guest.avatar:
        DiscardedFile.objects.create(name=str(guest.avatar))
    end_links(guest)
    for model, rows_of in GUEST_ROWS.items():
        values: dict[str, Any] = {}
        for column, policy in policies(model).items():
            if policy == Treatment.ERASED:
                values[column] = model._meta.get_field(column).get_default()
            elif policy == Treatment.RENAMED and column != "slug":
                values[column] = name
        rows = rows_of(guest)
        if Treatment.ROW_ERASED in COLUMNS[model]:
            rows.delete()
        else:
            rows.update(**values)
    guest.refresh_from_db()
    guest.slug = free_slug(name, Guest.objects.exclude(pk=guest.pk))
    guest.save()
    return guest


def _rewrite(spellings: Spellings, by: Replacement) -> list[Matches]:
    """Replace the name in all rows, and rename stored files. Returns what held it."""
    changed = []
    for column in text_columns():
        if column.policy in NOT_SWEPT or isinstance(column.policy, Retained):
            continue
        if matches := match_column(column, spellings):
            _rewrite_rows(matches, spellings, by)
            changed.append(matches)
    return changed


def _rewrite_rows(matches: Matches, spellings: Spellings, by: Replacement) -> None:
    column, keys = matches.column, set(matches.keys)
    for key, value in [row for row in column.rows(spellings.hints) if row[0] in keys]:
        if column.policy == Treatment.MATCH_DELETED:
            column.delete(key)
        elif isinstance(column.field, FileField):
            column.write(key, rename_file(value, spellings, by))
        else:
            column.write(key, _new_value(column, value, spellings, by))


def _new_value(column: Column, value: Any, spellings: Spellings, by: Replacement) -> Any:
    if column.policy == Treatment.NEW_GUID:
        return new_guid()
    if column.policy == Treatment.CLEARED:
        return ""
    if column.policy == Treatment.REWRITTEN_ADDRESS:
        by = Replacement(by.slug, by.slug, by.own_hosts)
    new = map_texts(value, lambda text: spellings.replaced(text, by))
    if column.policy == Treatment.REWRITTEN_KEY:
        new = normalise_name(new)
    return _unique(column, new) if column.unique and isinstance(new, str) else new


def _unique(column: Column, value: str) -> str:
    """The value, numbered if another row has it already."""
    stem, dot, ending = (
        value.rpartition(".") if column.table == "episodes_enclosure" else (value, "", "")
    )
    number, free = 2, value
    while column.has(free):
        free = f"{stem}-{number}{dot}{ending}"
        number += 1
    return free


def _rebuild(touched: set[int], changed: set[Any], user: User | None) -> None:
    """Rebuild what derives from the changed texts: HTML, search, social cards, checked links."""
    SocialCard.objects.filter(episode__in=touched).delete()
    for model in RENDERED:
        if model is not Episode and model in changed:
            for row in model._base_manager.all():
                rerender(row)
    for episode in Episode.with_deleted.filter(pk__in=touched).order_by("pk"):
        finish_edit(episode, user, "erasing of a name")
    # Search ignores words that are in no document any more, but their rows remain.
    Word.objects.filter(documents__lte=0).delete()
    update_links()
    refresh_statistics(sorted(model._meta.db_table for model in COLUMNS))
