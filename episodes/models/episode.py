"""Episodes and written interviews."""

import uuid
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from episodes.models.queries import (
    NEWEST_FIRST,
    ActiveEpisodeManager,
    EpisodeQuerySet,
    Kind,
    Status,
)
from guests.models import Guest
from media.pictured import Pictured
from media.renditions import COVER, IN_TEXT, Shape
from media.storages import episode_image_key, stored_picture
from stack.models import Library, Technology
from text.markup import MARKDOWN, images_in
from text.names import LANGUAGE_LENGTH, LANGUAGE_PATTERN, LANGUAGE_RULE, SLUG_PATTERN, SLUG_RULE

validate_slug = RegexValidator(SLUG_PATTERN, SLUG_RULE)


class EpisodeType(models.TextChoices):
    FULL = "full", "Full episode"
    TRAILER = "trailer", "Trailer"
    BONUS = "bonus", "Bonus"


def unique(name: str, *fields: str, message: str) -> models.UniqueConstraint:
    """A constraint: no two episodes outside the bin share these values."""
    return models.UniqueConstraint(
        fields=fields, condition=Q(deleted_at=None), name=name, violation_error_message=message
    )


def new_guid() -> str:
    """A GUID of our own: never derived from an address, which may move."""
    return f"urn:uuid:{uuid.uuid4()}"


