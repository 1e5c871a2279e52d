"""What directories require of the show; without it they list none of its episodes."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse

from desk.publishing.checklist.context import ImageInfo
from desk.publishing.checklist.items import ChecklistItem
from desk.publishing.checklist.podcast_apps import check_image
from feeds.apple_categories import CATEGORIES
from feeds.shownotes import SUMMARY_BYTES
from show.models import Show
from text.names import LANGUAGE_RULE, is_language


def check_channel(show: Show, artwork: ImageInfo | str | None) -> Iterator[ChecklistItem]:
    """Check what directories require of the show. `artwork` is None if the show has no file."""
    form = reverse("admin:show_show_change", args=[1])
    required = (
        ("description", show.description, "Apple requires a description of the show."),
        ("artwork", show.artwork_address, "Apple requires artwork."),
        ("categories", show.categories, "Apple requires a category."),
        ("owner_email", show.owner_email, "Spotify sends mail to the owner’s address."),
    )
    for name, value, message in required:
        if not value:
            yield ChecklistItem("error", message, f"{form}#id_{name}")
    for category in map(" > ".join, show.categories):
        if category not in CATEGORIES:
            message = f"Apple has no category “{category}”. Use Apple’s spelling."
            yield ChecklistItem("error", message, f"{form}#id_categories")
    if not is_language(show.language):
        message = LANGUAGE_RULE % {"value": show.language}
        yield ChecklistItem("error", message, f"{form}#id_language")
    if len(show.description.encode()) > SUMMARY_BYTES:
        message = f"Apps get only the first {SUMMARY_BYTES} bytes of the show’s description."
        yield ChecklistItem("warning", message, f"{form}#id_description")
    if artwork:
        yield from check_image(artwork, f"{form}#id_artwork")
    if not settings.SITE_URL.startswith("https://"):
        message = (
            f"Apps open only https addresses. This site is {settings.SITE_URL}: ask whoever runs "
            "the site for https."
        )
        yield ChecklistItem("warning", message, form)
