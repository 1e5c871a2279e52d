"""What is known of the house."""

from datetime import datetime

from django.db import models


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
