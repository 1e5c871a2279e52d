"""The show's GUID (`podcast:guid`): computed from its feed's first public address, then stored."""

import ipaddress
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from django.conf import settings
from django.urls import reverse

from episodes.addresses import absolute_url
from episodes.models import Episode
from show.models import Show

# podcast-namespace, docs/tags/guid.md
PODCAST_NAMESPACE = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
# Names that are nobody's on the internet (RFC 6761, RFC 6762, RFC 8375).
PRIVATE = ("localhost", "test", "invalid", "local", "home.arpa", "internal", "lan")


def guid_of(address: str) -> UUID:
    """The `podcast:guid` that apps assume where a feed states none (docs/tags/guid.md)."""
    return uuid5(PODCAST_NAMESPACE, address.partition("://")[2].rstrip("/"))


def podcast_guid(show: Show) -> UUID | None:
    """The stored GUID, else the one that will be stored; None before the site is public."""
    if show.podcast_guid or not has_public_address():
        return show.podcast_guid
    return guid_of(absolute_url(reverse("feed")))


def store_podcast_guid() -> str:
    """Store the show's GUID once it has a published episode at a public address; for `tick`."""
    show = Show.objects.filter(podcast_guid=None).first()
    if show is None or not has_public_address() or not Episode.objects.published().exists():
        return ""
    guid = podcast_guid(show)
    stored = Show.objects.filter(podcast_guid=None).update(podcast_guid=guid)
    return f"The show's podcast:guid is {guid}, for good." if stored else ""


def has_public_address() -> bool:
    """Whether SITE_URL is an address that apps elsewhere can open."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    if "." not in host or host.endswith(tuple(f".{name}" for name in PRIVATE)):
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return True
    return False
