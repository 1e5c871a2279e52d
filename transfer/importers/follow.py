"""Services to follow a show in that have shut down since."""

from show.models import FollowLink
from text.problems import warning
from text.urls import url_key
from transfer.importers.report import Report

# Google Podcasts, Google Play Music and Stitcher, by the addresses shows had there.
DEAD = ("podcasts.google.com/", "play.google.com/music", "stitcher.com/", "app.stitcher.com/")


def close_dead_services(report: Report) -> bool:
    """Mark links to them as closed, so that they are kept and no longer shown; each is named."""
    closed = False
    for link in FollowLink.objects.open():
        if f"{url_key(link.url)}/".startswith(DEAD):
            link.closed = closed = True
            link.save(update_fields=["closed"])
            message = "This service has shut down: kept, no longer shown."
            report.problem(warning(message, field=link.name, value=link.url))
    return closed
