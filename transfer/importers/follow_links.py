"""Closes follow links to services that have shut down."""

from collections.abc import Iterable

from show.models import FollowLink
from text.urls import url_key
from transfer.importers.report import Report

# Google Podcasts, Google Play Music and Stitcher, by the addresses that shows had there.
DEAD = (
    "podcasts.google.com/", "google.com/podcasts?", "play.google.com/music",
    "playmusic.app.goo.gl", "stitcher.com/", "app.stitcher.com/",
)  # fmt: skip


def close_dead_services(links: Iterable[FollowLink], report: Report) -> bool:
    """Close and report those of the links that lead to one; True if there were any."""
    closed = False
    for link in links:
        if f"{url_key(link.url)}/".startswith(DEAD):
            link.closed = closed = True
            link.save(update_fields=["closed"])
            message = "This service has shut down; its link is closed and no longer shown."
            report.warn(message, field=link.name, value=link.url)
    return closed
