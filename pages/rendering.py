"""What every page stands in: the show, the head's metadata, the part of the site it is in."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from pages.metadata import Metadata
from show.models import Show

PER_PAGE = 20
RIGHT_TO_LEFT = {"ar", "fa", "he", "ps", "ur", "yi"}
NAVIGATION = (
    ("episodes", "Episodes"),
    ("stack", "Stack"),
    ("questions", "Questions"),
    ("guests", "Guests"),
    ("search", "Search"),
    ("follow", "Follow"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the top bar. `current`: this page is it, or stands below it."""

    label: str
    path: str
    current: bool


def page(
    request: HttpRequest,
    template: str,
    *,
    show: Show,
    metadata: Metadata,
    section: str = "",
    status: int = 200,
    **context: Any,
) -> TemplateResponse:
    """A public page. The context is all that its template reads: templates make no queries."""
    frame = {
        "show": show,
        "direction": "rtl" if show.language[:2].lower() in RIGHT_TO_LEFT else "ltr",
        "metadata": metadata,
        "navigation": [Entry(label, reverse(name), name == section) for name, label in NAVIGATION],
    }
    return TemplateResponse(request, template, frame | context, status=status)


def paginate(
    rows: QuerySet, number: int, per_page: int = PER_PAGE, *, count: int | None = None
) -> Page | None:
    """That page of the rows, read from the database, or None beyond the last one.

    `count` saves asking how many rows there are, where that is known.
    """
    pages = Paginator(rows, per_page)
    if count is not None:
        pages.count = count
    try:
        found = pages.page(number)
    except EmptyPage:
        return None
    found.object_list = list(found.object_list)
    return found
