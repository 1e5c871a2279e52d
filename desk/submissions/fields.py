"""What a guest may send, and what each field holds now."""

from collections.abc import Mapping

from episodes.models import Appearance
from guests.handles import COLUMNS, PROFILES

PHOTO, TITLE, PRONUNCIATION, WEBSITE = "photo", "title", "pronunciation", "website"
LINKS = (WEBSITE, *PROFILES)
# By field, what to call it. The order is that of the guest's page.
LABELS: Mapping[str, str] = {
    PHOTO: "Photo",
    TITLE: "What they do",
    PRONUNCIATION: "Pronunciation",
    WEBSITE: "Website",
    **{column: name for column, (name, _) in COLUMNS.items()},
}


def column_of(field: str) -> str:
    """The column of the guest, or of the appearance, which the field is about."""
    return "avatar" if field == PHOTO else field


def present_value(appearance: Appearance, field: str) -> str:
    """What the episode's pages show now; of a photo, the stored file's name."""
    row = appearance if field == TITLE else appearance.guest
    return str(getattr(row, column_of(field)))
