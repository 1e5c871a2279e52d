"""Writes a batch's figures. A day stores few enough by name that strangers can't fill the table."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date

from django.db import connection

from episodes.models import Episode
from ops.downloads.visits import MomentKey, Visits
from ops.models import (
    DailyDownloads,
    DailyFigure,
    DailyMoment,
    EpisodeFigure,
    FigureKind,
    MonthlyDownloads,
)

MAX_NAMES = 200  # of a kind and day; what comes later counts as ""
MAX_MOMENTS = 1000  # of a day; later ones aren't counted
ByDay = Mapping[tuple[date, str], int]

UPSERT = """
INSERT INTO {table} ({columns}, count) VALUES {values}
ON CONFLICT ({columns}) DO UPDATE SET count = {count}
"""
SUM = "{table}.count + excluded.count"
HIGHEST = "greatest({table}.count, excluded.count)"


def add_downloads(found: Mapping[tuple[int, date], int]) -> None:
    months: Counter[tuple[int, date]] = Counter()
    for (episode, day), count in found.items():
        months[episode, day.replace(day=1)] += count
    _upsert(DailyDownloads, ("episode_id", "day"), found)
    _upsert(MonthlyDownloads, ("episode_id", "month"), months)


def add_programs(
    found: Mapping[tuple[int, date, str, str], int],
) -> None:
    """Downloads by episode, day, app and device."""
    kinds: dict[FigureKind, Counter[tuple[date, str]]] = {
        FigureKind.APP: Counter(),
        FigureKind.DEVICE: Counter(),
    }
    episodes: Counter[tuple[int, str, str]] = Counter()
    for (episode, day, app, device), count in found.items():
        for kind, name in ((FigureKind.APP, app), (FigureKind.DEVICE, device)):
            kinds[kind][day, name] += count
            episodes[episode, kind, name] += count
    for kind, counts in kinds.items():
        add_figures(kind, counts)
    _upsert(EpisodeFigure, ("episode_id", "kind", "name"), episodes)


def add_visits(found: Visits) -> None:
    add_figures(FigureKind.REFERRER, found.referrers)
    add_figures(FigureKind.SUBSCRIBERS, found.subscribers, HIGHEST)
    add_moments(found.moments)


def add_figures(kind: str, counts: ByDay, how: str = SUM) -> None:
    by_day: dict[date, list[str]] = defaultdict(list)
    for day, name in counts:
        by_day[day].append(name)
    rows: Counter[tuple[str, date, str]] = Counter()
    for day, names in by_day.items():
        stored = DailyFigure.objects.names_of_day(kind, day)
        new = [name for name in names if name not in stored]
        rest = set(new[max(0, MAX_NAMES - len(stored)) :])
        for name in names:
            key = (kind, day, "" if name in rest else name)
            rows[key] = (
                rows[key] + counts[day, name] if how == SUM else max(rows[key], counts[day, name])
            )
    _upsert(DailyFigure, ("kind", "day", "name"), rows, how)


def add_moments(counts: Mapping[MomentKey, int]) -> None:
    """Only of episodes that exist: a stranger can ask for any second of any slug."""
    slugs = {slug for _, slug, *_ in counts}
    podcast = Episode.objects.viewable().podcast().filter(slug__in=slugs)
    keys = dict(podcast.values_list("slug", "pk")) if slugs else {}
    rows = {
        (keys[slug], day, start, end): count
        for (day, slug, start, end), count in counts.items()
        if slug in keys
    }
    stored: dict[date, set[tuple[int, int, int]]] = {}
    for day in {day for _, day, *_ in rows}:
        found = DailyMoment.objects.filter(day=day).values_list("episode_id", "seconds", "end")
        stored[day] = set(found)
    added: dict[tuple[int, date, int, int], int] = {}
    for (episode, day, start, end), count in rows.items():
        if (episode, start, end) not in stored[day]:
            if len(stored[day]) >= MAX_MOMENTS:
                continue
            stored[day].add((episode, start, end))
        added[episode, day, start, end] = count
    _upsert(DailyMoment, ("episode_id", "day", "seconds", '"end"'), added)


def _upsert(model, columns: tuple[str, ...], rows: Mapping[tuple, int], how: str = SUM) -> None:
    """Add the counts to the rows, in an order that is the same for everyone. One query, or none."""
    if not rows:
        return
    table = model._meta.db_table
    values = ", ".join(["(" + ", ".join(["%s"] * (len(columns) + 1)) + ")"] * len(rows))
    parameters = [value for key in sorted(rows) for value in (*key, rows[key])]
    sql = UPSERT.format(
        table=table, columns=", ".join(columns), values=values, count=how.format(table=table)
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
