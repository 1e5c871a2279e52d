"""Searches without results, counted for the host, and the guests wanted because of them."""

import re

from django.db import connection, models
from django.utils import timezone

MAX_ROWS = 2000
MAX_LENGTH = 100
EMAIL_ADDRESS = re.compile(r"\S@\S")  # typed into the wrong box, and nobody's to read

COUNT = """
INSERT INTO search_miss (query, count, last_on) VALUES (%s, 1, %s)
ON CONFLICT (query) DO UPDATE
SET count = search_miss.count + 1, last_on = excluded.last_on
"""


class ZeroResultQueryManager(models.Manager["ZeroResultQuery"]):
    def record(self, query: str) -> None:
        """Count the query. Beyond MAX_ROWS, delete the least frequent and oldest. Two queries."""
        query = " ".join(query.lower().split())
        if not 0 < len(query) <= MAX_LENGTH or EMAIL_ADDRESS.search(query):
            return
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [query, timezone.now().date()])
        best = self.order_by("-count", "-last_on", "-pk").values_list("pk", flat=True)
        self.filter(pk__in=list(best[MAX_ROWS:])).delete()


class ZeroResultQuery(models.Model):
    """A query, how often it was searched, and when last; nothing of who searched."""

    query = models.CharField(max_length=MAX_LENGTH, unique=True, help_text="In lower case.")
    count = models.PositiveIntegerField(default=1)
    last_on = models.DateField("last searched on")

    objects = ZeroResultQueryManager()

    class Meta:
        # Tables keep their version 1 name: the former code answers on them.
        db_table = "search_miss"
        verbose_name = "search that found nothing"
        verbose_name_plural = "searches that found nothing"
        ordering = ["-count", "-last_on", "query"]

    def __str__(self) -> str:
        return self.query


class GuestWanted(models.Model):
    """`Gleam`: nobody has covered it yet. A search for it without results says so."""

    subject = models.CharField(
        max_length=100,
        unique=True,
        help_text=(
            "Enter what a guest should run, as listeners will read it: Gleam. Delete it once a "
            "guest has covered it."
        ),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "search_wanted"
        verbose_name = "guest wanted"
        verbose_name_plural = "guests wanted"
        ordering = ["-created_at", "subject"]

    def __str__(self) -> str:
        return self.subject