class Episode(Pictured):
    picture_field = "image"
    shape = COVER

    Kind, Status, Type = Kind, Status, EpisodeType
    topic_starts: Sequence[int] = ()  # seconds, in order, if fetched for cards

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PODCAST)
    number = models.PositiveIntegerField(
        null=True, blank=True, help_text="You can't publish without it."
    )
    season = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Leave it empty if the show has no seasons."
    )
    type = models.CharField(
        max_length=10,
        choices=EpisodeType,
        default=EpisodeType.FULL,
        help_text="Apps list trailers and bonus episodes separately.",
    )
    title = models.CharField(max_length=200, help_text="Leave out the number: apps add it.")
    slug = models.CharField(
        "address",
        max_length=150,
        validators=[validate_slug],
        help_text=(
            "The page's address ends with this: /podcast/37-a-real-estate-system. If empty, it is "
            "made from number and title."
        ),
    )
    summary = models.TextField(
        blank=True, help_text="Write two lines: lists, search results and podcast apps show them."
    )
    introduction = models.TextField(
        blank=True,
        help_text=f"Write the first paragraphs of the notes, or the whole interview. {MARKDOWN}",
    )
    introduction_html = models.TextField(blank=True, editable=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="A future date schedules the episode. An empty time means midnight.",
    )
    first_published_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    guid = models.CharField(
        "GUID",
        max_length=500,
        default=new_guid,
        help_text=(
            "It identifies the episode in podcast apps, so it can't change after publication."
        ),
    )
    language = models.CharField(
        max_length=LANGUAGE_LENGTH,
        blank=True,
        validators=[RegexValidator(LANGUAGE_PATTERN, LANGUAGE_RULE)],
        help_text="Enter a language code such as en or de. If empty, the show's language counts.",
    )
    explicit = models.BooleanField(
        null=True, blank=True, help_text="“Unknown” uses the show's value."
    )
    image = models.ImageField(
        upload_to=episode_image_key,
        blank=True,
        help_text=(
            "Upload a square image, 1400 to 3000 pixels wide. Without one, apps show the show's "
            "artwork."
        ),
    )
    image_url = models.URLField(
        "image's address",
        max_length=500,
        blank=True,
        help_text="Enter the image's URL if you don't upload a file.",
    )
    notice = models.TextField(
        blank=True, help_text=f"The page shows this while the episode is withdrawn. {MARKDOWN}"
    )
    notice_html = models.TextField(blank=True, editable=False)
    correction = models.CharField(
        max_length=300, blank=True, help_text="Tell listeners what you corrected after publication."
    )
    updated_on = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Enter when the page last changed in a way that matters to readers.",
    )
    draft_text = models.TextField(blank=True, editable=False)
    draft_edit = models.PositiveIntegerField(
        null=True, editable=False, help_text="The edit from which draft_text was made."
    )
    draft_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    draft_saved_at = models.DateTimeField(null=True, editable=False)
    edit_number = models.PositiveIntegerField(default=0, editable=False)
    renderer = models.PositiveSmallIntegerField(default=0, editable=False)

    guests = models.ManyToManyField(Guest, through="Appearance", related_name="episodes")
    technologies = models.ManyToManyField(Technology, through="Use", related_name="episodes")
    libraries = models.ManyToManyField(Library, through="LibraryUse", related_name="episodes")

    objects = ActiveEpisodeManager()
    with_deleted = models.Manager.from_queryset(EpisodeQuerySet)()

    class Meta:
        base_manager_name = "with_deleted"
        default_manager_name = "objects"
        ordering = NEWEST_FIRST
        # accounts.roles says what it allows.
        permissions = [("publish_episode", "Can publish episode")]
        indexes = [
            models.Index(
                fields=["-published_at", "-number", "-id"],
                name="episode_newest_first",
                condition=Q(status="published", deleted_at=None),
            )
        ]
        constraints = [
            unique("episode_number", "kind", "number", message="Another episode has this number."),
            unique("episode_slug", "kind", "slug", message="Another episode has this address."),
            unique("episode_guid", "guid", message="Another episode has this GUID."),
            models.CheckConstraint(
                condition=Q(slug__regex=SLUG_PATTERN),
                name="episode_slug_shape",
                violation_error_message=SLUG_RULE,
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(published_at__isnull=False),
                name="episode_published_has_date",
                violation_error_message="A published episode needs a date.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published", "withdrawn"]), name="episode_status"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["podcast", "interview"]), name="episode_kind"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="episode_has_title"),
            models.CheckConstraint(condition=~Q(guid=""), name="episode_has_guid"),
        ]

    @classmethod
    def with_pictures(cls) -> "models.QuerySet[Episode]":
        in_text = Q(kind=Kind.INTERVIEW, introduction_html__contains="<img")
        return cls.with_deleted.filter(~Q(image="") | in_text)

    def stored_pictures(self) -> dict[str, Shape]:
        named = filter(None, map(stored_picture, images_in(self.introduction_html)))
        return super().stored_pictures() | dict.fromkeys(named, IN_TEXT)

    def __str__(self) -> str:
        return f"{self.number}: {self.title}" if self.number is not None else self.title

    def clean(self) -> None:
        errors = {}
        if self.status != self.Status.DRAFT and self.published_at is None:
            errors["published_at"] = "A published or withdrawn episode needs a date."
        if self.status != self.Status.DRAFT and self.number is None:
            errors["number"] = "Give the episode its number before it is published."
        if errors:
            raise ValidationError(errors)

    def get_absolute_url(self) -> str:
        return reverse("interview" if self.is_interview else "episode", args=[self.slug])

    @property
    def is_interview(self) -> bool:
        return self.kind == self.Kind.INTERVIEW

    @property
    def is_due(self) -> bool:
        return self.published_at is not None and self.published_at <= timezone.now()

    @property
    def has_past_date(self) -> bool:
        """Whether it is a draft whose date has come, so that scheduling it would publish it."""
        return self.status == self.Status.DRAFT and self.is_due

    @property
    def is_published(self) -> bool:
        """Whether it is published and due, like `EpisodeQuerySet.published()`."""
        return self.status == self.Status.PUBLISHED and self.is_due

    @property
    def is_scheduled(self) -> bool:
        return self.status == self.Status.PUBLISHED and not self.is_due

    @property
    def is_viewable(self) -> bool:
        """Whether visitors can open its page, which shows only a notice if it is withdrawn."""
        return self.status != self.Status.DRAFT and self.is_due

    @property
    def was_ever_public(self) -> bool:
        """Whether visitors have ever seen it, even if it is withdrawn now."""
        return self.first_published_at is not None and self.first_published_at <= timezone.now()

    @property
    def is_withdrawn(self) -> bool:
        return self.status == self.Status.WITHDRAWN

    @property
    def seconds(self) -> int | None:
        """The audio's length, or None for interviews and audio of unknown length."""
        return self.enclosure.seconds if hasattr(self, "enclosure") else None
