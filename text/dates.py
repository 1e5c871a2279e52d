"""Days as people write them down: an episode's, or that of a correction."""

from datetime import date

# At the ends of the calendar midnight lies outside it in one time zone or another.
FIRST_YEAR, LAST_YEAR = 1900, 2199


def parse_day(value: str) -> date:
    """The day of `2020-06-29`. Raises ValueError for another text and for other centuries."""
    return checked_day(date.fromisoformat(value))


def checked_day(day: date) -> date:
    """The day itself. Raises ValueError outside the years that episodes can be of."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"{day.year} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return day
