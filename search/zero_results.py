"""Counts searches without results, so that the host can help the next listener."""

import re

from django.db import connection
from django.utils import timezone

from search.models import ZeroResultQuery

MAX_ROWS = 2000
MAX_LENGTH = 100  # as the column
EMAIL_ADDRESS = re.compile(r"\S@\S")  # typed into the wrong box, and nobody's to read

COUNT = """
INSERT INTO search_miss (query, count, last_on) VALUES (%s, 1, %s)
ON CONFLICT (query) DO UPDATE
SET count = search_miss.count + 1, last_on = excluded.last_on
"""


def count_zero_result(query: str) -> None:
    """Beyond MAX_ROWS the least frequent and oldest are deleted. Two queries."""
    query = " ".join(query.lower().split())
    if not 0 < len(query) <= MAX_LENGTH or EMAIL_ADDRESS.search(query):
        return
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [query, timezone.now().date()])
    best = ZeroResultQuery.objects.order_by("-count", "-last_on", "-pk")
    ZeroResultQuery.objects.filter(
        pk__in=list(best.values_list("pk", flat=True)[MAX_ROWS:])
    ).delete()
