"""Which episodes are public, due, in the bin or newest, and what lists fetch with them."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils import timezone

from episodes.rules import paths


class Kind(models.TextChoices):
    PODCAST = paths.PODCAST, "Podcast episode"
    INTERVIEW = paths.INTERVIEW, "Written interview"


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published (or scheduled, by its date)"
    WITHDRAWN = "withdrawn", "Withdrawn: the page shows your notice only"


NEWEST_FIRST = ("-published_at", "-number", "-pk")


class EpisodeQuerySet(models.QuerySet[Any]):
    def published(self, now: datetime | None = None) -> "EpisodeQuerySet":
        """Episodes in lists, feeds, sitemaps and search: published and due."""
        return self.filter(status=Status.PUBLISHED, published_at__lte=now or timezone.now())

    def viewable(self, now: datetime | None = None) -> "EpisodeQuerySet":
        """Episodes with a page: published ones, and withdrawn ones with their notice."""
        shown = Q(status=Status.PUBLISHED) | Q(status=Status.WITHDRAWN)
        return self.filter(shown, published_at__lte=now or timezone.now())

    def scheduled(self, now: datetime | None = None) -> "EpisodeQuerySet":
        return self.filter(status=Status.PUBLISHED, published_at__gt=now or timezone.now())

    def gone(self) -> "EpisodeQuerySet":
        """Episodes that visitors once saw and that are in the bin now; for `with_deleted`."""
        return self.filter(deleted_at__isnull=False, first_published_at__lte=F("deleted_at"))

    def podcast(self) -> "EpisodeQuerySet":
        return self.filter(kind=Kind.PODCAST)

    def interviews(self) -> "EpisodeQuerySet":
        return self.filter(kind=Kind.INTERVIEW)

    def newest_first(self) -> "EpisodeQuerySet":
        return self.order_by(*NEWEST_FIRST)

    def with_guests(self) -> "EpisodeQuerySet":
        """Fetch their guests, too, in order. Two queries."""
        return self.prefetch_related("appearances")

    def for_cards(self) -> "EpisodeQuerySet":
        """Fetch what a list shows and plays, too: guests, technologies, audio. Three queries."""
        fetched = self.select_related("enclosure", "transcript").with_topic_starts()
        return fetched.prefetch_related("appearances", "uses")

    def with_topic_starts(self) -> "EpisodeQuerySet":
        """`topic_starts`: the seconds at which their topics begin, for the strip. No query."""
        topics = self.model._base_manager.filter(pk=OuterRef("pk"), topics__isnull=False)
        seconds = topics.order_by("topics__seconds").values("topics__seconds").distinct()
        return self.annotate(topic_starts=ArraySubquery(seconds))


class ActiveEpisodeManager(models.Manager.from_queryset(EpisodeQuerySet)):  # type: ignore[misc]
    """Leaves out deleted episodes, which lie in the desk's bin."""

    def get_queryset(self) -> EpisodeQuerySet:
        return super().get_queryset().filter(deleted_at=None)
