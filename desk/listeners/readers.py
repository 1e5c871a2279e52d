"""Subscribers that feed readers report, and the sites that linked here."""

from collections import defaultdict
from datetime import date

from desk.listeners.charts import bars_chart, days_chart
from desk.listeners.period import Period
from desk.listeners.programs import REST
from desk.listeners.tables import FigureColumn, FigureRow, FigureTable, share
from ops.models import DailyFigure, FigureKind

MAX_ROWS = 50
MAX_BARS = 10


def subscribers(period: Period) -> FigureTable:
    """What each app reported last in the period, and the sum by day. One query.

    An app doesn't fetch the feed every day: on a day without a report its last one holds.
    """
    figures = DailyFigure.objects.between(period.first, period.last).filter(
        kind=FigureKind.SUBSCRIBERS
    )
    reported: dict[date, dict[str, int]] = defaultdict(dict)
    for day, name, count in figures.values_list("day", "name", "count"):
        reported[day][name or REST] = count
    latest: dict[str, int] = {}
    reported_on: dict[str, date] = {}
    sums = []
    for day in period.days:
        latest |= reported[day]
        reported_on |= dict.fromkeys(reported[day], day)
        sums.append(sum(latest.values()))
    most = sorted(latest.items(), key=lambda each: (-each[1], each[0]))
    return FigureTable(
        "subscribers",
        f"Subscribers that apps report: {period.label}",
        (
            FigureColumn("app", "App"),
            FigureColumn("subscribers", "Subscribers"),
            FigureColumn("reported", "Last reported"),
        ),
        [FigureRow((name, count, reported_on[name])) for name, count in most],
        days_chart(f"Subscribers that apps report, {period.label}", period.days, sums),
        about="Some services fetch your feed once for all of their users and say how many these "
        "are. Most apps don’t, and nobody can check the number.",
        empty="No app reported a number in this time. Services such as Overcast and Feedly do, "
        "once somebody follows your show there.",
    )


def referrers(period: Period) -> FigureTable:
    """The sites that linked here. One query."""
    figures = DailyFigure.objects.between(period.first, period.last).filter(
        kind=FigureKind.REFERRER
    )
    counts = {name or REST: count for name, count in figures.by_name().items()}
    whole = sum(counts.values())
    shown = list(counts.items())[:MAX_ROWS]
    rows = [FigureRow((name, count, share(count, whole))) for name, count in shown]
    if rest := whole - sum(count for _, count in shown):
        rows.append(FigureRow((f"{len(counts) - len(shown)} more", rest, share(rest, whole))))
    return FigureTable(
        "referrers",
        f"Sites that linked here: {period.label}",
        (
            FigureColumn("site", "Site"),
            FigureColumn("visits", "Visits"),
            FigureColumn("share", "Share", "%"),
        ),
        rows,
        bars_chart(
            "Visits by site", [(name, count, f"{count:,}") for name, count in shown[:MAX_BARS]]
        ),
        about="Visits to your pages by a link on another site. Apps, e-mail and many sites don’t "
        "say where a visitor comes from.",
        empty="Nobody came by a link on another site in this time.",
    )
