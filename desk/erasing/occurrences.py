"""Where a guest's name stands, and what keeps it from being erased."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from desk.erasing.columns import Column, text_columns, texts_of
from desk.erasing.recordings import in_recordings
from desk.erasing.spellings import Spellings
from episodes.models import (
    Appearance,
    Enclosure,
    Episode,
    LibraryUse,
    Mention,
    Reference,
    Sponsor,
)
from guests.models import Guest
from notes.models import Revision
from text.names import normalise_name
from topics.models import Topic, Transcript

SHORTEST = 3  # letters and digits of a spelling
# Made anew from the other tables.
DERIVED = {"search_document", "search_content", "search_passage", "search_word"}
# Files that are about to be removed; sessions are signed and packed, and expire by themselves.
PASSING = {"episodes_discardedfile", "django_session"}
OF_EPISODES: dict[str, Any] = {
    model._meta.db_table: model
    for model in (
        Appearance, Topic, Reference, LibraryUse, Mention, Enclosure, Sponsor, Revision, Transcript,
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """The rows of a column in which the name stands, and how often in all."""

    column: Column
    keys: list[Any]
    times: int

    @property
    def label(self) -> str:
        return "what search derives" if self.column.table in DERIVED else self.column.label

    def episodes(self) -> set[int]:
        """Whose rows these are."""
        if self.column.table == "episodes_episode":
            return set(self.keys)
        if self.column.table == "topics_cue":
            of_cues = Episode.with_deleted.filter(transcript__cues__in=self.keys)
            return set(of_cues.values_list("pk", flat=True))
        model = OF_EPISODES.get(self.column.table)
        if model is None:
            return set()
        rows = model._base_manager.filter(pk__in=self.keys)
        return set(rows.values_list("episode", flat=True))


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere the name stands, in how many rows or files, and how often."""

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


def places(spellings: Spellings, guest: Guest) -> list[Place]:
    """Every column that holds the name, and files of recordings; reads all that may hold it."""
    rows: Counter[str] = Counter()
    all_times: Counter[str] = Counter()
    episodes = set(guest.appearances.values_list("episode", flat=True))
    for held in everywhere(spellings):
        rows[held.label] += len(held.keys)
        all_times[held.label] += held.times
        episodes |= held.episodes()
    found = [Place(label, count, all_times[label]) for label, count in rows.items()]
    if inside := in_recordings(episodes, spellings):
        found.append(Place("recordings: words in the file", len(inside), sum(inside)))
    return found


def everywhere(spellings: Spellings) -> Iterator[Held]:
    """Every column of the database that holds the name."""
    for column in text_columns():
        if column.table not in PASSING and (held := held_in(column, spellings)):
            yield held


def held_in(column: Column, spellings: Spellings) -> Held | None:
    """What a column holds of the name; None for nothing."""
    found = [
        (key, count)
        for key, value in column.rows(spellings.hints)
        if (count := sum(len(spellings.spans(text)) for text in texts_of(value)))
    ]
    if not found:
        return None
    return Held(column, [key for key, _ in found], sum(count for _, count in found))


def too_short(guest: Guest, spellings: Spellings) -> list[str]:
    """What would be found in every other sentence, or nothing at all, in sentences."""
    if not spellings.names:
        return ["Say which name is to be erased, one spelling to a line."]
    own = normalise_name(guest.name)
    return [
        f"“{name}” is too short: it would be found in words that aren’t a name."
        for name in spellings.names
        if len(normalise_name(name)) < SHORTEST and normalise_name(name) != own
    ]


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
