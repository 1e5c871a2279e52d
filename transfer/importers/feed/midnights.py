"""Feeds that state days as midnight UTC: elsewhere, such a midnight is on another day."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from transfer.importers.feed import values
from transfer.importers.feed.items import DATES
from transfer.importers.feed.xml_tree import Node

MOSTLY = 0.9  # of the dates; a trailer may have a time


@dataclass(slots=True)
class Midnights:
    """Counts a feed's dates, and those at midnight in UTC or GMT."""

    dates: int = 0
    at_midnight: int = 0

    def add(self, item: Node) -> None:
        value = item.value(*DATES)
        if value:
            self.dates += 1
            self.at_midnight += values.is_utc_midnight(value)

    def as_stated(self, moment: datetime | None, zone: ZoneInfo) -> datetime | None:
        """The moment; of a feed that states days, the same day's midnight in the show's zone."""
        if moment is None or not self.are_days or moment.astimezone(UTC).time() != time():
            return moment
        return datetime.combine(moment.astimezone(UTC).date(), time(), zone)

    @property
    def are_days(self) -> bool:
        return self.at_midnight > 0 and self.at_midnight >= MOSTLY * self.dates

    def assumption(self, zone: ZoneInfo) -> str:
        """What `as_stated` assumes, for the report; empty where it changes nothing."""
        offsets = {datetime(2020, month, 1, tzinfo=zone).utcoffset() for month in (1, 7)}
        if not self.are_days or offsets == {timedelta(0)}:
            return ""
        return (
            f"{self.at_midnight:,} of {self.dates:,} dates are midnight UTC: read as days "
            f"without a time, each beginning at midnight in {zone.key}, the show's time zone."
        )
