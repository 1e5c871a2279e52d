"""Where a guest's name stands, and what keeps it from being erased."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from desk.erasing.columns import text_columns, texts_of
from desk.erasing.spellings import Spellings
from episodes.models import Enclosure
from guests.models import Guest

# Made anew from the other tables.
DERIVED = {"search_document", "search_content", "search_passage", "search_word"}
# Files that are about to be removed; sessions are signed and packed, and expire by themselves.
PASSING = {"episodes_discardedfile", "django_session"}


@dataclass(frozen=True, slots=True)
class Place:
    """A column in which the name stands, in how many rows, and how often."""

    label: str
    rows: int
    times: int


def spellings_of(guest: Guest) -> list[str]:
    """By what a guest is known here: names, handles, the address of their page."""
    handles = [guest.twitter, guest.github, guest.mastodon.rpartition("@")[2].split("/")[0]]
    handles.append(guest.linkedin.rstrip("/").rpartition("/")[2])
    names = [guest.name, *guest.names.values_list("name", flat=True), guest.slug, *handles]
    found = Spellings(())
    kept = []
    for name in filter(None, names):
        if not found.spans(name):
            kept.append(name)
            found = Spellings.of(kept)
    return kept


def places(spellings: Spellings) -> list[Place]:
    """Every column of the database that holds the name; reads every text there is."""
    rows: Counter[str] = Counter()
    all_times: Counter[str] = Counter()
    for column in text_columns():
        if column.table in PASSING:
            continue
        label = "what search derives" if column.table in DERIVED else column.label
        found = [count for _, value in column.rows() if (count := times(value, spellings))]
        if found:
            rows[label] += len(found)
            all_times[label] += sum(found)
    return [Place(label, count, all_times[label]) for label, count in rows.items()]


def times(value: Any, spellings: Spellings) -> int:
    """How often the name stands in a column's value."""
    return sum(len(spellings.spans(text)) for text in texts_of(value))


def hindrances(spellings: Spellings) -> list[str]:
    """What the host has to do first, in sentences."""
    told = []
    for audio in Enclosure.objects.filter(file="").exclude(url="").select_related("episode"):
        if spellings.spans(audio.url):
            told.append(
                f"The recording of “{audio.episode}” lies at {audio.url}, outside of this site: "
                "hand in its file first, or it can’t be played any more."
            )
    for user in User.objects.all():
        if spellings.spans(user.username) or spellings.spans(user.email):
            told.append(f"The account “{user}” is called so: change it first, or delete it.")
    return told
