"""Operational data: backups, downloads, and the identity of this installation."""

import uuid
from datetime import date, datetime
from typing import Any, Self

from django.db import connection, models
from django.utils import timezone

from episodes.models import Episode
from show.clock.jumps import SKEW


class Installation(models.Model):
    """The identity of this catalogue: its only row is in every dump."""

    key = models.UUIDField(default=uuid.uuid4)
    swept_at = models.DateTimeField(
        null=True,
        help_text="When the storage was last compared with the rows (ops.storage.orphans).",
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="installation_single")]

    def __str__(self) -> str:
        return str(self.key)


class BackupRecords(models.QuerySet["BackupRecord"]):
    def verified(self) -> "BackupRecords":
        return self.filter(checked_at__isnull=False, problem="")

    def future(self) -> "BackupRecords":
        """Those dated in the future, of which nobody knows when they were made."""
        return self.filter(made_at__gt=timezone.now() + SKEW)

    def believable(self) -> "BackupRecords":
        """Those that aren't dated in the future."""
        return self.filter(made_at__lte=timezone.now() + SKEW)

    def last_verified_at(self) -> datetime | None:
        """When the newest believable verified backup was made."""
        return self.verified().believable().aggregate(newest=models.Max("made_at"))["newest"]


class BackupRecord(models.Model):
    """A backup, as last seen at the destination."""

    name = models.CharField(max_length=40, unique=True)
    made_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True, help_text="what its last check found, a line each")

    objects = BackupRecords.as_manager()

    class Meta:
        ordering = ["-made_at"]

    @property
    def is_verified(self) -> bool:
        """Whether a check has restored and compared every row and file."""
        return self.checked_at is not None and not self.problem

    def __str__(self) -> str:
        return self.name


class ByDayQuerySet(models.QuerySet[Any]):
    """Rows with a day in the show's time zone and a count."""

    def between(self, first: date, last: date) -> Self:
        """Both days included."""
        return self.filter(day__gte=first, day__lte=last)

    def since(self) -> date | None:
        """The first day of all."""
        return self.aggregate(first=models.Min("day"))["first"]

    def total(self) -> int:
        return self.aggregate(total=models.Sum("count"))["total"] or 0

    def by_day(self) -> dict[date, int]:
        """The days that have rows. One query."""
        rows = self.values_list("day").annotate(total=models.Sum("count")).order_by("day")
        return dict(rows)

    def by_episode(self) -> dict[int, int]:
        """By the episodes' keys, the most first. One query."""
        rows = self.values_list("episode").annotate(total=models.Sum("count"))
        return dict(rows.order_by("-total", "-episode"))


class JobRun(models.Model):
    """The last run of a job: `tick`, `backup`, `hourly_backup`; `tick` saw the `invalidator`."""

    name = models.CharField(max_length=40, unique=True)
    ended_at = models.DateTimeField()
    succeeded_at = models.DateTimeField(null=True, help_text="When it last ended without a problem")
    problem = models.TextField(blank=True, db_default="")
    ping_problem = models.TextField(
        blank=True, db_default="", help_text="Why PING_URL didn't answer after its last success"
    )
    idle_etag = models.TextField(
        blank=True,
        db_default="",
        help_text="The ETag of the content for which `tick` last found nothing to do",
    )

    def __str__(self) -> str:
        return self.name


class DailyDownloads(models.Model):
    """An episode's downloads on a day in the show's time zone (ops.downloads)."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="daily_downloads")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    objects = ByDayQuerySet.as_manager()

    class Meta:
        # Tables keep their version 1 name: the former code answers on them.
        db_table = "ops_dayofdownloads"
        constraints = [models.UniqueConstraint("episode", "day", name="dayofdownloads_once")]
        indexes = [models.Index(fields=["day"], include=["episode", "count"], name="downloads_day")]

    def __str__(self) -> str:
        return f"{self.count} on {self.day}"


REBUILD_MONTHS = """
WITH sums AS (
    SELECT episode_id, date_trunc('month', day)::date AS month, sum(count) AS count
    FROM ops_dayofdownloads GROUP BY 1, 2
)
INSERT INTO ops_monthlydownloads (episode_id, month, count)
SELECT episode_id, month, count FROM sums ORDER BY episode_id, month
ON CONFLICT (episode_id, month) DO UPDATE SET count = excluded.count
WHERE ops_monthlydownloads.count <> excluded.count
"""


class MonthQuerySet(models.QuerySet["MonthlyDownloads"]):
    def rebuild(self) -> None:
        """Sum up the days anew: a former release adds to these alone. A second for each million."""
        with connection.cursor() as cursor:
            cursor.execute(REBUILD_MONTHS)

    def by_month(self) -> dict[date, int]:
        """The months that have downloads, by their first days. One query."""
        rows = self.values_list("month").annotate(total=models.Sum("count")).order_by("month")
        return dict(rows)

    def by_episode(self) -> dict[int, int]:
        """By the episodes' keys. One query."""
        return dict(self.values_list("episode").annotate(total=models.Sum("count")))


