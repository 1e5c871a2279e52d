"""Revisions of episodes."""

from django.conf import settings
from django.db import models

from episodes.models import Episode


class Revision(models.Model):
    """An episode after one save: its notes as text, the rest as values."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    source = models.CharField(max_length=50, help_text="Where the change came from.")
    edit_number = models.PositiveIntegerField(
        null=True, help_text="The episode's edit number, by which forms detect conflicts."
    )
    notes = models.TextField()
    facts = models.JSONField()
    beside = models.JSONField(
        default=dict,
        db_default={},
        help_text="What neither notes nor facts hold: guests' roles, files, whether in the bin.",
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["episode", "number"], name="revision_number")
        ]

    def __str__(self) -> str:
        return f"{self.episode}, revision {self.number}"


class ImportSource(models.TextChoices):
    SHOW_NOTES = "import_show_notes"
    JEKYLL = "import_jekyll"
    FEED = "import_feed"


class ImportBase(models.Model):
    """What a source said about an episode when it was last imported: the base of the next merge."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="import_bases")
    source = models.CharField(max_length=20, choices=ImportSource)
    notes = models.TextField()
    facts = models.JSONField(help_text="Those that the source states.")
    unsettled = models.JSONField(
        default=list, help_text="Digests of the conflicts that the last import left."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "source"], name="import_base_source")
        ]

    def __str__(self) -> str:
        return f"{self.episode}, {self.source}"
