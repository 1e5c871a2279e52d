"""The days that a page is about: the last 7, 30 or 90, or a month."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.dateformat import format as format_date

LENGTHS = (7, 30, 90)  # days
DEFAULT = 30
MONTH = re.compile(r"([12]\d{3})-(0[1-9]|1[0-2])", re.ASCII)
MAX_MONTHS = 600  # to choose from; a log may have a date of a clock that was wrong


@dataclass(frozen=True, slots=True)
class Period:
    """Days in the show's time zone, both included. `query` chooses it in an address."""

    first: date
    last: date
    label: str
    query: str

    @property
    def days(self) -> list[date]:
        length = (self.last - self.first).days + 1
        return [self.first + timedelta(days=number) for number in range(length)]

    @property
    def is_month(self) -> bool:
        return self.query.startswith("month=")


def period_of(values: Mapping[str, str], today: date) -> Period:
    """The period that the address asks for; the last 30 days for anything else."""
    if (month := MONTH.fullmatch(values.get("month", ""))) and int(month[1]) <= today.year:
        return month_of(date(int(month[1]), int(month[2]), 1), today)
    days = values.get("days", "")
    return last_days(int(days) if days in map(str, LENGTHS) else DEFAULT, today)


def last_days(number: int, today: date) -> Period:
    """So many days, of which today is the last."""
    first = today - timedelta(days=number - 1)
    return Period(first, today, f"Last {number} days", f"days={number}")


def month_of(day: date, today: date) -> Period:
    """The month of this day, until today."""
    first = day.replace(day=1)
    last = min(following_month(first) - timedelta(days=1), max(today, first))
    return Period(first, last, month_name(first), f"month={first:%Y-%m}")


def month_name(day: date) -> str:
    return format_date(day, "M Y")


def day_name(day: date) -> str:
    return format_date(day, "j M Y")


def following_month(day: date) -> date:
    """The first day of the month after this day's."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def former_month(day: date) -> date:
    """The first day of the month before this day's."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def months_since(since: date, today: date) -> list[date]:
    """The months from that day's to today's, the newest first."""
    return list(_months(since.replace(day=1), today.replace(day=1)))[:MAX_MONTHS]


def _months(since: date, newest: date) -> Iterator[date]:
    while newest >= since:
        yield newest
        newest = former_month(newest)
