"""WebSub: notifies a hub when a feed changes, so that apps learn of an episode at once.

Publishing queues nothing. Each tick compares the feed's state with the one that the hub accepted
last. That covers episodes that became due or were withdrawn and hubs that were down, and ignores
transactions that were rolled back.
"""

import logging
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Sum
from django.urls import reverse
from django.utils import timezone

from episodes.addresses import absolute_url
from episodes.models import Episode
from feeds.models import HubNotification
from net.addresses import origin
from net.client import FetchError, Limits, post
from show.models import Show
from text.urls import bare_host

logger = logging.getLogger(__name__)

FEEDS = {"feed": Episode.Kind.PODCAST, "interviews_feed": Episode.Kind.INTERVIEW}
FORM = "application/x-www-form-urlencoded"
LIMITS = Limits(bytes=64 * 1024, seconds=10)
LONGEST_WAIT = timedelta(hours=6)


def notify_hub() -> str:
    """Notify the show's hub of each feed that changed, and report which it accepted; for `tick`.

    After a failure it retries in 1, 2, 4 … minutes.
    """
    hub = Show.objects.current().hub
    if not hub:
        return ""
    accepted = [reverse(name) for name, kind in FEEDS.items() if _notify(hub, reverse(name), kind)]
    return f"Notified {hub} of {', '.join(accepted)}" if accepted else ""


def _notify(hub: str, path: str, kind: str) -> bool:
    """Whether the feed had changed and the hub accepted it."""
    HubNotification.objects.get_or_create(path=path)
    now = timezone.now()
    with transaction.atomic():
        # Another tick that is notifying it holds the row.
        due = HubNotification.objects.select_for_update(skip_locked=True).filter(next_try__lte=now)
        row = due.filter(path=path).first()
        state = f"{hub} {_state(kind, now)}"
        if row is None or row.state == state:
            return False
        row.reason = _post(hub, absolute_url(path))
        if row.reason:
            wait = min(timedelta(minutes=2 ** min(row.failures, 10)), LONGEST_WAIT)
            row.failures, row.next_try = row.failures + 1, now + wait
            logger.warning("Couldn't notify the WebSub hub of %s: %s", path, row.reason)
        else:
            row.failures, row.state = 0, state
        row.save()
        return not row.reason


def _state(kind: str, now: datetime) -> str:
    """Changes with every publication, withdrawal and edit of the feed's episodes. One query."""
    found = (
        Episode.objects.published(now)
        .filter(kind=kind)
        .aggregate(Count("pk"), Max("published_at"), Sum("edit_number"))
    )
    return " ".join(map(str, found.values()))


def _post(hub: str, feed: str) -> str:
    """Notify the hub. Returns its error; empty if it accepted."""
    body = urlencode({"hub.mode": "publish", "hub.url": feed, "hub.topic": feed})
    try:
        # A hub on the site's own host may have a private address and any port.
        is_own_host = bare_host(hub) == bare_host(settings.SITE_URL)
        allowed = frozenset({origin(hub)} if is_own_host else ())
        answer = post(hub, body.encode(), FORM, LIMITS, allowed)
    except FetchError as error:
        return str(error)
    return "" if answer.status < 300 else f"It returned {answer.status}. Enter its new URL."
