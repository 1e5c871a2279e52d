"""Values of placeholders for an episode."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import get_text_list

from episodes.addresses import absolute_url
from episodes.models import Episode
from guests.models import Guest
from pages.metadata import summary_of
from show.models import Show
from text.timecode import format_timecode, spoken_duration
from topics.chapters import Chapter, chapters, with_introduction


def placeholder_values(episode: Episode, show: Show) -> dict[str, str]:
    """The values for an episode fetched with its relations. No query."""
    guests = [row.guest for row in episode.appearances.all()]
    technologies = [use.technology.name for use in episode.uses.all()]
    published = episode.published_at
    return {
        "title": episode.title,
        "number": "" if episode.number is None else str(episode.number),
        "summary": " ".join(summary_of(episode).split()),
        "url": absolute_url(episode.get_absolute_url()),
        "date": date_format(show.local(published), "F j, Y") if published else "",
        "length": spoken_duration(episode.seconds) if episode.seconds else "",
        "guest": join_names(guest.name for guest in guests),
        "first_name": join_names(guest.name.split()[0] for guest in guests),
        "handle": join_names(map(handle, guests)),
        "technologies": join_names(technologies),
        "main": technologies[0] if technologies else "",
        "chapters": chapter_lines(chapters(list(episode.topics.all()))),
        "show": show.title,
        "host": show.host.name if show.host else show.author,
        "home": absolute_url(reverse("home")),
    }


def join_names(names: Iterable[str]) -> str:
    return get_text_list(list(names), "and")


def handle(guest: Guest) -> str:
    return f"@{guest.twitter}" if guest.twitter else guest.name


def chapter_lines(found: list[Chapter]) -> str:
    """A line for each topic, starting at 00:00. Video sites turn the lines into chapters."""
    lines = with_introduction(found)
    return "\n".join(f"{format_timecode(line.start).zfill(5)} {line.title}" for line in lines)
