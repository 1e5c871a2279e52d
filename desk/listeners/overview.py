"""Downloads of the whole show: totals first, by day, by month, and the most downloaded episodes."""

from datetime import date, timedelta

from django.urls import reverse

from desk.listeners.charts import days_chart
from desk.listeners.episodes import titles
from desk.listeners.period import (
    Period,
    following_month,
    former_month,
    last_days,
    month_name,
    month_of,
)
from desk.listeners.tables import FigureColumn, FigureRow, FigureTable, Value, change, share
from ops.models import DailyDownloads

MAX_EPISODES = 20
Days = dict[date, int]


def days_for(period: Period, today: date) -> Days:
    """The days of the period and of all that the totals compare. One query."""
    first = min(period.first, former_month(former_month(today)), today - timedelta(days=59))
    return DailyDownloads.objects.between(first, today).by_day()


def total_of(days: Days, period: Period) -> int:
    return sum(count for day, count in days.items() if period.first <= day <= period.last)


def totals(days: Days, ever: int, since: date, today: date) -> FigureTable:
    """This month and the last, 7 and 30 days, ever; each with the days before it."""
    month = month_of(today, today)
    former = month_of(former_month(month.first), today)
    rows = [
        _compared(days, since, f"{month.label}, so far", month, _same_days(month, former)),
        _compared(days, since, former.label, former, month_of(former_month(former.first), today)),
        *(
            _compared(
                days, since, period.label, period, last_days(number, period.first - timedelta(1))
            )
            for number in (7, 30)
            for period in (last_days(number, today),)
        ),
        FigureRow(("Ever", ever, None, None)),
    ]
    return FigureTable(
        "totals",
        "Totals",
        (
            FigureColumn("period", "Period"),
            FigureColumn("downloads", "Downloads"),
            FigureColumn("before", "Before"),
            FigureColumn("change", "Change", "%", is_change=True),
        ),
        rows,
        about="“Before” is as many days just before; for a month, the month before, "
        "and for this month as many of its first days.",
    )


def _same_days(month: Period, former: Period) -> Period:
    """As many first days of the former month as this one has had."""
    last = min(former.last, former.first + (month.last - month.first))
    return Period(former.first, last, former.label, former.query)


def _compared(days: Days, since: date, label: str, period: Period, before: Period) -> FigureRow:
    now, then = total_of(days, period), total_of(days, before)
    is_counted = before.last >= since
    values: tuple[Value, ...] = (
        label, now, then if is_counted else None, change(now, then) if is_counted else None
    )  # fmt: skip
    return FigureRow(values, f"?{period.query}")


def by_day(days: Days, period: Period) -> FigureTable:
    counts = [days.get(day, 0) for day in period.days]
    return FigureTable(
        "days",
        f"By day: {period.label}",
        (FigureColumn("day", "Day"), FigureColumn("downloads", "Downloads")),
        [FigureRow(each) for each in zip(period.days, counts, strict=True)] if any(counts) else [],
        days_chart(f"Downloads by day, {period.label}", period.days, counts),
        empty=f"No download was counted in this time: {period.label}.",
    )


def by_month(found: dict[date, int], today: date) -> FigureTable:
    """Each month since the first download, a month without any, too; the newest first."""
    counts: dict[date, int] = {}
    this = today.replace(day=1)
    month = min(found, default=this)
    while month <= this:
        counts[month] = found.get(month, 0)
        month = following_month(month)
    return FigureTable(
        "months",
        "By month",
        (FigureColumn("month", "Month"), FigureColumn("downloads", "Downloads")),
        [
            FigureRow(
                (month_name(month), count),
                f"{reverse('desk_listeners')}?{month_of(month, today).query}",
            )
            for month, count in reversed(counts.items())
        ],
        days_chart("Downloads by month", list(counts), list(counts.values()), month_name),
    )


def most_downloaded(period: Period) -> FigureTable:
    """The episodes with the most downloads in the period. Two queries."""
    counts = DailyDownloads.objects.between(period.first, period.last).by_episode()
    whole, named = sum(counts.values()), dict(list(counts.items())[:MAX_EPISODES])
    names = titles(named)
    rows = [
        FigureRow((names[key].title, count, share(count, whole)), names[key].path)
        for key, count in named.items()
    ]
    if rest := whole - sum(named.values()):
        label = f"{len(counts) - len(named)} more"
        rows.append(FigureRow((label, rest, share(rest, whole))))
    return FigureTable(
        "episodes",
        f"Most downloaded: {period.label}",
        (
            FigureColumn("episode", "Episode"),
            FigureColumn("downloads", "Downloads"),
            FigureColumn("share", "Share", "%"),
        ),
        rows,
        empty=f"Nobody downloaded an episode in this time: {period.label}.",
        further=(("All episodes", reverse("desk_listeners_episodes")),),
    )


def monthly_summary(today: date) -> list[str]:
    """The last month in two lines; none before any was counted. Three queries."""
    month = month_of(former_month(today), today)
    former = month_of(former_month(month.first), today)
    counts = DailyDownloads.objects.between(month.first, month.last).by_episode()
    if not counts:
        return []
    whole = sum(counts.values())
    before = DailyDownloads.objects.between(former.first, former.last).total()
    best = titles(list(counts)[:1])
    line = f"{month.label}: {whole:,} download{'s' * (whole != 1)}"
    if percent := change(whole, before):
        line += f", {abs(percent):,} % {'more' if percent > 0 else 'fewer'} than in {former.label}"
    return [f"{line}.", *(f"Most downloaded: {each.title}." for each in best.values())]
