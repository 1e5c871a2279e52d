"""The site's absolute URLs."""

from django.conf import settings


def absolute_url(path: str) -> str:
    """A path of this site with scheme and host of SITE_URL; other addresses stay as they are."""
    return settings.SITE_URL + path if path.startswith("/") else path
