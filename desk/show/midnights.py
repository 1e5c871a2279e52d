"""Dates without a time, which are stored as midnight and so belong to one time zone."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from episodes.models import Episode


def count_moved_days(before: str, after: str) -> int:
    """How many episodes at midnight in one time zone have another day in the other. One query."""
    moments = Episode.objects.exclude(published_at=None).values_list("published_at", flat=True)
    return sum(_moves(moment, ZoneInfo(before), ZoneInfo(after)) for moment in moments.iterator())


def _moves(moment: datetime, before: ZoneInfo, after: ZoneInfo) -> bool:
    was = moment.astimezone(before)
    return was.time() == time() and was.date() != moment.astimezone(after).date()
