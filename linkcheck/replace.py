"""Replace an address wherever the show links to it."""

import re
from urllib.parse import urldefrag

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model, Q

from episodes.models import Episode
from linkcheck.addresses import LINK_COLUMNS, MAX_LENGTH, LinkColumns, checkable
from linkcheck.check import update_links
from linkcheck.models import WITH_HTTPS, Link
from notes.apply import finish_edit
from text.urls import is_web_url

OF_ENTITIES = [columns for columns in LINK_COLUMNS if not columns.episode]
OF_EPISODES = [columns for columns in LINK_COLUMNS if columns.episode]


def replace_address(old: str, new: str, user: User | None) -> int:
    """Replace the address everywhere and update the table of links. Returns the rows changed.

    One transaction; each episode gets a revision. Raises ValidationError if `new` isn't a web
    address, or is another library's.
    """
    new = new.strip()
    if not old or checkable(old) != old:  # in the list of links there is no such address
        return 0
    if not is_web_url(new) or len(new) > MAX_LENGTH:
        raise ValidationError(f"“{new[:200]}” isn’t an address such as https://example.org/page.")
    try:
        with transaction.atomic():
            count = sum(_replace_in_rows(columns, old, new) for columns in OF_ENTITIES)
            count += _replace_in_episodes(old, new, user)
            update_links()
    except IntegrityError as error:
        raise ValidationError(
            f"“{new}” is another library's address. Merge the two libraries instead."
        ) from error
    return count


def use_https(url: str, user: User | None) -> int:
    """Replace an http address by its https one, if a check found that this works."""
    if not Link.objects.filter(WITH_HTTPS, url=url).exists():
        raise ValidationError(f"{url}: no check found that https works there.")
    return replace_address(url, f"https://{url.removeprefix('http://')}", user)


def _replace_in_rows(columns: LinkColumns, old: str, new: str) -> int:
    rows = columns.model._default_manager.filter(_contains(old, columns)).select_for_update()
    return sum(_replace_in_row(row, columns, old, new) for row in rows)


def _replace_in_episodes(old: str, new: str, user: User | None) -> int:
    keys: set[int] = set()
    for columns in OF_EPISODES:
        found = columns.model._default_manager.filter(_contains(old, columns))
        keys.update(found.order_by().values_list(columns.episode, flat=True))
    count = 0
    # In the order in which other writers lock episodes.
    for episode in Episode.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
        changed = 0
        for columns in OF_EPISODES:
            parts = columns.model._default_manager.filter(**{columns.episode: episode.pk})
            # The very object that `finish_edit` gets.
            rows = [episode] if columns.model is Episode else parts
            changed += sum(_replace_in_row(row, columns, old, new) for row in rows)
        if changed:
            finish_edit(episode, user, source="desk")
        count += changed
    return count


def _contains(old: str, columns: LinkColumns) -> Q:
    return Q(*((f"{name}__contains", old) for name in columns.names), _connector=Q.OR)


def _replace_in_row(row: Model, columns: LinkColumns, old: str, new: str) -> bool:
    """Returns whether the row changed."""
    before = {name: getattr(row, name) for name in columns.names}
    for name in columns.addresses:
        if checkable(before[name]) == old:
            setattr(row, name, _with_fragment(new, before[name]))
    for name in columns.texts:
        setattr(row, name, _replace_in_text(before[name], old, new))
    if all(getattr(row, name) == value for name, value in before.items()):
        return False
    row.save()
    return True


def _with_fragment(new: str, written: str) -> str:
    fragment = urldefrag(written).fragment
    return f"{new}#{fragment}" if fragment and "#" not in new else new


def _replace_in_text(text: str, old: str, new: str) -> str:
    """Markdown with the address replaced, but not where it only begins a longer one."""
    ends = r"(?=#|[.,:;!?]*(?:[\s<>()\[\]\"'*|]|$))"
    return re.sub(re.escape(old) + ends, lambda _: new, text)
