"""An episode as an item of a feed."""

from django.urls import reverse

from episodes.addresses import absolute_url
from episodes.models import Enclosure, Episode
from feeds.rss import Element, element
from feeds.shownotes import show_notes, summary
from guests.models import Guest
from show.models import Promotion, Show
from topics.chapters import Chapter, chapters, with_introduction
from topics.models import Topic

# The transcript's files, by URL name.
TRANSCRIPTS = (("transcript_vtt", "text/vtt"), ("transcript_json", "application/json"))


def item_elements(episode: Episode, show: Show, promotions: list[Promotion]) -> list[Element]:
    """The item's elements in order; blank ones are not written.

    No query if the episode comes from `with_item_relations`.
    """
    explicit = show.explicit if episode.explicit is None else episode.explicit
    image = absolute_url(image_address(episode))
    topics = list(episode.topics.all())
    updated = show.local(episode.updated_on) if episode.updated_on else None
    return [
        element("title", episode.title),
        element("link", absolute_url(episode.get_absolute_url())),
        element("guid", episode.guid, isPermaLink=False),
        element("pubDate", show.local(episode.published_at) if episode.published_at else ""),
        # Atom's element (RFC 4287, section 4.2.15): RSS has none, and readers show a correction.
        element("atom:updated", updated.isoformat() if updated else ""),
        element("description", summary(episode)),
        element("content:encoded", show_notes(episode, topics, show, promotions)),
        *enclosure(episode, show),
        element("itunes:duration", episode.seconds),
        *numbers(episode),
        element("itunes:episodeType", episode.type),
        element("itunes:explicit", explicit),
        element("itunes:image", href=image),
        element("podcast:image", href=image, alt=episode.title if image else ""),
        *chapter_elements(episode, topics),
        *transcripts(episode, show),
        *people(episode, show),
    ]


def enclosure(episode: Episode, show: Show) -> list[Element]:
    """The audio. The length is required; 0 if unknown."""
    if not hasattr(episode, "enclosure"):
        return []
    audio = episode.enclosure
    url = enclosure_url(audio, show)
    return [element("enclosure", url=url, length=audio.bytes or 0, type=audio.type)]


def enclosure_url(audio: Enclosure, show: Show) -> str:
    """The audio's URL as apps know it, behind the prefix of a download counter.

    Such services expect the URL after their prefix without `https://`.
    """
    url = audio.imported_url or absolute_url(audio.path)
    return show.enclosure_prefix + url.removeprefix("https://") if show.enclosure_prefix else url


def numbers(episode: Episode) -> list[Element]:
    """Season and number. Apple's begin with 1; Podcasting 2.0 has an episode 0."""
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


def chapter_elements(episode: Episode, topics: list[Topic]) -> list[Element]:
    """The topics as a link to JSON, and as Podlove Simple Chapters, which start at 0:00."""
    found = chapters(topics)
    if not found or episode.is_interview:
        return []
    url = absolute_url(reverse("chapters", args=[episode.slug]))
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


def transcripts(episode: Episode, show: Show) -> list[Element]:
    """The transcript's URL in each format that apps read."""
    if episode.is_interview or not hasattr(episode, "transcript"):
        return []
    language = episode.transcript.language or episode.language or show.language
    return [
        element(
            "podcast:transcript",
            url=absolute_url(reverse(name, args=[episode.slug])),
            type=media_type,
            language=language,
        )
        for name, media_type in TRANSCRIPTS
    ]


def people(episode: Episode, show: Show) -> list[Element]:
    """Host and guests: apps replace the channel's people with an item's."""
    host = [person(show.host, "host")] if show.host else []
    return host + [
        person(each.guest, each.role, absolute_url(each.guest.get_absolute_url()))
        for each in episode.appearances.all()
    ]


def person(guest: Guest, role: str, page: str = "") -> Element:
    """`page` replaces a missing website."""
    picture = absolute_url(guest.largest_address)
    address = guest.website_link or page
    return element("podcast:person", guest.name, role=role, href=address, img=picture)
