"""Zero-result queries that find something by now: after an import, a new name or synonyms."""

from search.engine import search
from search.models import ZeroResultQuery

MOST = 10  # the desk's start shows fewer


def remove_answered() -> str:
    """Of the most frequent queries delete those with results; says which."""
    frequent = [(row, search(row.query)) for row in ZeroResultQuery.objects.all()[:MOST]]
    answered = [row for row, found in frequent if found.says_it or found.direct]
    ZeroResultQuery.objects.filter(pk__in=[row.pk for row in answered]).delete()
    names = ", ".join(f"“{row.query}”" for row in answered)
    return f"No longer searches without results: {names}." if answered else ""
