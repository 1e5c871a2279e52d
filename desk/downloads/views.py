"""Downloads of each episode: in the last 7 days, in the last 30, and ever."""

from datetime import date, timedelta
from typing import Any

from django.db.models import F, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk.shortcuts import desk_page, may_view_episodes
from episodes.models import Episode
from ops.models import DailyDownloads

ORDERS = {
    "all": ("Ever", "ever"),
    "30": ("30 days", "month"),
    "7": ("7 days", "week"),
    "newest": ("Newest", "published_at"),
}


@may_view_episodes
@require_safe
def downloads(request: HttpRequest) -> HttpResponse:
    """Published podcast episodes with their downloads; two queries."""
    chosen = request.GET.get("by", "newest")
    if chosen not in ORDERS:
        chosen = "newest"
    today = timezone.localdate()
    rows = list(with_counts(today).order_by(F(ORDERS[chosen][1]).desc(nulls_last=True), "-pk"))
    return desk_page(
        request,
        "downloads/list.html",
        "Downloads",
        rows=rows,
        orders=[(key, label) for key, (label, _) in ORDERS.items()],
        chosen=chosen,
        totals={
            name: sum(getattr(row, name) for row in rows) for name in ("week", "month", "ever")
        },
        since=DailyDownloads.objects.aggregate(first=Min("day"))["first"],
    )


def with_counts(today: date) -> QuerySet[Any]:
    """Episodes with `week`, `month` and `ever`. The days of a week include today."""

    def downloads_since(days: int) -> Coalesce:
        since = Q(daily_downloads__day__gt=today - timedelta(days=days))
        return Coalesce(Sum("daily_downloads__count", filter=since), 0)

    ever = Coalesce(Sum("daily_downloads__count"), 0)
    episodes = Episode.objects.published().podcast()
    return episodes.annotate(week=downloads_since(7), month=downloads_since(30), ever=ever)
