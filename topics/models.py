"""Topics and transcripts of episodes."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from episodes.models import Episode, in_order
from guests.models import Guest
from text.timecode import MAX_SECONDS, format_timecode


class Topic(models.Model):
    """What an episode talks about from this second on."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="topics")
    position = models.PositiveSmallIntegerField(default=0)
    seconds = models.PositiveIntegerField(validators=[MaxValueValidator(MAX_SECONDS)])
    text = models.TextField(
        help_text="Write one line. *Emphasis*, `code` and [links](https://example.org) work."
    )
    html = models.TextField(blank=True, editable=False)
    plain = models.TextField(blank=True, editable=False, help_text="The text without markup.")

    class Meta:
        ordering = ["seconds", "position"]
        constraints = [
            in_order("episode", "topic_position"),
            models.CheckConstraint(condition=Q(seconds__lte=MAX_SECONDS), name="topic_seconds"),
            models.CheckConstraint(condition=~Q(text=""), name="topic_has_text"),
        ]

    def __str__(self) -> str:
        return f"{self.time} {self.text}"

    @property
    def time(self) -> str:
        return format_timecode(self.seconds)

    def get_absolute_url(self) -> str:
        return f"{self.episode.get_absolute_url()}?t={self.seconds}"


class Transcript(models.Model):
    """One per episode. The cues are its text; this row says where they came from."""

    episode = models.OneToOneField(Episode, models.CASCADE, related_name="transcript")
    language = models.CharField(
        max_length=20, blank=True, help_text="If empty, the episode's language counts."
    )
    reviewed = models.BooleanField(default=False, help_text="A person has checked it.")
    source_format = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Transcript of {self.episode}"

    def get_absolute_url(self) -> str:
        return reverse("transcript", args=[self.episode.slug])


class Cue(models.Model):
    """A passage of a transcript, as WebVTT knows it. Times are milliseconds."""

    transcript = models.ForeignKey(Transcript, models.CASCADE, related_name="cues")
    position = models.PositiveIntegerField()
    start = models.PositiveIntegerField(help_text="Milliseconds.")
    end = models.PositiveIntegerField(help_text="Milliseconds.")
    text = models.TextField()
    speaker = models.CharField(max_length=120, blank=True, help_text="As the file names them.")
    guest = models.ForeignKey(Guest, models.SET_NULL, null=True, blank=True, related_name="cues")
    identifier = models.CharField(max_length=200, blank=True)
    settings = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=20, blank=True)
    reviewed = models.BooleanField(default=False)

    class Meta:
        ordering = ["start", "position"]
        constraints = [
            in_order("transcript", "cue_position"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="cue_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{format_timecode(self.start // 1000)} {self.text[:60]}"


class CueCorrection(models.Model):
    """A cue as the host has corrected it, until the next save makes that public.

    It names its cue by position, and outlives one that an import replaces.
    """

    transcript = models.ForeignKey(Transcript, models.CASCADE, related_name="corrections")
    position = models.PositiveIntegerField(help_text="The cue's.")
    was_text = models.TextField(help_text="The cue that was corrected.")
    was_speaker = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True, help_text="If empty, the cue goes.")
    speaker = models.CharField(max_length=120, blank=True)
    before_text = models.TextField(blank=True, help_text="Before the last step.")
    before_speaker = models.CharField(max_length=120, blank=True)
    step = models.PositiveIntegerField(
        default=0, help_text="The change of many cues that made it; 0: typed by itself."
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["transcript", "position"], name="correction_of_one_cue")
        ]

    def __str__(self) -> str:
        return f"{self.transcript}, {self.position}"


class TranscriptVersion(models.Model):
    """A transcript after one save, to which the episode's revisions point."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="transcript_versions")
    created_at = models.DateTimeField(auto_now_add=True)
    language = models.CharField(max_length=20, blank=True)
    reviewed = models.BooleanField(default=False)
    source_format = models.CharField(max_length=10, blank=True)
    cues = models.JSONField(help_text="In order: lists of values, see topics.versions.")

    def __str__(self) -> str:
        return f"Transcript of {self.episode}, {self.created_at}"
