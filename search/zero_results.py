"""Counting what was searched for in vain, so that the host can mend it."""

import re

from django.db import connection
from django.utils import timezone

from search.models import Miss

MOST_KEPT = 2000
MAIL_ADDRESS = re.compile(r"\S@\S")  # typed into the wrong box: nobody's to read
LONGEST = 100  # as the column; whoever typed more wasn't looking for a name

COUNT = """
INSERT INTO search_miss (query, count, last_on) VALUES (%s, 1, %s)
ON CONFLICT (query) DO UPDATE
SET count = search_miss.count + 1, last_on = excluded.last_on
"""


def count_miss(query: str) -> None:
    """Note that this was searched for and not found. Two queries.

    Beyond MOST_KEPT those go that were searched for least, and longest ago.
    """
    query = " ".join(query.lower().split())
    if not 0 < len(query) <= LONGEST or MAIL_ADDRESS.search(query):
        return
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [query, timezone.now().date()])
    best = Miss.objects.order_by("-count", "-last_on", "-pk")
    Miss.objects.filter(pk__in=list(best.values_list("pk", flat=True)[MOST_KEPT:])).delete()
