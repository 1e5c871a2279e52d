"""What links tell crawlers: whether to follow, and who pays."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from pages.robots_txt import is_crawlable
from text.affiliates import has_affiliates, mark_affiliates, mark_sponsored, rel_of

register = template.Library()


@register.filter
def rel(url: str, words: str = "") -> SafeString | str:
    """A link's whole `rel` attribute, with a space before it; nothing where it would be empty.

    “sponsored” for an address that is paid for, “nofollow” for one that crawlers should leave.
    """
    said = [rel_of(url, words), "" if is_crawlable(url) else "nofollow"]
    value = " ".join(filter(None, said))
    return format_html(' rel="{}"', value) if value else ""


@register.filter
def affiliates(html: str) -> SafeString:
    """Stored HTML with the links marked that are paid for."""
    return mark_safe(mark_affiliates(html))  # noqa: S308 - sanitised when it was stored


@register.filter
def earns(html: str) -> bool:
    """Whether links in stored HTML are paid for, so that the reader is told."""
    return has_affiliates([html])


@register.filter
def sponsored(html: str) -> SafeString:
    """Stored HTML with every link marked as paid for."""
    return mark_safe(mark_sponsored(html))  # noqa: S308 - sanitised when it was stored