class MonthlyDownloads(models.Model):
    """An episode's downloads in a month: what its days add up to, for quick totals."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="monthly_downloads")
    month = models.DateField(help_text="Its first day.")
    count = models.PositiveIntegerField(default=0, db_default=0)

    objects = MonthQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("episode", "month", name="monthlydownloads_once")]

    def __str__(self) -> str:
        return f"{self.count} in {self.month:%Y-%m}"


class FigureQuerySet(ByDayQuerySet):
    def by_name(self) -> dict[str, int]:
        """The most first; "" are those beyond what a day stores by name. One query."""
        rows = self.values_list("name").annotate(total=models.Sum("count"))
        return dict(rows.order_by("-total", "name"))

    def names_of_day(self, kind: str, day: date) -> set[str]:
        return set(self.filter(kind=kind, day=day).values_list("name", flat=True))


class FigureKind(models.TextChoices):
    APP = "app", "downloads by app"
    DEVICE = "device", "downloads by device"
    REFERRER = "referrer", "visits by the site that linked here"
    SUBSCRIBERS = "subscribers", "subscribers that an app reported, at most"


class DailyFigure(models.Model):
    """A count of the whole show by something else than the episode; `name` is "" for the rest."""

    kind = models.CharField(max_length=12, choices=FigureKind)
    day = models.DateField()
    name = models.CharField(max_length=100, blank=True)
    count = models.PositiveIntegerField(default=0, db_default=0)

    objects = FigureQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("kind", "day", "name", name="dailyfigure_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.count} on {self.day}"


class EpisodeFigure(models.Model):
    """An episode's downloads by app or device, since these are counted."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="figures")
    kind = models.CharField(max_length=12, choices=FigureKind)
    name = models.CharField(max_length=100)
    count = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint("episode", "kind", "name", name="episodefigure_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.count}"


class DailyMoment(models.Model):
    """How often a moment's page was requested on a day; `end` is 0 unless it is a clip's."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="daily_moments")
    day = models.DateField()
    seconds = models.PositiveIntegerField()
    end = models.PositiveIntegerField(default=0, db_default=0)
    count = models.PositiveIntegerField(default=0, db_default=0)

    objects = ByDayQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("day", "episode", "seconds", "end", name="dailymoment_once")
        ]

    def __str__(self) -> str:
        return f"{self.seconds}: {self.count} on {self.day}"


class Listener(models.Model):
    """A listener to an episode within 24 hours, as a digest."""

    key = models.BinaryField(max_length=16, unique=True)
    first_at = models.DateTimeField(db_index=True)
    byte_ranges = models.JSONField(
        default=list, db_column="heard", help_text="Begin and end of what they received."
    )
    counted = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"since {self.first_at}"


class ListenerSalt(models.Model):
    """The salt of a day's digests."""

    day = models.DateField(unique=True)
    salt = models.BinaryField(max_length=16)

    def __str__(self) -> str:
        return str(self.day)


class LogRead(models.Model):
    """How many bytes of a log's file were read; its first line's digest identifies it."""

    first = models.CharField(max_length=32, unique=True)
    path = models.CharField(max_length=1000, help_text="The log that it was last read as a part of")
    offset = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.path} up to {self.offset}"


class LogPosition(models.Model):
    """How far a log was read, for a return to the former release."""

    path = models.CharField(max_length=1000, unique=True)
    first = models.CharField(max_length=32, blank=True)
    offset = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.path
