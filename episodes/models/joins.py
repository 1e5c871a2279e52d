"""What an episode's notes name: guests, technologies, libraries and links in order, a sponsor."""

from typing import ClassVar, TypeVar

from django.db import models
from django.db.models import Q

from episodes.models.episode import Episode
from guests.models import Guest
from stack.models import Library, Technology
from text.markup import MARKDOWN

Row = TypeVar("Row", bound="Joined")


def in_order(owner: str, name: str) -> models.UniqueConstraint:
    """The constraint of a list's positions, which may be swapped within one transaction."""
    deferred = models.Deferrable.DEFERRED
    return models.UniqueConstraint(fields=[owner, "position"], name=name, deferrable=deferred)


class JoinManager(models.Manager[Row]):
    """Selects the joined row, too, since nobody needs one without the other."""

    def get_queryset(self) -> models.QuerySet[Row]:
        return super().get_queryset().select_related(self.model.joined)


class Joined(models.Model):
    """A row of an episode's ordered list."""

    joined: ClassVar[str]  # the foreign key to what it joins
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position"]


class Linked(Joined):
    """A row with a link: its address and words."""

    url = models.CharField(
        "address", max_length=1000, help_text="Enter a web address: https://example.org/page."
    )
    label = models.CharField(
        max_length=300,
        blank=True,
        help_text="Enter the words of the link. If empty, the link shows its address.",
    )
    note = models.CharField(
        max_length=300, blank=True, help_text="The note follows the link in brackets."
    )

    class Meta(Joined.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.label or self.url


class Appearance(Joined):
    """A guest in an episode, with their role and title at that time."""

    joined = "guest"
    episode = models.ForeignKey(Episode, models.CASCADE, related_name="appearances")
    guest = models.ForeignKey(Guest, models.PROTECT, related_name="appearances")
    role = models.CharField(
        max_length=50,
        default="guest",
        help_text="Podcast apps show it: guest, co-host, guest host …",
    )
    title = models.CharField(
        max_length=150, blank=True, help_text="Enter their job at the time: CTO of Example."
    )

    objects = JoinManager["Appearance"]()

    class Meta(Joined.Meta):
        constraints = [
            models.UniqueConstraint(fields=["episode", "guest"], name="appearance_once"),
            in_order("episode", "appearance_position"),
        ]

    def __str__(self) -> str:
        return f"{self.guest} in {self.episode}"


class Use(Joined):
    """A technology that an episode's guest runs. The first is the app's framework."""

    joined = "technology"
    episode = models.ForeignKey(Episode, models.CASCADE, related_name="uses")
    technology = models.ForeignKey(Technology, models.PROTECT, related_name="uses")

    objects = JoinManager["Use"]()

    class Meta(Joined.Meta):
        verbose_name = "technology"
        verbose_name_plural = "technologies"
        constraints = [
            models.UniqueConstraint(fields=["episode", "technology"], name="use_once"),
            in_order("episode", "use_position"),
        ]

    def __str__(self) -> str:
        return f"{self.technology} in {self.episode}"


class LibraryUse(Linked):
    """A library in an episode, with the address and words of its notes."""

    joined = "library"
    episode = models.ForeignKey(Episode, models.CASCADE, related_name="library_uses")
    library = models.ForeignKey(Library, models.PROTECT, related_name="uses")
    url = models.CharField(
        "address",
        max_length=1000,
        help_text="Enter the address as in the notes. If empty, the library's own counts.",
    )

    objects = JoinManager["LibraryUse"]()

    class Meta(Linked.Meta):
        verbose_name = "library"
        verbose_name_plural = "libraries"
        constraints = [
            models.UniqueConstraint(fields=["episode", "library"], name="libraryuse_once"),
            in_order("episode", "libraryuse_position"),
        ]


class Reference(Linked):
    """A link that came up in an episode."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="references")

    class Meta(Linked.Meta):
        constraints = [in_order("episode", "reference_position")]


class Mention(models.Model):
    """A link from an episode's notes to another episode: its path, and its row once it exists."""

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


class Sponsor(models.Model):
    """Who paid for this episode. Pages show the sponsor instead of promotions."""

    episode = models.OneToOneField(Episode, models.CASCADE, related_name="sponsor")
    name = models.CharField(
        max_length=100, help_text="The page shows it below the episode: Sponsored by …"
    )
    url = models.URLField(
        "address", max_length=500, blank=True, help_text="Their name links to this address."
    )
    text = models.TextField(blank=True, help_text=f"Describe what they offer. {MARKDOWN}")
    text_html = models.TextField(blank=True, editable=False)

    def __str__(self) -> str:
        return self.name
