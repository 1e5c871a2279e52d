"""The pages below “Listeners”. `?format=csv` and `?format=json` give the same figures as files."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk.listeners import ages, episodes, moments, overview, programs, readers
from desk.listeners.period import (
    DEFAULT,
    LENGTHS,
    Period,
    last_days,
    month_of,
    months_since,
    period_of,
)
from desk.listeners.tables import FigureTable, as_csv, as_json
from desk.shortcuts import desk_page, may_view_episodes, user_of
from episodes.models import Episode
from ops.models import DailyDownloads, MonthlyDownloads
from show.models import Show

MAX_CHOICES = 24  # newest episodes to choose from


@may_view_episodes
@require_safe
def listeners(request: HttpRequest) -> HttpResponse:
    """The whole show: totals, by day, by month, the most downloaded. Five queries."""
    today = timezone.localdate()
    period = period_of(request.GET, today)
    since = DailyDownloads.objects.since()
    tables = []
    if since:
        days, months = overview.days_for(period, today), MonthlyDownloads.objects.by_month()
        tables = [
            overview.totals(days, sum(months.values()), since, today),
            overview.by_day(days, period),
            overview.most_downloaded(period),
            overview.by_month(months, today),
        ]
    return _answer(request, "Listeners", tables, period, since=since)


@may_view_episodes
@require_safe
def listeners_episodes(request: HttpRequest) -> HttpResponse:
    """Every episode: 7 days, 30 days, ever."""
    chosen = request.GET.get("by", "newest")
    if chosen not in episodes.ORDERS:
        chosen = "newest"
    tables = [episodes.all_episodes(timezone.localdate(), chosen)]
    return _answer(
        request, "Downloads by episode", tables, orders=episodes.ORDERS.items(), chosen=chosen
    )


@may_view_episodes
@require_safe
def listeners_episode(request: HttpRequest, pk: int) -> HttpResponse:
    """One episode: its first days, by month, its apps and devices."""
    episode = get_object_or_404(Episode.objects.podcast(), pk=pk)
    today, zone = timezone.localdate(), Show.objects.current().zone
    months = MonthlyDownloads.objects.filter(episode=episode).by_month()
    ever = sum(months.values())
    since = DailyDownloads.objects.since()
    tables = []
    if since and ever:
        days = max(ages.AGES)
        newest = ages.curves(ages.comparable(since)[: ages.NEWEST], days, today, since, zone)
        found = ages.curves([episode], days, today, since, zone)
        tables = [
            ages.comparison(found, ages.typical(newest, days), days),
            overview.by_month(months, today),
            *programs.programs_of(episode, ever),
        ]
    words = f"{ever:,} download{'s' * (ever != 1)}" if ever else "No downloads yet"
    return _answer(request, str(episode), tables, episode=episode, ever=words)


@may_view_episodes
@require_safe
def listeners_ages(request: HttpRequest) -> HttpResponse:
    """Episodes laid over each other by age."""
    today, zone = timezone.localdate(), Show.objects.current().zone
    days = next((each for each in ages.AGES if str(each) == request.GET.get("days")), DEFAULT)
    since = DailyDownloads.objects.since()
    choices = list(ages.comparable(since)[:MAX_CHOICES]) if since else []
    numbers = [each for each in request.GET.getlist("episode") if each.isdecimal()]
    asked = [int(each) for each in numbers if len(each) < 10][: ages.MAX_EPISODES]
    chosen = [
        *Episode.objects.published().podcast().filter(pk__in=asked).newest_first()
    ] or choices[: ages.DEFAULT_EPISODES]
    tables = []
    if since:
        newest = ages.curves(choices[: ages.NEWEST], days, today, since, zone)
        found = ages.curves(chosen, days, today, since, zone)
        tables = [ages.comparison(found, ages.typical(newest, days), days)]
    keys = {each.pk for each in chosen}
    return _answer(
        request,
        "Episodes compared",
        tables,
        lengths=ages.AGES,
        days=days,
        most=ages.MAX_EPISODES,
        choices=[*(each for each in chosen if each not in choices), *choices],
        chosen=keys,
    )


@may_view_episodes
@require_safe
def listeners_apps(request: HttpRequest) -> HttpResponse:
    period = period_of(request.GET, timezone.localdate())
    return _answer(request, "Apps and devices", programs.programs(period), period)


@may_view_episodes
@require_safe
def listeners_moments(request: HttpRequest) -> HttpResponse:
    period = period_of(request.GET, timezone.localdate())
    may_see = user_of(request).has_perm("search.view_zeroresultquery")
    tables = [moments.moments(period), moments.searches(period, links_to_rest=may_see)]
    return _answer(request, "Moments and searches", tables, period)


@may_view_episodes
@require_safe
def listeners_readers(request: HttpRequest) -> HttpResponse:
    period = period_of(request.GET, timezone.localdate())
    tables = [readers.subscribers(period), readers.referrers(period)]
    return _answer(request, "Subscribers and links", tables, period)


@may_view_episodes
@require_safe
def former_downloads(request: HttpRequest) -> HttpResponse:
    """The address of former versions leads to the episodes."""
    return redirect(f"{reverse('desk_listeners_episodes')}?{request.GET.urlencode()}".rstrip("?"))


def _answer(
    request: HttpRequest,
    title: str,
    tables: Sequence[FigureTable],
    period: Period | None = None,
    **values: Any,
) -> HttpResponse:
    """The page, one of its tables as CSV, or all as JSON. Raises BadRequest for other tables."""
    about = {"first_day": period.first, "last_day": period.last} if period else {}
    match request.GET.get("format", ""):
        case "json":
            return as_json(tables, title=title, **about)
        case "csv":
            key = request.GET.get("table") or (tables[0].key if tables else "")
            table = next((each for each in tables if each.key == key), None)
            if table is None:
                raise BadRequest("This page has no such table.")
            return as_csv(
                table, f"{table.key}-{period.query.partition('=')[2]}" if period else table.key
            )
    today = timezone.localdate()
    since = values.pop("since", None) or DailyDownloads.objects.since()
    asked = request.GET.copy()
    for name in ("format", "table"):
        asked.pop(name, None)
    if period:
        values["months"] = [month_of(each, today) for each in months_since(since or today, today)]
        values["lengths"] = [last_days(number, today) for number in LENGTHS]
    return desk_page(
        request,
        "listeners/page.html",
        title,
        tables=tables,
        period=period,
        since=since,
        zone=timezone.get_current_timezone_name(),
        here=f"?{asked.urlencode()}&" if asked else "?",
        **values,
    )
