"""What directories ask of the show as a whole, without which they list none of its episodes."""

from collections.abc import Iterator

from django.conf import settings

from desk.publishing.checklist.categories import unknown
from desk.publishing.checklist.context import Picture
from desk.publishing.checklist.items import Finding
from desk.publishing.checklist.podcast_apps import check_image
from feeds.shownotes import SUMMARY_BYTES
from show.models import Show
from text.languages import LANGUAGE_RULE, is_language

FORM = "/admin/show/show/1/change/"


def check_channel(show: Show, artwork: Picture | str | None) -> Iterator[Finding]:
    """`artwork`: what its file says, None where the show only has its address."""
    wanted = (
        ("description", show.description, "Apple asks for a description of the show."),
        ("artwork", show.artwork_address, "Apple asks for artwork."),
        ("categories", show.categories, "Apple asks for a category."),
        ("owner_email", show.owner_email, "Spotify writes to the owner’s e-mail address."),
    )
    for name, value, message in wanted:
        if not value:
            yield Finding("error", message, f"{FORM}#id_{name}")
    for category in unknown(show.categories):
        message = f"Apple has no category “{category}”: spell it as Apple does."
        yield Finding("error", message, f"{FORM}#id_categories")
    if not is_language(show.language):
        yield Finding("error", LANGUAGE_RULE % {"value": show.language}, f"{FORM}#id_language")
    if len(show.description.encode()) > SUMMARY_BYTES:
        message = f"Apps get the first {SUMMARY_BYTES} bytes of the show’s description."
        yield Finding("warning", message, f"{FORM}#id_description")
    if artwork:
        yield from check_image(artwork, f"{FORM}#id_artwork")
    if not settings.SITE_URL.startswith("https://"):
        message = f"Apps open https addresses. This site’s is {settings.SITE_URL} (SITE_URL)."
        yield Finding("warning", message, FORM)
