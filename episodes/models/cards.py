"""The pictures of shared links that are drawn and stored."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from episodes.models.episode import Episode
from episodes.models.joins import Use
from stack.models import Technology


class SocialCardQuerySet(models.QuerySet["SocialCard"]):
    def public(self) -> "SocialCardQuerySet":
        """Those of what visitors may see."""
        published = Episode.objects.published()
        uses = Use.objects.filter(technology=OuterRef("technology"), episode__in=published)
        return self.filter(Q(episode__in=published) | Exists(uses))


class SocialCard(models.Model):
    """A stored card of an episode or technology, also with words it no longer has.

    A trigger on these rows has the file of one that is deleted removed from the storage.
    """

    key = models.CharField(max_length=60, unique=True)
    episode = models.ForeignKey(Episode, models.CASCADE, null=True, related_name="cards")
    technology = models.ForeignKey(Technology, models.CASCADE, null=True, related_name="cards")
    file = models.CharField(max_length=255)

    objects = SocialCardQuerySet.as_manager()

    class Meta:
        db_table = "episodes_drawncard"
        constraints = [
            models.CheckConstraint(
                condition=Q(episode=None, technology__isnull=False)
                | Q(episode__isnull=False, technology=None),
                name="drawncard_of_one",
            )
        ]

    def __str__(self) -> str:
        return self.key
