"""What only the desk stores: preview links, what guests send, texts to send out, deleted rows."""

import secrets

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils import timezone

from desk.placeholders import unknown_placeholders
from episodes.models import Episode
from guests.models import Guest
from text.timecode import format_timecode


def new_token() -> str:
    """192 random bits: too many to guess, so attempts need no limit."""
    return secrets.token_urlsafe(24)


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    def accepting(self) -> "PreviewLinkQuerySet":
        """Links through which a guest may send something now."""
        return self.filter(
            guest=F("episode__appearances__guest"),
            episode__deleted_at=None,
            expires_at__gt=timezone.now(),
        )

    def with_news(self) -> "PreviewLinkQuerySet":
        """Links through which something came that waits for the host."""
        waits = GuestSubmission.objects.filter(
            link=OuterRef("pk"), state=GuestSubmission.State.WAITING
        )
        comments = GuestComment.objects.filter(link=OuterRef("pk"), done_at=None)
        return self.filter(Exists(waits) | Exists(comments), episode__deleted_at=None)


class PreviewLink(models.Model):
    """Shows a draft to anyone with the link, until it expires. Revoking it sets that to now.

    A guest's own link shows a page through which they send their photo, links and comments.
    """

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="preview_links")
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    recipient = models.CharField(
        "for whom",
        max_length=100,
        blank=True,
        help_text="Only the desk shows this: Phil, the editor.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    guest = models.ForeignKey(
        Guest, models.CASCADE, null=True, blank=True, editable=False, related_name="preview_links"
    )
    # How often the guest has sent something since a time (desk.submissions.limits).
    sends = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    sends_since = models.DateTimeField(null=True, editable=False)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"Preview of {self.episode}"

    def get_absolute_url(self) -> str:
        return reverse("preview", args=[self.token])

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()


class GuestSubmission(models.Model):
    """What a guest would like to have in a field. Nothing changes until the host takes it over."""

    class State(models.TextChoices):
        WAITING = "waiting"
        TAKEN = "taken over"
        LEFT = "left"

    link = models.ForeignKey(PreviewLink, models.CASCADE, related_name="submissions")
    field = models.CharField(max_length=20)  # of desk.submissions.fields
    value = models.CharField(max_length=500, blank=True)  # of a photo, the stored file's name
    before = models.CharField(max_length=500, blank=True)  # what the field held when it was sent
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.WAITING, db_default=State.WAITING
    )
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["link", "field"], name="submission_once")]

    def __str__(self) -> str:
        return f"{self.field}: {self.value}"


class GuestComment(models.Model):
    """What a guest says about a draft, at a time or about the whole."""

    link = models.ForeignKey(PreviewLink, models.CASCADE, related_name="comments")
    seconds = models.PositiveIntegerField(null=True)
    text = models.TextField()
    sent_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = [F("seconds").asc(nulls_first=True), "pk"]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def time(self) -> str:
        return "" if self.seconds is None else format_timecode(self.seconds)


class Outlet(models.TextChoices):
    """Where a text is sent to."""

    MASTODON = "mastodon", "Mastodon"
    BLUESKY = "bluesky", "Bluesky"
    X = "x", "X"
    LINKEDIN = "linkedin", "LinkedIn"
    NEWSLETTER = "newsletter", "Newsletter, as plain text and HTML"
    OTHER = "other", "Chat, mail or anywhere else"


class TextTemplate(models.Model):
    """A text the host sends out for each episode, with placeholders for what differs."""

    name = models.CharField(
        max_length=60, unique=True, help_text="Say what the text is for: newsletter."
    )
    outlet = models.CharField(
        "sent to",
        max_length=20,
        choices=Outlet,
        default=Outlet.OTHER,
        db_default=Outlet.OTHER,
        help_text="It decides how long the text may be, and how it names the guests with {handle}.",
    )
    text = models.TextField(
        max_length=10_000,
        help_text="Placeholders are replaced for each episode. Lines whose placeholders are all "
        "empty are left out.",
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="Lower numbers come first.")
    shipped = models.CharField(
        max_length=20,
        blank=True,
        db_default="",
        editable=False,
        help_text="The key of the shipped text that it began as.",
    )

    class Meta:
        verbose_name = "text to send out"
        verbose_name_plural = "texts to send out"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if errors := unknown_placeholders(self.text):
            raise ValidationError({"text": errors})


class Deletion(models.Model):
    """Rows that somebody deleted at once, as they were (desk.restorable)."""

    model = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    rows = models.TextField("deleted rows")
    # Columns of other rows that pointed to these: model, column, key, and the rows' keys.
    emptied = models.JSONField(default=list)
    deleted_at = models.DateTimeField(auto_now_add=True)
    deleted_by = models.CharField(max_length=150)

    class Meta:
        default_permissions = ()
        ordering = ["-deleted_at", "-pk"]

    def __str__(self) -> str:
        return self.name
