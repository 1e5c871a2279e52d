"""The show: its title, host and settings, its follow links, promotions, pages and redirects."""

from show.models.clock import ClockReading
from show.models.flat_pages import PAGE_SLUG, Page, is_reserved
from show.models.highlight import Highlight
from show.models.promotion import CallToAction, FollowLink, Promotion
from show.models.redirects import SEALED, Redirect, sealed
from show.models.show import Show, validate_categories, validate_timezone
from show.models.version import ContentVersion, VersionBump

__all__ = [
    "PAGE_SLUG", "SEALED", "CallToAction", "ClockReading", "ContentVersion", "FollowLink",
    "Highlight", "Page", "Promotion", "Redirect", "Show", "VersionBump", "is_reserved", "sealed",
    "validate_categories", "validate_timezone",
]  # fmt: skip
