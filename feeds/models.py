"""WebSub notifications."""

from django.db import models
from django.utils import timezone


class HubNotification(models.Model):
    """The state of a feed that its hub accepted last, and failed attempts to notify it since."""

    path = models.CharField(max_length=100, unique=True)
    state = models.TextField(blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True, help_text="Why the last try failed.")

    class Meta:
        # Tables keep their version 1 name: the former code answers on them.
        db_table = "feeds_told"

    def __str__(self) -> str:
        return self.path
