"""The content version."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class ContentVersion(models.Model):
    """Counts the commits that changed anything a visitor sees. Triggers maintain it."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    number = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)
    everywhere_at = models.DateTimeField(
        null=True,
        help_text="When a commit last changed what any page may show, not single episodes alone.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="contentversion_is_one_row")
        ]

    def __str__(self) -> str:
        return str(self.number)


class VersionBump(models.Model):
    """One row per transaction that changed content, until it commits. Triggers write it."""

    transaction = models.BigIntegerField(primary_key=True)
    touched = ArrayField(
        models.BigIntegerField(),
        null=True,
        help_text="Keys of the episodes whose own pages alone can look different; null: any page.",
    )

    def __str__(self) -> str:
        return str(self.transaction)
