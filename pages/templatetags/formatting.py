"""Filters for times, URLs, names and counts, and for the `rel` of links. No queries."""

import re
from collections.abc import Sequence
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from episodes.models import Use
from pages.charts.strip import topic_strip
from pages.first_line import first_line
from pages.metadata import summary_of
from pages.robots_txt import is_crawlable
from stack.directory import icon_of
from text.affiliates import has_affiliates, mark_affiliates, mark_sponsored, rel_of
from text.names import initials
from text.timecode import format_timecode, iso_duration, spoken_duration
from text.urls import display_url

register = template.Library()
register.filter("timecode", format_timecode)
register.filter("summary", summary_of)
register.filter("spoken_duration", spoken_duration)
register.filter("iso_duration", iso_duration)
register.filter("display_url", display_url)
register.filter("initials", initials)

SHORT_NAME = 2  # letters
EXACT_UP_TO = 1_000
ONE_LETTER = re.compile(r"\b\w-\w{1,15}\b")


@register.filter
def short_count(count: int) -> str:
    """`999`, `1,000`, and `1,000+` for whatever is more."""
    return f"{min(count, EXACT_UP_TO):,}{'+' if count > EXACT_UP_TO else ''}"


@register.filter
def link_text(technology: str) -> str:
    """The name as a link's text. A screen reader's list of links needs more than “Go”."""
    if len(technology) > SHORT_NAME:
        return technology
    return format_html('{}<span class="visually-hidden"> in production</span>', technology)


@register.filter
def stack_line(uses: Sequence[Use]) -> int:
    """How many of an episode's technologies a phone shows in one line."""
    return first_line(use.technology.name for use in uses)


@register.filter
def icon(technology: str, slug: str = "") -> SafeString:
    """A technology's icon, else its initial in a frame, for beside its name. No query.

    An image rather than an inline SVG, because browsers load images only near the visible part.
    """
    if name := icon_of(technology, slug):
        return format_html(
            '<img class="icon" src="{}" alt="" width="16" height="16" loading="lazy">',
            static(f"icons/{name}.svg"),
        )
    # By the style sheet, so that no text says “AAWS”.
    initial = initials(technology)[:1]
    return format_html('<span class="icon" data-initial="{}" aria-hidden="true"></span>', initial)


@register.filter
def strip(episode: Any) -> SafeString:
    """The topic strip of an episode fetched for cards. No query."""
    return topic_strip(episode.topic_starts, episode.seconds)


@register.filter
def no_break(title: str) -> SafeString:
    """The title without a line break after the “E-” of “E-commerce”."""
    escaped = conditional_escape(title)
    return SafeString(ONE_LETTER.sub(r'<span class="nowrap">\g<0></span>', escaped))


@register.filter
def rel(url: str, words: str = "") -> SafeString | str:
    """A link's `rel` attribute with a space before it; empty without a value.

    “sponsored” for affiliate links, “nofollow” for addresses that crawlers should leave.
    """
    values = [rel_of(url, words), "" if is_crawlable(url) else "nofollow"]
    value = " ".join(filter(None, values))
    return format_html(' rel="{}"', value) if value else ""


@register.filter
def affiliates(html: str) -> SafeString:
    """Stored HTML with its affiliate links marked as sponsored."""
    return mark_safe(mark_affiliates(html))  # noqa: S308 - sanitised when it was stored


@register.filter
def scrollable(html: str) -> SafeString:
    """Our own HTML whose code the keyboard can scroll."""
    return mark_safe(html.replace("<pre>", '<pre tabindex="0">'))  # noqa: S308 - as it was


@register.filter
def has_affiliate_links(html: str) -> bool:
    return has_affiliates([html])


@register.filter
def sponsored(html: str) -> SafeString:
    """Stored HTML with every link marked as sponsored."""
    return mark_safe(mark_sponsored(html))  # noqa: S308 - sanitised when it was stored
