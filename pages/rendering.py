"""Renders a public page inside the site's template: show, navigation, metadata."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from pages.metadata import Metadata
from show.models import Show

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
class NavigationLink:
    """A link of the site's navigation. `is_current`: the page is it, or stands below it."""

    label: str
    path: str
    is_current: bool


def render_page(
    request: HttpRequest,
    template: str,
    *,
    show: Show,
    metadata: Metadata,
    section: str = "",
    status: int = 200,
    **context: Any,
) -> TemplateResponse:
    """A public page. The context holds all that its template reads: templates make no queries."""
    site = {
        "show": show,
        "direction": "rtl" if show.language[:2].lower() in RIGHT_TO_LEFT else "ltr",
        "metadata": metadata,
        "navigation": [
            NavigationLink(label, reverse(name), name == section) for name, label in NAVIGATION
        ],
    }
    return TemplateResponse(request, template, site | context, status=status)
