"""What hubs have been told of the feeds."""

from django.db import models
from django.utils import timezone


class HubNotification(models.Model):
    """The state of a feed that a hub was last told of, and the tries to tell it the next."""

    path = models.CharField(max_length=100, unique=True)
    state = models.TextField(blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True, help_text="Why the last try failed.")

    class Meta:
        db_table = "feeds_told"

    def __str__(self) -> str:
        return self.path
