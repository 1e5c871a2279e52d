"""Renders a public page inside the site's template: show, navigation, metadata."""

from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse

from pages.metadata import Metadata

RIGHT_TO_LEFT = {"ar", "fa", "he", "ps", "ur", "yi"}
NAVIGATION = (
    ("episodes", "Episodes"),
    ("stack", "Stack"),
    ("questions", "Questions"),
    ("guests", "Guests"),
    ("search", "Search"),
    ("follow", "Follow"),
)


def render_page(
    request: HttpRequest,
    template: str,
    metadata: Metadata,
    *,
    section: str = "",
    status: int = 200,
    **context: Any,
) -> TemplateResponse:
    """A public page. The context holds all that its template reads: templates make no queries."""
    show = metadata.show
    site = {
        "show": show,
        "direction": "rtl" if show.language[:2].lower() in RIGHT_TO_LEFT else "ltr",
        "metadata": metadata,
        "navigation": NAVIGATION,
        "section": section,
    }
    return TemplateResponse(request, template, site | context, status=status)
