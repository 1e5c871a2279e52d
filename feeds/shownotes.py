"""An episode's show notes as HTML, for apps that show them beside the player.

Strings here are HTML: fragments that were sanitised when they were written, and whatever
else stands in rows by `escape`. Django's format_html would take a third of a feed's time.
"""

import re
from collections.abc import Iterable
from html import escape, unescape

from django.utils.html import strip_tags

from episodes.models import Episode, LibraryUse, Reference, Use
from feeds.links import absolute_links, site_url
from show.models import Promotion, Show
from text.timecode import format_timecode
from topics.chapters import chapters, with_introduction
from topics.models import Topic

LINKABLE = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
SUMMARY_BYTES = 4000  # Apple's limit for a description


def summary(episode: Episode) -> str:
    """The episode in plain text: its summary, else the beginning of its introduction."""
    text = episode.summary or unescape(strip_tags(episode.introduction_html))
    return shortened(" ".join(text.split()))


def shortened(text: str) -> str:
    """At most SUMMARY_BYTES of UTF-8, cut between words."""
    encoded = text.encode()
    if len(encoded) <= SUMMARY_BYTES:
        return text
    kept = encoded[: SUMMARY_BYTES - len("…".encode())].decode(errors="ignore")
    return kept.rsplit(maxsplit=1)[0] + "…"


def show_notes(episode: Episode, show: Show, promotions: list[Promotion]) -> str:
    """HTML of introduction, topics, links, stack and support, with whole addresses."""
    parts = [
        episode.introduction_html,
        section("Topics include", bulleted(topic_lines(list(episode.topics.all())))),
        section("References", bulleted(map(link_line, episode.references.all()))),
        section("Tech stack", bulleted(technology_line(use) for use in episode.uses.all())),
        section("Libraries used", bulleted(map(link_line, episode.library_uses.all()))),
        support(episode, show, promotions),
    ]
    page = site_url(episode.get_absolute_url())
    return absolute_links("\n".join(part for part in parts if part), page)


def section(heading: str, html: str) -> str:
    """HTML under a heading, or nothing without HTML."""
    return f"<h2>{heading}</h2>\n{html}" if html else ""


def bulleted(lines: Iterable[str]) -> str:
    """A list, or nothing without lines."""
    items = "\n".join(f"<li>{line}</li>" for line in lines)
    return f"<ul>\n{items}\n</ul>" if items else ""


def topic_lines(topics: list[Topic]) -> list[str]:
    """The topics behind their times, which are links to the moment; the first is at 0:00."""
    lines = [topic_line(topic.seconds, topic.html) for topic in topics]
    if topics and topics[0].seconds > 0:
        start = with_introduction(chapters(topics))[0]
        lines.insert(0, topic_line(start.start, escape(start.title)))
    return lines


def topic_line(seconds: int, html: str) -> str:
    return f'<a href="?t={seconds}">{format_timecode(seconds)}</a> – {html}'


def link_line(row: Reference | LibraryUse) -> str:
    """What the notes link to; plain text when apps could not open it."""
    label = escape(row.label or row.url)
    note = f" ({escape(row.note)})" if row.note else ""
    return link(row.url, label) + note if LINKABLE.match(row.url) else label + note


def link(address: str, html: str) -> str:
    return f'<a href="{escape(address)}">{html}</a>'


def technology_line(use: Use) -> str:
    return link(use.technology.get_absolute_url(), escape(use.technology.name))


def support(episode: Episode, show: Show, promotions: list[Promotion]) -> str:
    """Who paid for the episode, else what the host offers."""
    if hasattr(episode, "sponsor"):
        return section("Sponsor", episode.sponsor.text_html)
    if episode.is_interview:
        return ""
    path = episode.get_absolute_url()
    offers = bulleted(promotion_line(promotion, path) for promotion in promotions)
    return section("Support the show", show.support_html + offers)


def promotion_line(promotion: Promotion, path: str) -> str:
    address, title = escape(promotion.link(path)), escape(promotion.title)
    return f'<a href="{address}" rel="sponsored">{title}</a> {promotion.text_html}'
