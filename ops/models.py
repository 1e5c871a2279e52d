"""What is known of the house."""

import uuid
from datetime import datetime

from django.db import models

from episodes.models import Episode


class Installation(models.Model):
    """This catalogue among others, by a key that goes with it: its only row is in every dump."""

    key = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="installation_single")]

    def __str__(self) -> str:
        return str(self.key)


class BackupRecords(models.QuerySet["BackupRecord"]):
    def verified(self) -> "BackupRecords":
        return self.filter(checked_at__isnull=False, problem="")

    def last_verified_at(self) -> datetime | None:
        """When the newest verified backup was made. None: there is none."""
        return self.verified().aggregate(newest=models.Max("made_at"))["newest"]


class BackupRecord(models.Model):
    """A backup as it was last seen where backups lie."""

    name = models.CharField(max_length=40, unique=True)
    made_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True, help_text="what its last check found, a line each")

    objects = BackupRecords.as_manager()

    class Meta:
        ordering = ["-made_at"]

    @property
    def is_verified(self) -> bool:
        """Whether it was read back, every row and file."""
        return self.checked_at is not None and not self.problem

    def __str__(self) -> str:
        return self.name


class DayOfDownloads(models.Model):
    """How often an episode was downloaded on a day of the show's time (ops.downloads)."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="days_of_downloads")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint("episode", "day", name="dayofdownloads_once")]

    def __str__(self) -> str:
        return f"{self.count} on {self.day}"


class Listener(models.Model):
    """Who began to listen to a recording within 24 hours, as a digest that nobody can undo."""

    key = models.BinaryField(max_length=16, unique=True)
    first_at = models.DateTimeField(db_index=True)
    heard = models.JSONField(default=list, help_text="Begin and end, in bytes, of what they got.")
    counted = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"since {self.first_at}"


class ListenerSalt(models.Model):
    """What a day's digests are salted with."""

    day = models.DateField(unique=True)
    salt = models.BinaryField(max_length=16)

    def __str__(self) -> str:
        return str(self.day)


class LogRead(models.Model):
    """How far a file of a log was read, in bytes; it is known by its first line's digest."""

    first = models.CharField(max_length=32, unique=True)
    path = models.CharField(max_length=1000, help_text="The log that it was last read as a part of")
    offset = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.path} up to {self.offset}"


class LogPosition(models.Model):
    """How far a log was read: what the former version goes by, should it come back."""

    path = models.CharField(max_length=1000, unique=True)
    first = models.CharField(max_length=32, blank=True)
    offset = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.path
