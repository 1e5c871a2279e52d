"""Revisions of episodes."""

from django.conf import settings
from django.db import models

from episodes.models import Episode
from topics.models import TranscriptVersion


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
    transcript = models.ForeignKey(
        TranscriptVersion, models.SET_NULL, null=True, blank=True, related_name="+"
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
    """What a source said when it was last imported: the base of the next merge.

    About an episode, or about a row of another table. The latter's base outlives the row, so that
    an import doesn't bring back what was deleted at the desk.
    """

    episode = models.ForeignKey(
        Episode, models.CASCADE, null=True, blank=True, related_name="import_bases"
    )
    table = models.CharField(
        max_length=50, blank=True, db_default="", help_text="The row's model, as in show.Page."
    )
    key = models.CharField(
        max_length=200,
        blank=True,
        db_default="",
        help_text="What the source calls the row: its slug or setting.",
    )
    row = models.BigIntegerField(null=True, blank=True, help_text="The row's primary key.")
    source = models.CharField(max_length=20, choices=ImportSource)
    notes = models.TextField(blank=True)
    facts = models.JSONField(help_text="Those that the source states.")
    unsettled = models.JSONField(
        default=list, help_text="Digests of the conflicts that the last import left."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "source"], name="import_base_source"),
            models.UniqueConstraint(
                fields=["source", "table", "key"],
                condition=models.Q(episode=None),
                name="import_base_row",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.episode or self.key}, {self.source}"
