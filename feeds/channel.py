"""What a feed says about itself: the show, and the part of it that the feed holds."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from uuid import UUID

from episodes.addresses import absolute_url
from episodes.models import Episode
from feeds.items import enclosure_address, person
from feeds.rss import Element, element
from feeds.shownotes import shortened
from show.models import CallToAction, Show
from show.podcast_tags import PodcastTag

GENERATOR = "podcast-catalogue"


class Extent(Enum):
    """Whether directories may list a feed: the show, its interviews, or only a part of these."""

    SHOW = auto()
    INTERVIEWS = auto()
    PART = auto()


@dataclass(frozen=True, slots=True)
class Channel:
    """What sets one feed of the show apart from its others. Paths begin with a slash.

    `neighbours`: paths of the pages of a long feed, by what they are to this one.
    """

    path: str
    page: str
    title: str
    description: str
    extent: Extent = Extent.PART
    medium: str = "podcast"
    guid: UUID | None = None
    trailers: tuple[Episode, ...] = ()
    support: CallToAction | None = None
    neighbours: tuple[tuple[str, str], ...] = ()


def channel_elements(feed: Channel, show: Show, changed: datetime | None) -> list[Element]:
    """A channel's elements in the order they are sent; blank ones drop out."""
    page = absolute_url(feed.page)
    artwork = absolute_url(show.artwork_address)
    return [
        element("title", feed.title),
        element("link", page),
        element("description", shortened(feed.description or feed.title)),
        atom_link("self", feed.path),
        *(atom_link(rel, path) for rel, path in feed.neighbours),
        element("language", show.language),
        element("copyright", show.copyright),
        element("lastBuildDate", show.local(changed) if changed else ""),
        element("generator", GENERATOR),
        *rss_image(artwork, feed.title, page),
        element("itunes:author", show.author),
        element(
            "itunes:owner",
            "",
            element("itunes:name", show.owner_name),
            element("itunes:email", show.owner_email),
        ),
        element("itunes:image", href=artwork),
        podcast_image(artwork, feed.title),
        *(category(names) for names in show.categories),
        element("itunes:explicit", show.explicit),
        element("itunes:type", show.type),
        element("podcast:medium", feed.medium),
        *([person(show.host, "host")] if show.host else []),
        *EXTENTS[feed.extent](feed, show),
    ]


def of_show(feed: Channel, show: Show) -> list[Element]:
    """What is true of the show as a whole, and no part of it."""
    return [
        element("itunes:keywords", show.keywords),
        element("itunes:new-feed-url", show.new_feed_url),
        element("itunes:complete", "Yes" if show.complete else ""),
        update_frequency(show),
        *funding(feed.support),
        *(trailer(episode, show) for episode in feed.trailers),
        *of_interviews(feed, show),
        *map(further, show.feed_tags),
    ]


def of_interviews(feed: Channel, show: Show) -> list[Element]:
    """What is true of whatever directories may list."""
    return [
        element("podcast:guid", feed.guid),
        element("podcast:locked", "yes" if show.locked else "no", owner=show.owner_email),
        element("atom:link", href=show.hub, rel="hub" if show.hub else ""),
        element("itunes:block", "Yes" if show.hidden else ""),
    ]


def of_part(feed: Channel, show: Show) -> list[Element]:
    """Directories list the show once, and not each of its parts."""
    return [element("itunes:block", "Yes"), element("podcast:block", "yes")]


EXTENTS = {Extent.SHOW: of_show, Extent.INTERVIEWS: of_interviews, Extent.PART: of_part}


def atom_link(rel: str, path: str) -> Element:
    return element("atom:link", href=absolute_url(path), rel=rel, type="application/rss+xml")


def rss_image(artwork: str, title: str, page: str) -> list[Element]:
    """RSS's own picture element, for readers that know no podcasts."""
    if not artwork:
        return []
    parts = (element("url", artwork), element("title", title), element("link", page))
    return [element("image", "", *parts)]


def podcast_image(artwork: str, title: str) -> Element:
    """The same as Podcasting 2.0 has it, with words for those who don't see it."""
    if not artwork:
        return element("podcast:image")
    shape = {"aspect-ratio": "1/1"}
    return element("podcast:image", href=artwork, alt=title, purpose="artwork", **shape)


def category(names: list[str]) -> Element:
    """Apple's category, with the one below it inside."""
    inner = [category(names[1:])] if names[1:] else []
    return element("itunes:category", "", *inner, text=names[0])


def update_frequency(show: Show) -> Element:
    """How often something new comes; in words, without which there is no such element."""
    words = show.update_frequency or show.update_rule
    if not words:
        return element("podcast:updateFrequency")
    complete = True if show.complete else None
    return element("podcast:updateFrequency", words, rrule=show.update_rule, complete=complete)


def funding(support: CallToAction | None) -> list[Element]:
    """Where listeners support the show, if that is on the web."""
    if support is None or support.url.startswith("mailto:"):
        return []
    return [element("podcast:funding", support.label, url=absolute_url(support.url))]


def trailer(episode: Episode, show: Show) -> Element:
    """An episode that is a trailer, for apps that play it before anyone follows the show."""
    audio = episode.enclosure
    return element(
        "podcast:trailer",
        episode.title[:128],
        url=enclosure_address(audio, show),
        pubdate=show.local(episode.published_at) if episode.published_at else "",
        length=audio.bytes,
        type=audio.type,
        season=episode.season,
    )


def further(tag: PodcastTag) -> Element:
    """A tag the host pasted."""
    children = map(further, tag.children)
    return element(f"podcast:{tag.name}", tag.text, *children, **tag.attributes)
