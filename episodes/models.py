"""An episode (or written interview) and what joins it to guests, technologies and the web."""

import uuid
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from guests.models import Guest
from media.storages import audio_key
from stack.models import Library, Technology
from text.names import SLUG_PATTERN, SLUG_RULE
from text.timecode import MAX_SECONDS

validate_slug = RegexValidator(SLUG_PATTERN, SLUG_RULE)
NEWEST_FIRST = ("-published_at", "-number", "-pk")


def new_guid() -> str:
    """A GUID of our own: never derived from an address, which may move."""
    return f"urn:uuid:{uuid.uuid4()}"


class EpisodeQuerySet(models.QuerySet["Episode"]):
    def published(self, now: datetime | None = None) -> "EpisodeQuerySet":
        """What visitors may see in lists, feeds, sitemaps and search: published and due."""
        return self.filter(
            status=Episode.Status.PUBLISHED, published_at__lte=now or timezone.now()
        )

    def viewable(self, now: datetime | None = None) -> "EpisodeQuerySet":
        """What has a page of its own: published ones and the notices of withdrawn ones."""
        now = now or timezone.now()
        return self.filter(
            Q(status=Episode.Status.PUBLISHED) | Q(status=Episode.Status.WITHDRAWN),
            published_at__lte=now,
        )

    def scheduled(self, now: datetime | None = None) -> "EpisodeQuerySet":
        return self.filter(
            status=Episode.Status.PUBLISHED, published_at__gt=now or timezone.now()
        )

    def podcast(self) -> "EpisodeQuerySet":
        return self.filter(kind=Episode.Kind.PODCAST)

    def interviews(self) -> "EpisodeQuerySet":
        return self.filter(kind=Episode.Kind.INTERVIEW)

    def newest_first(self) -> "EpisodeQuerySet":
        return self.order_by(*NEWEST_FIRST)

    def with_guests(self) -> "EpisodeQuerySet":
        """With their guests, in order. Two queries."""
        guests = Appearance.objects.select_related("guest")
        return self.prefetch_related(models.Prefetch("appearances", guests))

    def for_cards(self) -> "EpisodeQuerySet":
        """With what a list shows of each: length, guests, technologies. Three queries."""
        technologies = Use.objects.select_related("technology")
        return (
            self.with_guests()
            .select_related("enclosure")
            .prefetch_related(models.Prefetch("uses", technologies))
        )

    def for_page(self) -> "EpisodeQuerySet":
        """With all that an episode's own page shows. Six queries."""
        return (
            self.for_cards()
            .select_related("sponsor")
            .prefetch_related(
                "topics",
                "references",
                models.Prefetch("library_uses", LibraryUse.objects.select_related("library")),
            )
        )

    def main_first(self, technology: Technology) -> "EpisodeQuerySet":
        """Those that name this technology first, then the others; newest first in both."""
        first = Use.objects.filter(episode=models.OuterRef("pk")).order_by("position")
        is_main = Q(first_technology=technology.pk)
        return self.annotate(
            first_technology=models.Subquery(first.values("technology")[:1]),
            is_main=models.ExpressionWrapper(is_main, output_field=models.BooleanField()),
        ).order_by("-is_main", *NEWEST_FIRST)


class KeptEpisodes(models.Manager.from_queryset(EpisodeQuerySet)):  # type: ignore[misc]
    """All but those in the desk's bin."""

    def get_queryset(self) -> EpisodeQuerySet:
        return super().get_queryset().filter(deleted_at=None)


