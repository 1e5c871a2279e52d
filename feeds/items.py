"""An episode as an item of a feed."""

from django.urls import reverse

from episodes.models import Episode
from feeds.links import site_url
from feeds.rss import Element, element
from feeds.shownotes import show_notes, summary
from guests.models import Guest
from show.models import Promotion, Show
from topics.chapters import Chapter, chapters, with_introduction


def item_elements(episode: Episode, show: Show, promotions: list[Promotion]) -> list[Element]:
    """An item's elements in the order they are sent; blank ones drop out.

    Queries nothing when the episode comes from `views.episodes_with_everything`.
    """
    explicit = show.explicit if episode.explicit is None else episode.explicit
    return [
        element("title", episode.title),
        element("link", site_url(episode.get_absolute_url())),
        element("guid", episode.guid, isPermaLink=False),
        element("pubDate", show.local(episode.published_at) if episode.published_at else ""),
        element("description", summary(episode)),
        element("content:encoded", show_notes(episode, show, promotions)),
        *enclosure(episode),
        element("itunes:duration", episode.seconds),
        *numbers(episode),
        element("itunes:episodeType", episode.type),
        element("itunes:explicit", explicit),
        element("itunes:image", href=site_url(image_address(episode))),
        *chapter_elements(episode),
        *people(episode, show),
    ]


def enclosure(episode: Episode) -> list[Element]:
    """The audio. An address that apps already know is sent as they know it."""
    if not hasattr(episode, "enclosure"):
        return []
    audio = episode.enclosure
    url = audio.imported_url or site_url(audio.path)
    return [element("enclosure", url=url, length=audio.bytes or 0, type=audio.type)]


def numbers(episode: Episode) -> list[Element]:
    """Season and number. Apple's begin with 1; Podcasting 2.0 knows an episode 0."""
    if episode.is_interview:
        return []
    return [
        element("itunes:season", episode.season or None),
        element("itunes:episode", episode.number or None),
        element("podcast:season", episode.season),
        element("podcast:episode", episode.number),
    ]


def image_address(episode: Episode) -> str:
    return episode.image.url if episode.image else episode.image_url


def chapter_elements(episode: Episode) -> list[Element]:
    """The topics: where their JSON is, and as Podlove Simple Chapters, which start at 0:00."""
    found = chapters(list(episode.topics.all()))
    if not found or episode.is_interview:
        return []
    url = site_url(reverse("chapters", args=[episode.slug]))
    simple = [simple_chapter(chapter) for chapter in with_introduction(found)]
    return [
        element("podcast:chapters", url=url, type="application/json+chapters"),
        element("psc:chapters", "", *simple, version="1.2"),
    ]


def simple_chapter(chapter: Chapter) -> Element:
    minutes, seconds = divmod(chapter.start, 60)
    hours, minutes = divmod(minutes, 60)
    return element(
        "psc:chapter", start=f"{hours:02}:{minutes:02}:{seconds:02}", title=chapter.title
    )


def people(episode: Episode, show: Show) -> list[Element]:
    """Host and guests: an item's persons replace the channel's."""
    host = [person(show.host, "host")] if show.host else []
    return host + [person(each.guest, each.role) for each in episode.appearances.all()]


def person(guest: Guest, role: str) -> Element:
    picture = site_url(guest.avatar.url) if guest.avatar else ""
    return element("podcast:person", guest.name, role=role, href=guest.website_link, img=picture)
