"""Replace an address wherever the show links to it."""

import re
from collections.abc import Iterator
from urllib.parse import urldefrag

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from episodes.models import Episode, LibraryUse, Reference
from guests.models import Guest
from linkcheck.addresses import MAX_LENGTH, checkable
from linkcheck.models import Link
from linkcheck.schedule import update_links
from notes.publish import finish_edit
from stack.models import Library, Technology
from text.urls import is_web_url
from topics.models import Topic

Columns = tuple[str, ...]
# By model: columns that hold an address, and columns of text with addresses in it.
OF_ENTITIES: tuple[tuple[type[models.Model], Columns, Columns], ...] = (
    (Library, ("url",), ()),
    (Technology, ("homepage",), ("introduction",)),
    (Guest, ("website", "website_href", "mastodon"), ("introduction",)),
)
# The same for the rows of an episode, with the column that holds its key.
OF_EPISODES: tuple[tuple[type[models.Model], str, Columns, Columns], ...] = (
    (Reference, "episode_id", ("url",), ()),
    (LibraryUse, "episode_id", ("url",), ()),
    (Topic, "episode_id", (), ("text",)),
    (Episode, "pk", (), ("introduction",)),
)


def replace_address(old: str, new: str, user: User | None) -> int:
    """Replace the address everywhere and update the table of links. Returns the rows changed.

    One transaction; each episode gets a revision. Raises ValidationError if `new` is no web
    address, or is another library's.
    """
    new = new.strip()
    if not is_web_url(new) or len(new) > MAX_LENGTH:
        raise ValidationError(f"“{new[:200]}” is no address such as https://example.org/page.")
    try:
        with transaction.atomic():
            count = sum(_replace_in_row(row, old, new, *columns) for row, *columns in _rows(old))
            count += _replace_in_episodes(old, new, user)
            update_links()
    except IntegrityError as error:
        raise ValidationError(
            f"“{new}” is another library's address. Merge the two libraries instead."
        ) from error
    return count


def use_https(url: str, user: User | None) -> int:
    """Replace an http address by its https one, if a check found that this works."""
    if not Link.objects.with_https().filter(url=url).exists():
        raise ValidationError(f"{url}: no check found that https works there.")
    return replace_address(url, f"https://{url.removeprefix('http://')}", user)


def _rows(old: str) -> Iterator[tuple[models.Model, Columns, Columns]]:
    for model, columns, texts in OF_ENTITIES:
        rows = model._default_manager.filter(_contains(old, columns + texts))
        for row in rows.select_for_update():
            yield row, columns, texts


def _replace_in_episodes(old: str, new: str, user: User | None) -> int:
    keys: set[int] = set()
    for model, key, columns, texts in OF_EPISODES:
        found = model._default_manager.filter(_contains(old, columns + texts))
        keys.update(found.order_by().values_list(key, flat=True))
    count = 0
    # In the order in which other writers lock episodes.
    for episode in Episode.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
        changed = 0
        for model, key, columns, texts in OF_EPISODES:
            # This very object, which `finish_edit` gets.
            rows = (
                [episode]
                if model is Episode
                else model._default_manager.filter(**{key: episode.pk})
            )
            changed += sum(_replace_in_row(row, old, new, columns, texts) for row in rows)
        if changed:
            finish_edit(episode, user, source="desk")
        count += changed
    return count


def _contains(old: str, columns: Columns) -> models.Q:
    return models.Q(*((f"{column}__contains", old) for column in columns), _connector=models.Q.OR)


def _replace_in_row(
    row: models.Model, old: str, new: str, columns: Columns, texts: Columns
) -> bool:
    """Returns whether the row changed."""
    before = {column: getattr(row, column) for column in columns + texts}
    for column in columns:
        if checkable(before[column]) == old:
            setattr(row, column, _with_fragment(new, before[column]))
    for text in texts:
        setattr(row, text, _replace_in_text(before[text], old, new))
    if all(getattr(row, column) == value for column, value in before.items()):
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
