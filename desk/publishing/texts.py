"""Values of placeholders for an episode."""

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.formats import date_format

from episodes.addresses import absolute_url
from episodes.models import Episode
from guests.models import Guest
from pages.metadata import summary_of
from show.models import Show
from text.timecode import spoken_duration
from topics.chapters import Chapter, chapters, with_introduction


def placeholder_values(episode: Episode, show: Show) -> dict[str, str]:
    """For an episode fetched with its relations; no query."""
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
        "guest": listed(guest.name for guest in guests),
        "first_name": listed(guest.name.split()[0] for guest in guests),
        "handle": listed(map(handle, guests)),
        "technologies": listed(technologies),
        "main": technologies[0] if technologies else "",
        "chapters": chapter_lines(chapters(list(episode.topics.all()))),
        "show": show.title,
        "host": show.host.name if show.host else show.author,
        "home": absolute_url(reverse("home")),
    }


def handle(guest: Guest) -> str:
    return f"@{guest.twitter}" if guest.twitter else guest.name


def listed(names: Iterable[str]) -> str:
    """`one`, `one and two`, or `one, two and three`."""
    *most, last = list(names) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def chapter_lines(found: Sequence[Chapter]) -> str:
    """A line for each, starting at 00:00, which video sites turn into chapters."""
    lines = with_introduction(list(found))
    return "\n".join(f"{clock(chapter.start)} {chapter.title}" for chapter in lines)


def clock(seconds: int) -> str:
    """`05:26`, or `1:02:03` from one hour on."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
