"""An episode's show notes as HTML, for apps that show them beside the player."""

import re
from collections.abc import Iterable
from html import unescape

from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString, mark_safe

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


def bulleted(lines: Iterable[SafeString]) -> str:
    """A list, or nothing without lines."""
    items = format_html_join("\n", "<li>{}</li>", ((line,) for line in lines))
    return f"<ul>\n{items}\n</ul>" if items else ""


def topic_lines(topics: list[Topic]) -> list[SafeString]:
    """The topics behind their times, which are links to the moment; the first is at 0:00."""
    lines = [topic_line(topic.seconds, stored(topic.html)) for topic in topics]
    if topics and topics[0].seconds > 0:
        start = with_introduction(chapters(topics))[0]
        lines.insert(0, topic_line(start.start, start.title))
    return lines


def topic_line(seconds: int, title: str) -> SafeString:
    time = format_timecode(seconds)
    return format_html('<a href="?t={}">{}</a> – {}', seconds, time, title)


def link_line(row: Reference | LibraryUse) -> SafeString:
    """What the notes link to; plain text when apps could not open it."""
    label = row.label or row.url
    note = f" ({row.note})" if row.note else ""
    if not LINKABLE.match(row.url):
        return format_html("{}{}", label, note)
    return format_html('<a href="{}">{}</a>{}', row.url, label, note)


def technology_line(use: Use) -> SafeString:
    return format_html(
        '<a href="{}">{}</a>', use.technology.get_absolute_url(), use.technology.name
    )


def support(episode: Episode, show: Show, promotions: list[Promotion]) -> str:
    """Who paid for the episode, else what the host offers."""
    if hasattr(episode, "sponsor"):
        return section("Sponsor", episode.sponsor.text_html)
    if episode.is_interview:
        return ""
    path = episode.get_absolute_url()
    offers = bulleted(promotion_line(promotion, path) for promotion in promotions)
    return section("Support the show", show.support_html + offers)


def promotion_line(promotion: Promotion, path: str) -> SafeString:
    return format_html(
        '<a href="{}" rel="sponsored">{}</a> {}',
        promotion.link(path),
        promotion.title,
        stored(promotion.text_html),
    )


def stored(html: str) -> SafeString:
    """A fragment that was sanitised when it was written."""
    return mark_safe(html)  # noqa: S308
