"""A feed's channel: what it says of the show, and of the part of it that it holds."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from episodes.addresses import absolute_url
from episodes.models import Episode
from feeds.items import enclosure_url, person
from feeds.rss import Element, element
from feeds.shownotes import shorten_summary
from show.models import CallToAction, Show
from show.podcast_tags import PodcastTag

GENERATOR = "podcast-catalogue"


@dataclass(frozen=True, slots=True)
class Channel:
    """What differs between the show's feeds. Paths begin with a slash.

    `is_show`: of the whole show. `is_listed`: directories may list it.
    `page_links`: (rel, path) of the other pages of a long feed.
    """

    path: str
    page: str
    title: str
    description: str
    is_show: bool = False
    is_listed: bool = False
    medium: str = "podcast"
    guid: UUID | None = None
    trailers: tuple[Episode, ...] = ()
    support: CallToAction | None = None
    page_links: tuple[tuple[str, str], ...] = ()


def channel_elements(feed: Channel, show: Show, changed: datetime | None) -> list[Element]:
    """The channel's elements in order; blank ones are not written."""
    page = absolute_url(feed.page)
    artwork = absolute_url(show.artwork_address)
    return [
        element("title", feed.title),
        element("link", page),
        element("description", shorten_summary(feed.description or feed.title)),
        atom_link("self", feed.path),
        *(atom_link(rel, path) for rel, path in feed.page_links),
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
        *(show_elements(feed, show) if feed.is_show else []),
        *(listed_elements(feed, show) if feed.is_listed else part_elements()),
        *(map(pasted_tag, show.feed_tags) if feed.is_show else []),
    ]


def show_elements(feed: Channel, show: Show) -> list[Element]:
    """What only the feed of the whole show says."""
    return [
        element("itunes:keywords", show.keywords),
        element("itunes:new-feed-url", show.new_feed_url),
        element("itunes:complete", "Yes" if show.complete else ""),
        update_frequency(show),
        *funding(feed.support),
        *(trailer(episode, show) for episode in feed.trailers),
    ]


def listed_elements(feed: Channel, show: Show) -> list[Element]:
    """What each listed feed says."""
    return [
        element("podcast:guid", feed.guid),
        element("podcast:locked", "yes" if show.locked else "no", owner=show.owner_email),
        element("atom:link", href=show.hub, rel="hub" if show.hub else ""),
        element("itunes:block", "Yes" if show.hidden else ""),
    ]


def part_elements() -> list[Element]:
    """Keeps directories from listing parts of the show."""
    return [element("itunes:block", "Yes"), element("podcast:block", "yes")]


def atom_link(rel: str, path: str) -> Element:
    return element("atom:link", href=absolute_url(path), rel=rel, type="application/rss+xml")


def rss_image(artwork: str, title: str, page: str) -> list[Element]:
    """RSS's own image, for readers that don't support podcasts."""
    if not artwork:
        return []
    parts = (element("url", artwork), element("title", title), element("link", page))
    return [element("image", "", *parts)]


def podcast_image(artwork: str, title: str) -> Element:
    """Podcasting 2.0's image, with alternative text."""
    if not artwork:
        return element("podcast:image")
    shape = {"aspect-ratio": "1/1"}
    return element("podcast:image", href=artwork, alt=title, purpose="artwork", **shape)


def category(names: list[str]) -> Element:
    """Apple's category, with its subcategory inside."""
    subcategory = [category(names[1:])] if names[1:] else []
    return element("itunes:category", "", *subcategory, text=names[0])


def update_frequency(show: Show) -> Element:
    """How often episodes appear, in words, which the element requires."""
    words = show.update_frequency or show.update_rule
    if not words:
        return element("podcast:updateFrequency")
    complete = True if show.complete else None
    return element("podcast:updateFrequency", words, rrule=show.update_rule, complete=complete)


def funding(support: CallToAction | None) -> list[Element]:
    """Where listeners can support the show; the element takes no mailto: links."""
    if support is None or support.url.startswith("mailto:"):
        return []
    return [element("podcast:funding", support.label, url=absolute_url(support.url))]


def trailer(episode: Episode, show: Show) -> Element:
    """A trailer, which apps play to those who don't follow the show yet."""
    audio = episode.enclosure
    return element(
        "podcast:trailer",
        episode.title[:128],
        url=enclosure_url(audio, show),
        pubdate=show.local(episode.published_at) if episode.published_at else "",
        length=audio.bytes,
        type=audio.type,
        season=episode.season,
    )


def pasted_tag(tag: PodcastTag) -> Element:
    """A tag the host pasted."""
    children = map(pasted_tag, tag.children)
    return element(f"podcast:{tag.name}", tag.text, *children, **tag.attributes)
