"""Joins of an episode with guests, technologies, libraries and links, in the notes' order.

Managers select the joined row, too, since nobody needs one without the other.
"""

from django.db import models
from django.db.models import Q

from episodes.models.episode import Episode
from guests.models import Guest
from stack.models import Library, Technology


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


class WithGuest(models.Manager["Appearance"]):
    def get_queryset(self) -> models.QuerySet["Appearance"]:
        return super().get_queryset().select_related("guest")


class Appearance(Joined):
    """A guest in an episode, with their role and title at that time."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="appearances")
    guest = models.ForeignKey(Guest, models.PROTECT, related_name="appearances")
    role = models.CharField(
        max_length=50,
        default="guest",
        help_text="Podcast apps show it: guest, co-host, guest host …",
    )
    title = models.CharField(
        max_length=150, blank=True, help_text="What they did then: CTO of Example."
    )

    objects = WithGuest()

    class Meta(Joined.Meta):
        constraints = [
            models.UniqueConstraint(fields=["episode", "guest"], name="appearance_once"),
            Joined.in_order("appearance_position"),
        ]

    def __str__(self) -> str:
        return f"{self.guest} in {self.episode}"


class WithTechnology(models.Manager["Use"]):
    def get_queryset(self) -> models.QuerySet["Use"]:
        return super().get_queryset().select_related("technology")


class Use(Joined):
    """A technology that an episode's guest runs. The first is the app's framework."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="uses")
    technology = models.ForeignKey(Technology, models.PROTECT, related_name="uses")

    objects = WithTechnology()

    class Meta(Joined.Meta):
        verbose_name = "technology"
        verbose_name_plural = "technologies"
        constraints = [
            models.UniqueConstraint(fields=["episode", "technology"], name="use_once"),
            Joined.in_order("use_position"),
        ]

    def __str__(self) -> str:
        return f"{self.technology} in {self.episode}"


class WithLibrary(models.Manager["LibraryUse"]):
    def get_queryset(self) -> models.QuerySet["LibraryUse"]:
        return super().get_queryset().select_related("library")


class LibraryUse(Joined):
    """A library in an episode, with the address and words of its notes."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="library_uses")
    library = models.ForeignKey(Library, models.PROTECT, related_name="uses")
    url = models.CharField(
        "address", max_length=1000, help_text="As the notes have it. Empty: the library's own."
    )
    label = models.CharField(
        max_length=300, blank=True, help_text="The words of the link. Empty: the address."
    )
    note = models.CharField(max_length=300, blank=True, help_text="In brackets after the link.")

    objects = WithLibrary()

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
    """A link that came up in an episode."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="references")
    url = models.CharField(
        "address", max_length=1000, help_text="A web address: https://example.org/page."
    )
    label = models.CharField(
        max_length=300, blank=True, help_text="The words of the link. Empty: the address."
    )
    note = models.CharField(max_length=300, blank=True, help_text="In brackets after the link.")

    class Meta(Joined.Meta):
        constraints = [Joined.in_order("reference_position")]

    def __str__(self) -> str:
        return self.label or self.url


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
