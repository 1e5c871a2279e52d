"""What the desk's lists add to Django's: their names, and a label for each cell."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import template
from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from desk import sections
from media.audio import AUDIO_ENDINGS

register = template.Library()


@register.filter
def deleting_says(opts: Any) -> str:
    """Whether a deleted row of this model can be restored, as a sentence."""
    return getattr(admin.site._registry[opts.model], "deleting_says", "")


@register.filter
def list_name(opts: Any) -> str:
    """The name of this model's list, by the model's options."""
    return sections.list_name(opts.model)


@register.filter
def labelled(cells: Sequence[Any], headers: Sequence[dict[str, Any]]) -> Iterator[SafeString]:
    """Each cell with its column's name, which phones show where the table's head isn't."""
    for place, cell in enumerate(cells):
        text = str(headers[place]["text"]) if place < len(headers) else ""
        name = "" if "<input" in text else text
        label = format_html(' data-label="{}"', name[:1].upper() + name[1:])
        tag, rest = str(cell)[:3], str(cell)[3:]
        yield mark_safe(f"{tag}{label if name else ''}{rest}")  # noqa: S308 - Django escaped it


@register.filter
def audio_format(media_type: str) -> str:
    """`audio/mpeg` as people call it: MP3."""
    ending = AUDIO_ENDINGS.get(media_type)
    return ending[1:].upper() if ending else media_type
