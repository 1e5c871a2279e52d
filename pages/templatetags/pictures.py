"""Pictures in the sizes that a page shows, from their rows. No query, no request to the storage."""

import re
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from media.pictured import Pictured
from media.storages import stored_picture
from text.markup import IMAGE

register = template.Library()

# A screen's pixels for each of the page: on most phones and laptops, and at most.
SHARP, SHARPEST = 2, 4
# A text's column; see --measure in the style sheet.
TEXT_SIZES = "(min-width: 46rem) 44rem, calc(100vw - 2rem)"


@register.filter
def sources(row: Pictured, size: int) -> SafeString:
    """The attributes of an `<img>` that shows the row's picture as a square of `size` pixels."""
    found = {
        width: each for width, each in row.picture_addresses.items() if width < SHARPEST * size
    }
    srcset = _srcset(found, f"{size}px")
    src = _at_least(SHARP * size, found) or row.picture.url
    return format_html('src="{}"{} width="{}" height="{}"', src, srcset, size, size)


@register.filter
def rendition(row: Pictured, width: int) -> str:
    """The URL of the row's picture at least this wide, or as wide as there is."""
    return _at_least(width, row.picture_addresses) or row.picture.url


@register.filter
def renditions_in(html: str, row: Pictured) -> SafeString:
    """A text's HTML, whose stored pictures name their renditions and size."""
    if "<img" not in html or not row.renditions:
        return SafeString(html)

    def named(match: re.Match[str]) -> str:
        name = stored_picture(match[1])
        facts: dict[str, Any] = row.facts_of(name)
        if "size" not in facts:
            return match[0]
        width, height = facts["size"]
        srcset = _srcset(row.addresses_of(name), TEXT_SIZES)
        size = format_html(' width="{}" height="{}" loading="lazy"', width, height)
        return f"{match[0]}{srcset}{size}"

    return SafeString(IMAGE.sub(named, html))


def _at_least(width: int, addresses: dict[int, str]) -> str:
    """The smallest that is so wide, else the largest; empty without any."""
    return next((addresses[each] for each in addresses if each >= width), "") or next(
        reversed(addresses.values()), ""
    )


def _srcset(addresses: dict[int, str], sizes: str) -> SafeString | str:
    if not addresses:
        return ""
    files = format_html_join(", ", "{} {}w", ((each, width) for width, each in addresses.items()))
    return format_html(' srcset="{}" sizes="{}"', files, sizes)
