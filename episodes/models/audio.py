"""An episode's audio, and who paid for it."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from episodes.models.episode import Episode
from media.storages import audio_key
from text.timecode import MAX_SECONDS


class Enclosure(models.Model):
    """An episode's audio: a file of ours or an address elsewhere, as the feed states it."""

    episode = models.OneToOneField(Episode, models.CASCADE, related_name="enclosure")
    file = models.FileField(upload_to=audio_key, max_length=255, blank=True)
    url = models.URLField("outside address", max_length=1000, blank=True)
    imported_url = models.CharField(
        max_length=1000,
        blank=True,
        editable=False,
        help_text="The address apps already know, kept verbatim in the feed.",
    )
    name = models.CharField(
        "file name",
        max_length=150,
        unique=True,
        validators=[RegexValidator(r"^[A-Za-z0-9][-A-Za-z0-9_.]*$", "ASCII letters and digits.")],
        help_text="The last part of its address: /audio/running-in-production-37.mp3.",
    )
    bytes = models.PositiveBigIntegerField(null=True, blank=True)
    seconds = models.PositiveIntegerField(null=True, blank=True)
    type = models.CharField(max_length=50, default="audio/mpeg")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(file="") | ~Q(url=""),
                name="enclosure_is_somewhere",
                violation_error_message="Audio is a file or an address elsewhere.",
            ),
            models.CheckConstraint(
                condition=Q(seconds=None) | Q(seconds__lte=MAX_SECONDS), name="enclosure_seconds"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        return reverse("audio", args=[self.name])


class Sponsor(models.Model):
    """Who paid for this episode; stands in the promotions' place."""

    episode = models.OneToOneField(Episode, models.CASCADE, related_name="sponsor")
    name = models.CharField(max_length=100)
    url = models.URLField("address", max_length=500, blank=True)
    text = models.TextField(blank=True, help_text="Markdown.")
    text_html = models.TextField(blank=True, editable=False)

    def __str__(self) -> str:
        return self.name
