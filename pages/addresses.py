"""Absolute addresses: scheme and host come from SITE_URL, never from the request."""

from django.conf import settings


def absolute(path: str) -> str:
    """The path on our site; an address that has its own host, or none at all, as it is."""
    if not path or path.startswith(("https://", "http://")):
        return path
    return settings.SITE_URL + path
