"""Zero-result queries that find something by now: after an import, a new name or synonyms."""

from search.engine import search
from search.models import ZeroResultQuery

MOST = 10  # the desk's start shows fewer


def remove_answered() -> str:
    """Of the most frequent queries delete those with results; says which."""
    answered = [row for row in ZeroResultQuery.objects.all()[:MOST] if _finds(row.query)]
    ZeroResultQuery.objects.filter(pk__in=[row.pk for row in answered]).delete()
    names = ", ".join(f"“{row.query}”" for row in answered)
    return f"No longer searches without results: {names}." if answered else ""


def _finds(query: str) -> bool:
    found = search(query)
    return bool(found.says_it or found.direct)
