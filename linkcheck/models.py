"""The addresses the show links to, and the result of each one's last check."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

# A link is dead after failures on so many days, or so many answers 404 or 410 in a row.
FAILED_DAYS = 3
GONE_TIMES = 2
RECHECK_AFTER = timedelta(days=14)
RECHECK_FAILING_AFTER = timedelta(hours=20)  # so that each check is on another day


DEAD = (Q(failed_days__gte=FAILED_DAYS) | Q(gone__gte=GONE_TIMES)) & Q(dismissed=False)
FAILING = Q(failing_since__isnull=False)  # in the last check, whether they are dead or not
ASKED_FOR = Q(asked_at__isnull=False)  # the host wants to know now
WITH_HTTPS = Q(https_works=True)  # http URLs that work with https, too


class LinkQuerySet(models.QuerySet["Link"]):
    def dead(self) -> "LinkQuerySet":
        """Links that keep failing: one that failed once may work again tomorrow."""
        return self.filter(DEAD)

    def due(self, now: datetime | None = None) -> "LinkQuerySet":
        """Links to check now: what the host asked for, new ones, those that waited longest."""
        now = now or timezone.now()
        return self.filter(
            ASKED_FOR
            | Q(checked_at=None)
            | Q(checked_at__lt=now - RECHECK_AFTER)
            | Q(failing_since__isnull=False, checked_at__lt=now - RECHECK_FAILING_AFTER)
        ).order_by(
            models.F("asked_at").asc(nulls_last=True),
            models.F("checked_at").asc(nulls_first=True),
            "pk",
        )

    def next_due(self) -> datetime | None:
        """When the next link is due that was checked before; None if none was."""
        failing = self.filter(FAILING).aggregate(at=models.Min("checked_at"))["at"]
        others = self.exclude(FAILING).aggregate(at=models.Min("checked_at"))["at"]
        times = ((failing, RECHECK_FAILING_AFTER), (others, RECHECK_AFTER))
        return min((at + after for at, after in times if at), default=None)


class Link(models.Model):
    """An address, without its fragment, that the show links to."""

    url = models.CharField("address", max_length=1000, unique=True)
    status = models.PositiveSmallIntegerField(
        null=True, help_text="HTTP status, if there was a response."
    )
    reason = models.CharField(max_length=300, blank=True, help_text="Why it can't be opened.")
    checked_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failed_days = models.PositiveSmallIntegerField(default=0)
    gone = models.PositiveSmallIntegerField(
        default=0, help_text="Consecutive 404 or 410 responses."
    )
    https_works = models.BooleanField(default=False)
    dismissed = models.BooleanField(
        default=False,
        db_default=False,
        help_text="The host has looked: not dead until it has worked and fails again.",
    )
    places = models.JSONField(
        default=list, help_text="Where it is linked; see linkcheck.addresses."
    )

    objects = LinkQuerySet.as_manager()

    class Meta:
        # Tables keep their version 1 name: the former code answers on them.
        db_table = "desk_link"
        ordering = ["url"]

    def __str__(self) -> str:
        return self.url

    @property
    def is_dead(self) -> bool:
        """Whether it is dead, like `LinkQuerySet.dead`."""
        has_failed = self.failed_days >= FAILED_DAYS or self.gone >= GONE_TIMES
        return has_failed and not self.dismissed


class LinkSurvey(models.Model):
    """One row: when the table of links was last updated."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "desk_linksurvey"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="linksurvey_is_one_row")]

    def __str__(self) -> str:
        return f"Links as of {self.made_at}"
