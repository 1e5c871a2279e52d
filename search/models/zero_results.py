"""Searches that found nothing, counted for the host."""

from django.db import models


class ZeroResultQuery(models.Model):
    """What was searched for in vain, how often, and when last. Nothing of who searched."""

    query = models.CharField(max_length=100, unique=True, help_text="In lower case.")
    count = models.PositiveIntegerField(default=1)
    last_on = models.DateField("last searched on")

    class Meta:
        db_table = "search_miss"
        verbose_name = "search that found nothing"
        verbose_name_plural = "searches that found nothing"
        ordering = ["-count", "-last_on", "query"]

    def __str__(self) -> str:
        return self.query
