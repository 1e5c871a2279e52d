"""Which episodes, in what order, with which relations: one definition for every reader."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Kind(models.TextChoices):
    PODCAST = "podcast", "Podcast episode"
    INTERVIEW = "interview", "Written interview"


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published (or scheduled, by its date)"
    WITHDRAWN = "withdrawn", "Withdrawn: the page shows your notice only"


class EpisodeType(models.TextChoices):
    FULL = "full", "Full episode"
    TRAILER = "trailer", "Trailer"
    BONUS = "bonus", "Bonus"


NEWEST_FIRST = ("-published_at", "-number", "-pk")
# The same as the methods below, for SQL of our own.
NOT_DELETED = "deleted_at IS NULL"
PUBLISHED = f"{NOT_DELETED} AND status = 'published' AND published_at <= %(now)s"
SCHEDULED = f"{NOT_DELETED} AND status = 'published' AND published_at > %(now)s"
VIEWABLE = f"{NOT_DELETED} AND status IN ('published', 'withdrawn') AND published_at <= %(now)s"


class EpisodeQuerySet(models.QuerySet[Any]):
    def published(self, now: datetime | None = None) -> "EpisodeQuerySet":
        """What visitors may see in lists, feeds, sitemaps and search: published and due."""
        return self.filter(status=Status.PUBLISHED, published_at__lte=now or timezone.now())

    def viewable(self, now: datetime | None = None) -> "EpisodeQuerySet":
        """What has a page of its own: published ones and the notices of withdrawn ones."""
        now = now or timezone.now()
        return self.filter(
            Q(status=Status.PUBLISHED) | Q(status=Status.WITHDRAWN),
            published_at__lte=now,
        )

    def scheduled(self, now: datetime | None = None) -> "EpisodeQuerySet":
        return self.filter(status=Status.PUBLISHED, published_at__gt=now or timezone.now())

    def gone(self) -> "EpisodeQuerySet":
        """What visitors once saw and lies in the bin now; of `with_deleted`."""
        return self.filter(deleted_at__isnull=False, first_published_at__lte=F("deleted_at"))

    def podcast(self) -> "EpisodeQuerySet":
        return self.filter(kind=Kind.PODCAST)

    def interviews(self) -> "EpisodeQuerySet":
        return self.filter(kind=Kind.INTERVIEW)

    def newest_first(self) -> "EpisodeQuerySet":
        return self.order_by(*NEWEST_FIRST)

    def with_guests(self) -> "EpisodeQuerySet":
        """With their guests, in order. Two queries."""
        return self.prefetch_related("appearances")

    def for_cards(self) -> "EpisodeQuerySet":
        """With what a list shows of each: length, guests, technologies. Three queries."""
        return self.select_related("enclosure").prefetch_related("appearances", "uses")


class ActiveEpisodeManager(models.Manager.from_queryset(EpisodeQuerySet)):  # type: ignore[misc]
    """Leaves out deleted episodes, which lie in the desk's bin."""

    def get_queryset(self) -> EpisodeQuerySet:
        return super().get_queryset().filter(deleted_at=None)
