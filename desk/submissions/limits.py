"""How much a guest may send through one link: enough for anybody, and little to store."""

from datetime import datetime, timedelta

from desk.models import PreviewLink

MOST_COMMENTS = 100
COMMENT_LENGTH = 1000  # characters
MOST_SENDS = 60  # within WINDOW: each may hold a photo, which costs a second to read
WINDOW = timedelta(hours=1)
LIFETIME = timedelta(days=14)  # of a guest's link
RETENTION = timedelta(days=30)  # of what was sent, once the link has expired


def count_send(link: PreviewLink, now: datetime) -> bool:
    """Whether this locked link may send something now, which counts it."""
    if link.sends_since is None or not now - WINDOW < link.sends_since <= now:
        link.sends, link.sends_since = 0, now
    if link.sends >= MOST_SENDS:
        return False
    link.sends += 1
    link.save(update_fields=["sends", "sends_since"])
    return True
