"""An episode's show notes as HTML, for apps that show them with the player.

Strings here are HTML: stored fragments, sanitised when they were written, and other text passed
through `escape`. Django's format_html would take a third of a feed's time.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape, unescape
from urllib.parse import urljoin, urlsplit

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import strip_tags

from episodes.addresses import absolute_url
from episodes.models import Episode, LibraryUse, Reference, Use
from show.models import Promotion, Show
from text.affiliates import has_affiliates, mark_affiliates, mark_sponsored, rel_of
from text.timecode import format_timecode
from topics.chapters import chapters, with_introduction
from topics.models import Topic

# In sanitised HTML: an opening tag with attributes, and the URL in one of them.
TAG = re.compile(r'<(?:a|img)(?: [a-z]+="[^"]*")+')
URL = re.compile(r' (href|src)="([^"]*)"')
HAS_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
LINKABLE = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
SUMMARY_BYTES = 4000  # Apple's limit for a description
DISCLOSURE = "<p>Some of these links earn the show a commission.</p>"


def summary(episode: Episode) -> str:
    """The episode's description in plain text, within Apple's limit."""
    return shorten_summary(full_summary(episode))


def full_summary(episode: Episode) -> str:
    """Its summary, else its introduction, in plain text and full length."""
    text = episode.summary or unescape(strip_tags(episode.introduction_html))
    return " ".join(text.split())


def shorten_summary(text: str) -> str:
    """At most SUMMARY_BYTES of UTF-8, cut between words.

    `<` is escaped, because many apps show a description as HTML.
    """
    text = text.replace("<", "&lt;")
    encoded = text.encode()
    if len(encoded) <= SUMMARY_BYTES:
        return text
    cut = encoded[: SUMMARY_BYTES - len("…".encode())].decode(errors="ignore")
    return cut.rsplit(maxsplit=1)[0] + "…"


def show_notes(
    episode: Episode, topics: list[Topic], show: Show, promotions: list[Promotion]
) -> str:
    """HTML of introduction, topics, links, stack and support, with absolute links."""
    references, libraries = list(episode.references.all()), list(episode.library_uses.all())
    fragments = [episode.introduction_html, *(topic.html for topic in topics)]
    urls = [row.url for row in references] + [row.url for row in libraries]
    parts = [
        mark_affiliates(episode.introduction_html),
        section("Topics include", bulleted(topic_lines(topics))),
        section("References", bulleted(map(link_line, references))),
        section("Tech stack", bulleted(technology_line(use) for use in episode.uses.all())),
        section("Libraries used", bulleted(map(link_line, libraries))),
        DISCLOSURE if has_affiliates(fragments, urls) else "",
        correction(episode, show),
        support(episode, show, promotions),
    ]
    page = absolute_url(episode.get_absolute_url())
    return absolute_links("\n".join(part for part in parts if part), page)


def correction(episode: Episode, show: Show) -> str:
    """The correction and its date, if the host stated one."""
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
    """The topics with their times; the first is at 0:00."""
    lines = [topic_line(topic.seconds, mark_affiliates(topic.html)) for topic in topics]
    if topics and topics[0].seconds > 0:
        start = with_introduction(chapters(topics))[0]
        lines.insert(0, topic_line(start.start, escape(start.title)))
    return lines


def topic_line(seconds: int, html: str) -> str:
    """Apps turn a plain time into a link that seeks; a link of ours would leave the app."""
    return f"{format_timecode(seconds)} – {html}"


def link_line(row: Reference | LibraryUse) -> str:
    """A link of the notes; plain text if apps couldn't open it."""
    label = escape(row.label or row.url)
    note = f" ({escape(row.note)})" if row.note else ""
    if not LINKABLE.match(row.url):
        return label + note
    return link(row.url, label, rel_of(row.url, "")) + note


def link(url: str, html: str, rel: str = "") -> str:
    rel = f' rel="{rel}"' if rel else ""
    return f'<a href="{escape(url)}"{rel}>{html}</a>'


def technology_line(use: Use) -> str:
    technology = use.technology
    return link(absolute_url(technology_path(technology.slug)), escape(technology.name))


@lru_cache(maxsize=4096)
def technology_path(slug: str) -> str:
    """Cached: a feed of 2,000 episodes needs it some 28,000 times."""
    return reverse("technology", args=[slug])


def support(episode: Episode, show: Show, promotions: list[Promotion]) -> str:
    """The sponsor, else the host's promotions."""
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


def absolute_links(html: str, page: str) -> str:
    """Sanitised HTML of the page at this URL, with absolute URLs in links and images."""

    def absolute(match: re.Match[str]) -> str:
        return f' {match[1]}="{_join(page, match[2])}"'

    return TAG.sub(lambda tag: URL.sub(absolute, tag[0]), html)


def _join(page: str, url: str) -> str:
    if HAS_SCHEME.match(url):
        return url
    if url.startswith("//"):  # urljoin would raise ValueError for some of these
        return f"{urlsplit(page).scheme}:{url}"
    return urljoin(page, url)
