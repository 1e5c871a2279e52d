"""Searches that found something, counted by day."""

from collections.abc import Mapping
from datetime import date

from django.db import connection, models

from search.models.zero_results import EMAIL_ADDRESS, MAX_LENGTH

MAX_QUERIES = 300  # of a day: the most frequent

ADD = """
INSERT INTO pages_dailysearch (day, query, count) VALUES {values}
ON CONFLICT (day, query) DO UPDATE SET count = pages_dailysearch.count + excluded.count
"""


class DailySearchManager(models.Manager["DailySearch"]):
    def add(self, counts: Mapping[tuple[date, str], int]) -> None:
        """Count these queries; a day keeps its most frequent ones. Two queries for each day."""
        if not counts:
            return
        rows = sorted(counts)
        values = ", ".join(["(%s, %s, %s)"] * len(rows))
        with connection.cursor() as cursor:
            cursor.execute(
                ADD.format(values=values), [value for key in rows for value in (*key, counts[key])]
            )
        for day in {day for day, _ in rows}:
            best = self.filter(day=day).order_by("-count", "-pk").values("pk")
            self.filter(pk__in=list(best[MAX_QUERIES:].values_list("pk", flat=True))).delete()


class DailySearch(models.Model):
    """A query in lower case, and how often it was searched on a day; nothing of who searched."""

    day = models.DateField()
    query = models.CharField(max_length=MAX_LENGTH)
    count = models.PositiveIntegerField(default=0, db_default=0)

    objects = DailySearchManager()

    class Meta:
        constraints = [models.UniqueConstraint("day", "query", name="dailysearch_once")]

    def __str__(self) -> str:
        return f"{self.query}: {self.count} on {self.day}"


def normalized(query: str) -> str:
    """The query as it is counted; empty if it may be private or is too long."""
    query = " ".join(query.lower().split())
    return "" if len(query) > MAX_LENGTH or EMAIL_ADDRESS.search(query) else query
