"""Pages of the desk about publishing an episode, below /admin/."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path

from desk.publishing import links, pages, previews, publish

EPISODE = "episodes/episode/<int:pk>"


def desk_path(route: str, view: Callable[..., Any], name: str, **kwargs: str) -> URLPattern:
    """Signed in, and in the show's time zone."""
    return path(route, admin.site.admin_view(view), kwargs, name=name)


urlpatterns = [
    desk_path("preview/<int:pk>", previews.editors_preview, "desk_preview"),
    desk_path(
        "preview/<int:pk>/audio", previews.editors_preview, "desk_preview_audio", part="audio"
    ),
    desk_path(
        "preview/<int:pk>/chapters.json",
        previews.editors_preview,
        "desk_preview_chapters",
        part="chapters.json",
    ),
    desk_path(f"{EPISODE}/previews", links.preview_links, "desk_preview_links"),
    desk_path(f"{EPISODE}/previews/<int:link>/end", links.end_preview_link, "desk_preview_end"),
    desk_path(f"{EPISODE}/checklist", pages.checklist, "desk_checklist"),
    desk_path(f"{EPISODE}/publish", publish.publish, "desk_publish"),
    desk_path(f"{EPISODE}/texts", pages.texts, "desk_texts"),
]
