"""What an episode has in the storage: its audio, the social cards, and files to be removed."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from episodes.models.episode import Episode
from episodes.models.joins import Use
from media.storages import audio_key
from stack.models import Technology
from text.timecode import MAX_SECONDS


class Enclosure(models.Model):
    """An episode's audio: a file of ours or an address elsewhere, as the feed states it."""

    episode = models.OneToOneField(Episode, models.CASCADE, related_name="enclosure")
    file = models.FileField(
        upload_to=audio_key,
        max_length=255,
        blank=True,
        help_text="You can replace the recording later; its address stays the same.",
    )
    url = models.URLField(
        "outside address",
        max_length=1000,
        blank=True,
        help_text="Enter the recording's URL on another site if you don't upload a file.",
    )
    imported_url = models.CharField(
        max_length=1000,
        blank=True,
        editable=False,
        help_text="Apps already know this URL, so the feed states it verbatim.",
    )
    name = models.CharField(
        "file name",
        max_length=150,
        unique=True,
        validators=[RegexValidator(r"^[A-Za-z0-9][-A-Za-z0-9_.]*$", "ASCII letters and digits.")],
        help_text=(
            "The recording's address ends with this: /audio/running-in-production-37.mp3. Don't "
            "change it after publication: apps know the recording by it."
        ),
    )
    bytes = models.PositiveBigIntegerField(
        null=True,
        blank=True,
        help_text=(
            "Enter the size in bytes, which apps require. It is read from an uploaded file."
        ),
    )
    seconds = models.PositiveIntegerField(null=True, blank=True)
    type = models.CharField(
        max_length=50, default="audio/mpeg", help_text="audio/mpeg is MP3, audio/mp4 is M4A."
    )
    chapters_due = models.BooleanField(
        default=False,
        editable=False,
        help_text="Uploaded here; chapters are written into the file on first publication.",
    )
    chapters_written = models.CharField(
        max_length=64,
        blank=True,
        db_default="",
        editable=False,
        help_text="A digest of the chapters that this site wrote into the file.",
    )

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


class DiscardedFile(models.Model):
    """A stored recording or social card that no row names any more, until `tick` removes it.

    Triggers write these rows; a pending upload has one from the start.
    """

    name = models.CharField(max_length=255)
    keep_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class SocialCardQuerySet(models.QuerySet["SocialCard"]):
    def public(self) -> "SocialCardQuerySet":
        """The cards of rows that visitors may see, and of lists."""
        published = Episode.objects.published()
        uses = Use.objects.filter(technology=OuterRef("technology"), episode__in=published)
        of_lists = Q(episode=None, technology=None)
        return self.filter(of_lists | Q(episode__in=published) | Exists(uses))


class SocialCard(models.Model):
    """A stored card, also with former words. A trigger discards the file of a deleted row.

    The cards of lists and questions have neither an episode nor a technology.
    """

    key = models.CharField(max_length=60, unique=True)
    episode = models.ForeignKey(Episode, models.CASCADE, null=True, related_name="cards")
    technology = models.ForeignKey(Technology, models.CASCADE, null=True, related_name="cards")
    file = models.CharField(max_length=255)

    objects = SocialCardQuerySet.as_manager()

    class Meta:
        # Tables keep their version 1 name: the former code answers on them.
        db_table = "episodes_drawncard"
        constraints = [
            models.CheckConstraint(
                condition=Q(episode=None) | Q(technology=None),
                name="drawncard_of_one_at_most",
            )
        ]

    def __str__(self) -> str:
        return self.key
