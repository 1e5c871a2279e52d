"""Where a guest's name occurs, and what has to be settled before it can be erased."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from desk.erasing.columns import Column, models_by_table, text_columns, texts_in
from desk.erasing.policy import Treatment
from desk.erasing.recordings import count_in_recordings
from desk.erasing.spellings import Spellings
from episodes.models import Enclosure, Episode
from guests.models import Guest
from text.names import normalise_name
from topics.models import Cue

MIN_LENGTH = 3  # letters and digits of a spelling


@dataclass(frozen=True, slots=True)
class Matches:
    """The rows of one column that hold the name, and how often in all."""

    column: Column
    keys: list[Any]
    times: int

    @property
    def label(self) -> str:
        rebuilt = self.column.policy == Treatment.REBUILT
        return "indexes of search and of links" if rebuilt else self.column.label

    def episodes(self) -> set[int]:
        """The episodes that these rows belong to."""
        model = models_by_table().get(self.column.table)
        if model is Episode:
            return set(self.keys)
        path = "transcript__episode" if model is Cue else "episode"
        if model is None or not (model is Cue or hasattr(model, "episode")):
            return set()
        rows = model._base_manager.filter(pk__in=self.keys).exclude(**{path: None})
        return set(rows.values_list(path, flat=True))


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A line for the host: where the name occurs, in how many rows or files, how often."""

    label: str
    rows: int
    times: int


def suggest_spellings(guest: Guest) -> tuple[list[str], list[str]]:
    """The guest's names, handles and slug, each only once; apart, those too short to search for."""
    handles = [guest.twitter, guest.github, guest.mastodon.rpartition("@")[2].split("/")[0]]
    handles.append(guest.bluesky.removesuffix(".bsky.social"))
    for profile in (guest.linkedin, guest.youtube):
        handles.append(profile.rstrip("/").rpartition("/")[2].removeprefix("@"))
    names = [guest.name, *guest.names.values_list("name", flat=True), guest.slug, *handles]
    spellings: list[str] = []
    short: dict[str, str] = {}
    for name in filter(None, names):
        if is_too_short(guest, name):
            short.setdefault(normalise_name(name), name)
        elif not Spellings.of(spellings).spans(name):
            spellings.append(name)
    return spellings, list(short.values())


def find_occurrences(spellings: Spellings, guest: Guest) -> list[Occurrence]:
    """Every column that holds the name, and recordings; reads all rows that may hold it."""
    rows: Counter[str] = Counter()
    times: Counter[str] = Counter()
    episodes = set(guest.appearances.values_list("episode", flat=True))
    for matches in match_database(spellings):
        rows[matches.label] += len(matches.keys)
        times[matches.label] += matches.times
        episodes |= matches.episodes()
    found = [Occurrence(label, count, times[label]) for label, count in rows.items()]
    if counts := count_in_recordings(episodes, spellings):
        found.append(Occurrence("recordings: words in the file", len(counts), sum(counts)))
    return found


def match_database(spellings: Spellings) -> Iterator[Matches]:
    """The columns that hold the name, but for rows that expire."""
    for column in text_columns():
        if column.policy != Treatment.EXPIRING and (matches := match_column(column, spellings)):
            yield matches


def match_column(column: Column, spellings: Spellings) -> Matches | None:
    """None if the name is nowhere in the column."""
    found = [
        (key, count)
        for key, value in column.rows(spellings.hints)
        if (count := sum(len(spellings.spans(text)) for text in texts_in(value)))
    ]
    if not found:
        return None
    return Matches(column, [key for key, _ in found], sum(count for _, count in found))


def is_too_short(guest: Guest, name: str) -> bool:
    """Whether searching for it would find other words. The guest's own name is always allowed."""
    key = normalise_name(name)
    return len(key) < MIN_LENGTH and key != normalise_name(guest.name)


def spelling_problems(guest: Guest, spellings: Spellings) -> list[str]:
    if not spellings.names:
        return ["Enter the name to erase, one spelling per line."]
    return [
        f"“{name}” is too short: it would match words that aren’t a name."
        for name in spellings.names
        if is_too_short(guest, name)
    ]


def blockers(spellings: Spellings) -> list[str]:
    """What the host has to do first."""
    found = []
    for audio in Enclosure.objects.filter(file="").exclude(url="").select_related("episode"):
        if spellings.spans(audio.url):
            found.append(
                f"The recording of “{audio.episode}” is at {audio.url}, outside this site. Upload "
                "its file first, or nobody will be able to play it."
            )
    for user in User.objects.all():
        if spellings.spans(user.username) or spellings.spans(user.email):
            found.append(f"The account “{user}” has the name. Rename or delete it first.")
    return found
