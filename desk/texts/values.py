"""Values of placeholders for an episode."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import get_text_list

from desk.texts.outlets import rules_of
from desk.texts.quote import Quote, quotable_topics
from episodes.addresses import absolute_url
from episodes.models import Episode
from guests.models import Guest
from pages.metadata import summary_of
from pages.social_image import SocialImage, artwork_of, episode_image
from show.models import Show
from text.timecode import format_timecode, spoken_duration
from topics.chapters import Chapter, chapters, with_introduction

HASHTAGS = 4


@dataclass(frozen=True, slots=True)
class Material:
    """What all texts about an episode are made of; `episode` was fetched with its relations."""

    episode: Episode
    show: Show
    quote: Quote | None = None

    @property
    def url(self) -> str:
        return absolute_url(self.episode.get_absolute_url())

    @property
    def picture(self) -> SocialImage | None:
        self.episode.topic_starts = sorted({row.seconds for row in self.episode.topics.all()})
        return episode_image(self.show, self.episode) or artwork_of(self.show)


def placeholder_values(material: Material, outlet: str) -> dict[str, str]:
    """The values for a text that is sent there. No query."""
    episode, show = material.episode, material.show
    guests = [row.guest for row in episode.appearances.all()]
    technologies = [use.technology.name for use in episode.uses.all()]
    published, picture = episode.published_at, material.picture
    return {
        "title": episode.title,
        "number": "" if episode.number is None else str(episode.number),
        "summary": " ".join(summary_of(episode).split()),
        "url": material.url,
        "short_url": short_address(episode) or material.url,
        "date": date_format(show.local(published), "F j, Y") if published else "",
        "length": spoken_duration(episode.seconds) if episode.seconds else "",
        "guest": join_names(guest.name for guest in guests),
        "first_name": join_names(guest.name.split()[0] for guest in guests),
        "handle": join_names(handle(guest, rules_of(outlet).handle) for guest in guests),
        "technologies": join_names(technologies),
        "main": technologies[0] if technologies else "",
        "hashtags": " ".join(list(filter(None, map(hashtag, technologies)))[:HASHTAGS]),
        **quote_values(material),
        "topics": "\n".join(f"{row.time} {row.plain}" for row in quotable_topics(episode)),
        "chapters": chapter_lines(chapters(list(episode.topics.all()))),
        "picture": absolute_url(picture.address) if picture else "",
        "show": show.title,
        "host": show.host.name if show.host else show.author,
        "home": absolute_url(reverse("home")),
    }


def quote_values(material: Material) -> dict[str, str]:
    """Those of the chosen moment; empty without one."""
    names = ("", "_by", "_time", "_url", "_short_url")
    quote = material.quote
    if quote is None:
        return {**{f"quote{name}": "" for name in names}, "clip_url": ""}
    url = f"{material.url}?t={quote.moment.parameter}"
    short = short_address(material.episode)
    return {
        "quote": quote.words,
        "quote_by": join_names(quote.people),
        "quote_time": quote.moment.time,
        "quote_url": url,
        "quote_short_url": f"{short}/{quote.moment.time}" if short else url,
        "clip_url": f"{material.url}?t={quote.clip}",
    }


def short_address(episode: Episode) -> str:
    """`/37`, which leads to the episode's page; empty if nothing does."""
    if episode.number is None or episode.is_interview:
        return ""
    return absolute_url(f"/{episode.number}")  # `reverse` takes the longer /podcast/37


def join_names(names: Iterable[str]) -> str:
    return get_text_list(list(names), "and")


def handle(guest: Guest, of_network: Callable[[Guest], str] | None) -> str:
    return (of_network and of_network(guest)) or guest.name


def hashtag(name: str) -> str:
    """`#RubyOnRails`; empty for names such as C++, which a hashtag can't spell."""
    if re.search(r"[+#]", name):
        return ""
    words = re.findall(r"[^\W_]+", re.sub(r"['’]", "", name))
    tag = words[0] + "".join(word[:1].upper() + word[1:] for word in words[1:]) if words else ""
    return f"#{tag}" if tag and not tag.isdigit() else ""


def chapter_lines(found: list[Chapter]) -> str:
    """A line for each topic, starting at 00:00. Video sites turn the lines into chapters."""
    lines = with_introduction(found)
    return "\n".join(f"{format_timecode(line.start).zfill(5)} {line.title}" for line in lines)
