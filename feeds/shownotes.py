"""An episode's show notes as HTML, for apps that show them beside the player.

Strings here are HTML: fragments that were sanitised when they were written, and whatever
else stands in rows by `escape`. Django's format_html would take a third of a feed's time.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape, unescape

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import strip_tags

from episodes.addresses import absolute_url
from episodes.models import Episode, LibraryUse, Reference, Use
from feeds.links import absolute_links
from show.models import Promotion, Show
from text.affiliates import has_affiliates, mark_affiliates, mark_sponsored, rel_of
from text.timecode import format_timecode
from topics.chapters import chapters, with_introduction
from topics.models import Topic

LINKABLE = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
SUMMARY_BYTES = 4000  # Apple's limit for a description
DISCLOSURE = "<p>Some of these links earn the show a commission.</p>"


def summary(episode: Episode) -> str:
    """The episode in plain text, as much of it as Apple takes."""
    return shortened(source_of_summary(episode))


def source_of_summary(episode: Episode) -> str:
    """The whole text that describes it in plain text: its summary, else its introduction."""
    text = episode.summary or unescape(strip_tags(episode.introduction_html))
    return " ".join(text.split())


def shortened(text: str) -> str:
    """At most SUMMARY_BYTES of UTF-8, cut between words.

    Many apps show a description as HTML: what looks like a tag stays words there.
    """
    text = text.replace("<", "&lt;")
    encoded = text.encode()
    if len(encoded) <= SUMMARY_BYTES:
        return text
    kept = encoded[: SUMMARY_BYTES - len("…".encode())].decode(errors="ignore")
    return kept.rsplit(maxsplit=1)[0] + "…"


def show_notes(
    episode: Episode, topics: list[Topic], show: Show, promotions: list[Promotion]
) -> str:
    """HTML of introduction, topics, links, stack and support, with whole addresses."""
    references, libraries = list(episode.references.all()), list(episode.library_uses.all())
    said = [episode.introduction_html, *(topic.html for topic in topics)]
    addresses = [row.url for row in references] + [row.url for row in libraries]
    parts = [
        mark_affiliates(episode.introduction_html),
        section("Topics include", bulleted(topic_lines(topics))),
        section("References", bulleted(map(link_line, references))),
        section("Tech stack", bulleted(technology_line(use) for use in episode.uses.all())),
        section("Libraries used", bulleted(map(link_line, libraries))),
        DISCLOSURE if has_affiliates(said, addresses) else "",
        correction(episode, show),
        support(episode, show, promotions),
    ]
    page = absolute_url(episode.get_absolute_url())
    return absolute_links("\n".join(part for part in parts if part), page)


def correction(episode: Episode, show: Show) -> str:
    """What was put right since the episode came out, and when, if the host says so."""
    if not episode.correction:
        return ""
    updated = episode.updated_on
    when = f"Updated {date_format(show.local(updated), 'F j, Y')}. " if updated else ""
    return f"<p>{when}{escape(episode.correction)}</p>"


def section(heading: str, html: str) -> str:
    """HTML under a heading, or nothing without HTML."""
    return f"<h2>{heading}</h2>\n{html}" if html else ""


def bulleted(lines: Iterable[str]) -> str:
    """A list, or nothing without lines."""
    items = "\n".join(f"<li>{line}</li>" for line in lines)
    return f"<ul>\n{items}\n</ul>" if items else ""


def topic_lines(topics: list[Topic]) -> list[str]:
    """The topics behind their times; the first is at 0:00."""
    lines = [topic_line(topic.seconds, mark_affiliates(topic.html)) for topic in topics]
    if topics and topics[0].seconds > 0:
        start = with_introduction(chapters(topics))[0]
        lines.insert(0, topic_line(start.start, escape(start.title)))
    return lines


def topic_line(seconds: int, html: str) -> str:
    """Players make a plain time one that seeks; a link of ours would lead out of them."""
    return f"{format_timecode(seconds)} – {html}"


def link_line(row: Reference | LibraryUse) -> str:
    """What the notes link to; plain text when apps could not open it."""
    label = escape(row.label or row.url)
    note = f" ({escape(row.note)})" if row.note else ""
    if not LINKABLE.match(row.url):
        return label + note
    return link(row.url, label, rel_of(row.url, "")) + note


def link(address: str, html: str, rel: str = "") -> str:
    words = f' rel="{rel}"' if rel else ""
    return f'<a href="{escape(address)}"{words}>{html}</a>'


def technology_line(use: Use) -> str:
    technology = use.technology
    return link(absolute_url(technology_path(technology.slug)), escape(technology.name))


@lru_cache(maxsize=4096)
def technology_path(slug: str) -> str:
    """Its page. A feed names it as often as it is used, some 28,000 times in 2,000 episodes."""
    return reverse("technology", args=[slug])


def support(episode: Episode, show: Show, promotions: list[Promotion]) -> str:
    """Who paid for the episode, else what the host offers."""
    if hasattr(episode, "sponsor"):
        sponsor = episode.sponsor
        name = escape(sponsor.name)
        by = link(sponsor.url, name, "sponsored") if sponsor.url else name
        return section("Sponsor", f"<p>Sponsored by {by}</p>{mark_sponsored(sponsor.text_html)}")
    if episode.is_interview:
        return ""
    path = episode.get_absolute_url()
    offers = bulleted(promotion_line(promotion, path) for promotion in promotions)
    return section("Support the show", mark_sponsored(show.support_html) + offers)


def promotion_line(promotion: Promotion, path: str) -> str:
    offer = link(promotion.link(path), escape(promotion.title), "sponsored")
    return f"{offer} {mark_sponsored(promotion.text_html)}"
