"""Dates in the spellings of show notes, and recurrence rules (RFC 5545, section 3.3.10)."""

import re
from datetime import date

# At either end of the calendar, midnight overflows in some time zone.
FIRST_YEAR, LAST_YEAR = 1900, 2199

NUMBERS = r"[+-]?[0-9]{1,3}(,[+-]?[0-9]{1,3})*"
DAY = r"(SU|MO|TU|WE|TH|FR|SA)"
RRULE_PARTS = {
    "FREQ": r"SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY",
    "UNTIL": r"[0-9]{8}(T[0-9]{6}Z?)?",
    "INTERVAL": r"[1-9][0-9]{0,3}",
    "BYDAY": rf"([+-]?[0-9]{{1,2}})?{DAY}(,([+-]?[0-9]{{1,2}})?{DAY})*",
    "WKST": DAY,
} | dict.fromkeys(
    (
        "BYSECOND",
        "BYMINUTE",
        "BYHOUR",
        "BYMONTHDAY",
        "BYYEARDAY",
        "BYWEEKNO",
        "BYMONTH",
        "BYSETPOS",
    ),
    NUMBERS,
)


def parse_day(value: str) -> date:
    """The day of `2020-06-29`. Raises ValueError for another text and for other centuries."""
    return checked_day(date.fromisoformat(value))


def checked_day(day: date) -> date:
    """The day itself. Raises ValueError outside the years that episodes can be of."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"{day.year} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return day


def check_rrule(rule: str) -> None:
    """Raises ValueError, in words, for what isn't a rule; no COUNT, as no rule states a start."""
    seen = set()
    for part in rule.split(";"):
        name, _, value = part.partition("=")
        if name not in RRULE_PARTS:
            raise ValueError(f"“{part}” isn’t part of a rule such as FREQ=WEEKLY;BYDAY=MO")
        if name in seen:
            raise ValueError(f"{name} is there twice")
        if not re.fullmatch(RRULE_PARTS[name], value):
            raise ValueError(f"{name} can't be “{value}”")
        seen.add(name)
    if "FREQ" not in seen:
        raise ValueError("A rule says FREQ=, such as FREQ=WEEKLY;BYDAY=MO")
