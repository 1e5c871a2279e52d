"""Telling a WebSub hub that a feed changed, so that apps hear of an episode at once.

Nothing is queued when an episode is published. What a feed holds now is compared with what the
hub was last told of; so what has become due by itself, was withdrawn, or was written while the
hub didn't answer is told as well, and nothing that a transaction rolled back.
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
from feeds.models import Told
from net.addresses import origin
from net.client import FetchError, Limits, post
from show.models import Show
from text.urls import bare_host

logger = logging.getLogger(__name__)

FEEDS = {"feed": Episode.Kind.PODCAST, "interviews_feed": Episode.Kind.INTERVIEW}
FORM = "application/x-www-form-urlencoded"
LIMITS = Limits(bytes=64 * 1024, seconds=10)
LONGEST_WAIT = timedelta(hours=6)


def tell_hub() -> str:
    """Tell the show's hub of each feed that changed, and say which it took; for `tick`.

    A hub that fails is asked again after 1, 2, 4 … minutes.
    """
    hub = Show.objects.current().hub
    if not hub:
        return ""
    told = [reverse(name) for name, kind in FEEDS.items() if _tell(hub, reverse(name), kind)]
    return f"told {hub} of {', '.join(told)}" if told else ""


def _tell(hub: str, path: str, kind: str) -> bool:
    """Whether there was something to tell, and the hub took it."""
    Told.objects.get_or_create(path=path)
    now = timezone.now()
    with transaction.atomic():
        # Another tick that is telling it right now holds the row.
        due = Told.objects.select_for_update(skip_locked=True).filter(next_try__lte=now)
        row = due.filter(path=path).first()
        state = f"{hub} {_state(kind, now)}"
        if row is None or row.state == state:
            return False
        row.reason = _refusal(hub, absolute_url(path))
        if row.reason:
            wait = min(timedelta(minutes=2 ** min(row.failures, 10)), LONGEST_WAIT)
            row.failures, row.next_try = row.failures + 1, now + wait
            logger.warning("The WebSub hub could not be told of %s: %s", path, row.reason)
        else:
            row.failures, row.state = 0, state
        row.save()
        return not row.reason


def _state(kind: str, now: datetime) -> str:
    """What changes with every publication, withdrawal and edit of a feed's episodes. One query."""
    found = (
        Episode.objects.published(now)
        .filter(kind=kind)
        .aggregate(Count("pk"), Max("published_at"), Sum("edit_number"))
    )
    return " ".join(map(str, found.values()))


def _refusal(hub: str, feed: str) -> str:
    """Why the hub did not take the news; empty when it did."""
    body = urlencode({"hub.mode": "publish", "hub.url": feed, "hub.topic": feed})
    try:
        # A hub on the site's own machine may be in a private network, at whatever port.
        is_beside = bare_host(hub) == bare_host(settings.SITE_URL)
        allowed = frozenset({origin(hub)} if is_beside else ())
        answer = post(hub, body.encode(), FORM, LIMITS, allowed)
    except FetchError as error:
        return str(error)
    return "" if answer.status < 300 else f"It answered {answer.status}; give its new address."
