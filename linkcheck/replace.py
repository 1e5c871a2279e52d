"""Putting one address in another's place, wherever it stands."""

import re
from urllib.parse import urldefrag

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from episodes.models import Episode, LibraryUse, Reference
from guests.models import Guest
from linkcheck.addresses import LONGEST, asked
from linkcheck.models import Link
from linkcheck.schedule import survey
from notes.publish import finish_edit
from stack.models import Library, Technology
from text.urls import is_web_url
from topics.models import Topic

# Rows that hold addresses, by the columns that are one, and those that are texts with some.
NAMED: tuple[tuple[type[models.Model], tuple[str, ...], tuple[str, ...]], ...] = (
    (Library, ("url",), ()),
    (Technology, ("homepage",), ("introduction",)),
    (Guest, ("website", "website_href", "mastodon"), ("introduction",)),
)
OF_EPISODES: tuple[tuple[type[models.Model], str, tuple[str, ...], tuple[str, ...]], ...] = (
    (Reference, "episode_id", ("url",), ()),
    (LibraryUse, "episode_id", ("url",), ()),
    (Topic, "episode_id", (), ("text",)),
    (Episode, "pk", (), ("introduction",)),
)


def replace_address(old: str, new: str, user: User | None) -> int:
    """Put `new` wherever `old` is linked, and survey anew. Returns how many rows changed.

    One transaction; each episode gets a revision. Raises ValidationError for what is no address,
    or can't stand where the old one does; then nothing is changed.
    """
    new = new.strip()
    if not is_web_url(new) or len(new) > LONGEST:
        raise ValidationError(f"“{new[:200]}” is no address such as https://example.org/page.")
    try:
        with transaction.atomic():
            count = sum(_mend(row, old, new, *columns) for row, *columns in _named(old))
            count += _in_episodes(old, new, user)
            survey()
    except IntegrityError as taken:
        raise ValidationError(
            f"“{new}” is another library's address. Merge the two libraries instead."
        ) from taken
    return count


def _named(old: str):
    for model, columns, texts in NAMED:
        for row in model._default_manager.filter(_holds(old, columns + texts)).select_for_update():
            yield row, columns, texts


def _in_episodes(old: str, new: str, user: User | None) -> int:
    keys: set[int] = set()
    for model, key, columns, texts in OF_EPISODES:
        found = model._default_manager.filter(_holds(old, columns + texts))
        keys.update(found.order_by().values_list(key, flat=True))
    count = 0
    # Locked in the order in which others do, for as long as all of it takes.
    for episode in Episode.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
        changed = 0
        for model, key, columns, texts in OF_EPISODES:
            rows = (
                [episode]
                if model is Episode
                else model._default_manager.filter(**{key: episode.pk})
            )
            changed += sum(_mend(row, old, new, columns, texts) for row in rows)
        if changed:
            finish_edit(episode, user, source="desk")
        count += changed
    return count


def _holds(old: str, columns: tuple[str, ...]) -> models.Q:
    return models.Q(*((f"{column}__contains", old) for column in columns), _connector=models.Q.OR)


def _mend(
    row: models.Model, old: str, new: str, columns: tuple[str, ...], texts: tuple[str, ...]
) -> bool:
    """Change one row's columns; saved only if something did change."""
    before = {column: getattr(row, column) for column in columns + texts}
    for column in columns:
        if asked(before[column]) == old:
            setattr(row, column, _with_fragment(new, before[column]))
    for text in texts:
        setattr(row, text, _in_text(before[text], old, new))
    if all(getattr(row, column) == value for column, value in before.items()):
        return False
    row.save()
    return True


def _with_fragment(new: str, written: str) -> str:
    fragment = urldefrag(written).fragment
    return f"{new}#{fragment}" if fragment and "#" not in new else new


def _in_text(text: str, old: str, new: str) -> str:
    """The Markdown with the address replaced where it ends there, not where it only begins so."""
    ends = r"(?=#|[.,:;!?]*(?:[\s<>()\[\]\"'*|]|$))"
    return re.sub(re.escape(old) + ends, lambda _: new, text)


def use_https(url: str, user: User | None) -> int:
    """Lead to the same address by https, where a check saw that this works."""
    if not Link.objects.mendable().filter(url=url).exists():
        raise ValidationError(f"{url}: nothing to mend here any more.")
    return replace_address(url, f"https://{url.removeprefix('http://')}", user)
