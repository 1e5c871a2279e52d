"""`rel` attributes of links: nofollow and sponsored."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from pages.robots_txt import is_crawlable
from text.affiliates import has_affiliates, mark_affiliates, mark_sponsored, rel_of

register = template.Library()


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
def has_affiliate_links(html: str) -> bool:
    return has_affiliates([html])


@register.filter
def sponsored(html: str) -> SafeString:
    """Stored HTML with every link marked as sponsored."""
    return mark_safe(mark_sponsored(html))  # noqa: S308 - sanitised when it was stored
