"""Apps and kinds of device that downloads came from."""

from collections.abc import Mapping

from desk.listeners.charts import bars_chart
from desk.listeners.period import Period
from desk.listeners.tables import FigureColumn, FigureRow, FigureTable, share, written
from episodes.models import Episode
from ops.models import DailyDownloads, DailyFigure, EpisodeFigure, FigureKind

MAX_BARS = 10
UNKNOWN_APP = "Counted before apps were told apart"
REST = "All others"
HEADS = {
    FigureKind.APP: ("apps", "Apps", "App"),
    FigureKind.DEVICE: ("devices", "Devices", "Device"),
}  # fmt: skip


def programs(period: Period) -> list[FigureTable]:
    """Apps and devices in the period. Three queries."""
    whole = DailyDownloads.objects.between(period.first, period.last).total()
    figures = DailyFigure.objects.between(period.first, period.last)
    return [
        _table(kind, figures.filter(kind=kind).by_name(), whole, f": {period.label}")
        for kind in HEADS
    ]


def programs_of(episode: Episode, whole: int) -> list[FigureTable]:
    """Of one episode, ever. One query."""
    rows = EpisodeFigure.objects.filter(episode=episode).order_by("-count", "name")
    return [
        _table(kind, {row.name: row.count for row in rows if row.kind == kind}, whole, "")
        for kind in HEADS
    ]


def _table(kind: FigureKind, counts: Mapping[str, int], whole: int, when: str) -> FigureTable:
    """The shares are of all downloads, so that days without names don't make the others more."""
    key, title, label = HEADS[kind]
    named = {name or REST: count for name, count in counts.items()}
    if (unknown := whole - sum(named.values())) > 0:
        named[UNKNOWN_APP] = unknown
    rows = [FigureRow((name, count, share(count, whole))) for name, count in named.items()]
    bars = [
        (name, count, f"{count:,} ({written(share(count, whole), '%')})")
        for name, count in list(named.items())[:MAX_BARS]
    ]
    return FigureTable(
        key,
        f"{title}{when}",
        (
            FigureColumn(label.lower(), label),
            FigureColumn("downloads", "Downloads"),
            FigureColumn("share", "Share", "%"),
        ),
        rows,
        bars_chart(f"Downloads by {label.lower()}", bars),
        empty="No download was counted in this time.",
    )
