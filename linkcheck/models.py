"""How the addresses that the show links to answered when they were last asked."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

# Dead is what failed on so many days, or said so often that it isn't there.
FAILED_DAYS = 3
GONE_TIMES = 2
AGAIN_AFTER = timedelta(days=14)
FAILED_AGAIN_AFTER = timedelta(hours=20)  # each check of a failing link is another day's


class LinkQuerySet(models.QuerySet["Link"]):
    def dead(self) -> "LinkQuerySet":
        """Those whose failure lasts. One that failed once may only have had a bad day."""
        return self.filter(Q(failed_days__gte=FAILED_DAYS) | Q(gone__gte=GONE_TIMES))

    def failing(self) -> "LinkQuerySet":
        """Those that failed when last asked, dead or not yet."""
        return self.filter(failing_since__isnull=False)

    def due(self, now: datetime | None = None) -> "LinkQuerySet":
        """Those to ask now: never asked ones first, then whoever waited longest."""
        now = now or timezone.now()
        return self.filter(
            Q(checked_at=None)
            | Q(checked_at__lt=now - AGAIN_AFTER)
            | Q(failing_since__isnull=False, checked_at__lt=now - FAILED_AGAIN_AFTER)
        ).order_by(models.F("checked_at").asc(nulls_first=True), "pk")

    def mendable(self) -> "LinkQuerySet":
        """http addresses whose https works."""
        return self.filter(https_works=True)


class Link(models.Model):
    """An address, without its fragment, that something of the show's links to."""

    url = models.CharField("address", max_length=1000, unique=True)
    status = models.PositiveSmallIntegerField(null=True, help_text="HTTP's, where it answered.")
    reason = models.CharField(max_length=300, blank=True, help_text="Why it can't be opened.")
    checked_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failed_days = models.PositiveSmallIntegerField(default=0)
    gone = models.PositiveSmallIntegerField(default=0, help_text="404 or 410 so often in a row.")
    https_works = models.BooleanField(default=False)
    places = models.JSONField(default=list, help_text="Where it stands; see linkcheck.addresses.")

    objects = LinkQuerySet.as_manager()

    class Meta:
        app_label = "desk"
        ordering = ["url"]

    def __str__(self) -> str:
        return self.url

    @property
    def is_dead(self) -> bool:
        """As `dead()` says it of rows."""
        return self.failed_days >= FAILED_DAYS or self.gone >= GONE_TIMES


class LinkSurvey(models.Model):
    """One row: when the addresses were last gathered."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    made_at = models.DateTimeField()

    class Meta:
        app_label = "desk"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="linksurvey_is_one_row")]

    def __str__(self) -> str:
        return f"Links as of {self.made_at}"