class Episode(models.Model):
    class Kind(models.TextChoices):
        PODCAST = "podcast", "Podcast episode"
        INTERVIEW = "interview", "Written interview"

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published (or scheduled, by its date)"
        WITHDRAWN = "withdrawn", "Withdrawn: the page shows your notice only"

    class Type(models.TextChoices):
        FULL = "full", "Full episode"
        TRAILER = "trailer", "Trailer"
        BONUS = "bonus", "Bonus"

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PODCAST)
    number = models.PositiveIntegerField(null=True, blank=True)
    season = models.PositiveSmallIntegerField(null=True, blank=True)
    type = models.CharField(max_length=10, choices=Type, default=Type.FULL)
    title = models.CharField(max_length=200)
    slug = models.CharField(
        max_length=150,
        validators=[validate_slug],
        help_text="Its address: /podcast/37-a-real-estate-system.",
    )
    summary = models.TextField(
        blank=True, help_text="Two lines for lists, search results and podcast apps."
    )
    introduction = models.TextField(
        blank=True, help_text="The notes' first paragraphs, or the whole interview, in Markdown."
    )
    introduction_html = models.TextField(blank=True, editable=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(
        null=True, blank=True, help_text="In the show's time zone. In the future: scheduled."
    )
    first_published_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    guid = models.CharField(
        "GUID",
        max_length=500,
        default=new_guid,
        help_text="How podcast apps know the episode. It never changes once published.",
    )
    language = models.CharField(max_length=20, blank=True, help_text="Empty: the show's.")
    explicit = models.BooleanField(null=True, blank=True, help_text="Unknown: as the show.")
    image = models.ImageField(upload_to="episodes/", blank=True)
    image_url = models.URLField(max_length=500, blank=True)
    notice = models.TextField(
        blank=True, help_text="What the page of a withdrawn episode says, in Markdown."
    )
    notice_html = models.TextField(blank=True, editable=False)
    correction = models.CharField(
        max_length=300, blank=True, help_text="What was put right after publication, for listeners."
    )
    updated_on = models.DateTimeField(
        null=True, blank=True, help_text="When the page last changed in a way readers should know."
    )
    draft_text = models.TextField(blank=True, editable=False)
    edit_number = models.PositiveIntegerField(default=0, editable=False)
    renderer = models.PositiveSmallIntegerField(default=0, editable=False)

    guests = models.ManyToManyField(Guest, through="Appearance", related_name="episodes")
    technologies = models.ManyToManyField(Technology, through="Use", related_name="episodes")
    libraries = models.ManyToManyField(Library, through="LibraryUse", related_name="episodes")

    objects = KeptEpisodes()
    with_deleted = models.Manager.from_queryset(EpisodeQuerySet)()

    class Meta:
        base_manager_name = "with_deleted"
        default_manager_name = "objects"
        ordering = NEWEST_FIRST
        indexes = [
            models.Index(
                fields=["-published_at", "-number", "-id"],
                name="episode_newest_first",
                condition=Q(status="published", deleted_at=None),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number"],
                condition=Q(deleted_at=None),
                name="episode_number",
                violation_error_message="Another episode has this number.",
            ),
            models.UniqueConstraint(
                fields=["kind", "slug"],
                condition=Q(deleted_at=None),
                name="episode_slug",
                violation_error_message="Another episode has this address.",
            ),
            models.UniqueConstraint(
                fields=["guid"],
                condition=Q(deleted_at=None),
                name="episode_guid",
                violation_error_message="Another episode has this GUID.",
            ),
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

    def is_scheduled(self, now: datetime | None = None) -> bool:
        return self.status == self.Status.PUBLISHED and not self.is_due(now)

    def is_due(self, now: datetime | None = None) -> bool:
        return self.published_at is not None and self.published_at <= (now or timezone.now())

    @property
    def is_withdrawn(self) -> bool:
        return self.status == self.Status.WITHDRAWN

    @property
    def seconds(self) -> int | None:
        """The audio's length, or None for interviews and audio of unknown length."""
        return self.enclosure.seconds if hasattr(self, "enclosure") else None


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


class Joined(models.Model):
    """A row of an episode's ordered list. Positions may be swapped within one transaction."""

    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position"]

    @staticmethod
    def in_order(name: str) -> models.UniqueConstraint:
        return models.UniqueConstraint(
            fields=["episode", "position"],
            name=name,
            deferrable=models.Deferrable.DEFERRED,
        )


class Appearance(Joined):
    """A guest in an episode, as they were then."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="appearances")
    guest = models.ForeignKey(Guest, models.PROTECT, related_name="appearances")
    role = models.CharField(
        max_length=50,
        default="guest",
        help_text="From the Podcasting 2.0 taxonomy: guest, co-host, guest host …",
    )
    title = models.CharField(
        max_length=150, blank=True, help_text="What they did then: CTO of Example."
    )

    class Meta(Joined.Meta):
        constraints = [
            models.UniqueConstraint(fields=["episode", "guest"], name="appearance_once"),
            Joined.in_order("appearance_position"),
        ]

    def __str__(self) -> str:
        return f"{self.guest} in {self.episode}"


class Use(Joined):
    """A technology an episode's guest runs. The first is what the app is built with."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="uses")
    technology = models.ForeignKey(Technology, models.PROTECT, related_name="uses")

    class Meta(Joined.Meta):
        verbose_name = "technology"
        verbose_name_plural = "technologies"
        constraints = [
            models.UniqueConstraint(fields=["episode", "technology"], name="use_once"),
            Joined.in_order("use_position"),
        ]

    def __str__(self) -> str:
        return f"{self.technology} in {self.episode}"


class LibraryUse(Joined):
    """A library an episode names, with the address and words its notes used."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="library_uses")
    library = models.ForeignKey(Library, models.PROTECT, related_name="uses")
    url = models.CharField("address", max_length=1000)
    label = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta(Joined.Meta):
        verbose_name = "library"
        verbose_name_plural = "libraries"
        constraints = [
            models.UniqueConstraint(fields=["episode", "library"], name="libraryuse_once"),
            Joined.in_order("libraryuse_position"),
        ]

    def __str__(self) -> str:
        return self.label or self.url


class Reference(Joined):
    """Something to read that came up in an episode."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="references")
    url = models.CharField("address", max_length=1000)
    label = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta(Joined.Meta):
        constraints = [Joined.in_order("reference_position")]

    def __str__(self) -> str:
        return self.label or self.url


class Mention(models.Model):
    """An episode whose notes link to another: the address, and its episode once that exists."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="mentions")
    path = models.CharField(max_length=300)
    target = models.ForeignKey(
        Episode, models.SET_NULL, null=True, blank=True, related_name="mentioned_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "path"], name="mention_once"),
            models.CheckConstraint(condition=~Q(episode=models.F("target")), name="mention_other"),
        ]

    def __str__(self) -> str:
        return f"{self.episode} → {self.path}"
