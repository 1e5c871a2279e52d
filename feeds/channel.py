"""What a feed says about itself: the show, and the part of it that the feed holds."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from feeds.items import person
from feeds.links import site_url
from feeds.rss import Element, element
from feeds.shownotes import shortened
from show.models import Show

GENERATOR = "podcast-catalogue"


@dataclass(frozen=True, slots=True)
class Channel:
    """What sets one feed of the show apart from its others. Paths begin with a slash."""

    path: str
    page: str
    title: str
    description: str
    medium: str = "podcast"
    guid: UUID | None = None  # only the show's own feed is the show


def channel_elements(feed: Channel, show: Show, changed: datetime | None) -> list[Element]:
    """A channel's elements in the order they are sent; blank ones drop out."""
    page = site_url(feed.page)
    artwork = site_url(show.artwork_address)
    return [
        element("title", feed.title),
        element("link", page),
        element("description", shortened(feed.description or feed.title)),
        element("atom:link", href=site_url(feed.path), rel="self", type="application/rss+xml"),
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
        *(category(names) for names in show.categories),
        element("itunes:explicit", show.explicit),
        element("itunes:type", show.type),
        element("podcast:guid", feed.guid),
        element("podcast:medium", feed.medium),
        *([person(show.host, "host")] if show.host else []),
    ]


def rss_image(artwork: str, title: str, page: str) -> list[Element]:
    """RSS's own picture element, for readers that know no podcasts."""
    if not artwork:
        return []
    parts = (element("url", artwork), element("title", title), element("link", page))
    return [element("image", "", *parts)]


def category(names: list[str]) -> Element:
    """Apple's category, with the one below it inside."""
    inner = [category(names[1:])] if names[1:] else []
    return element("itunes:category", "", *inner, text=names[0])
