"""Operational data: backups, downloads, and the identity of this installation."""

import uuid
from datetime import datetime

from django.db import models
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

    def last_verified_at(self) -> datetime | None:
        """When the newest verified backup was made, of those not dated in the future."""
        believable = self.verified().filter(made_at__lte=timezone.now() + SKEW)
        return believable.aggregate(newest=models.Max("made_at"))["newest"]


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


class DailyDownloads(models.Model):
    """An episode's downloads on a day in the show's time zone (ops.downloads)."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="daily_downloads")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        # Tables keep their version 1 name: the former code answers on them.
        db_table = "ops_dayofdownloads"
        constraints = [models.UniqueConstraint("episode", "day", name="dayofdownloads_once")]

    def __str__(self) -> str:
        return f"{self.count} on {self.day}"


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
