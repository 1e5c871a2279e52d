"""Suggestions that complete a query: a filter's value, or the other technology of a comparison."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse

from episodes.models import Episode
from search.query.parse import FILTERS, Filter
from search.query.tokenizer import tokenize
from search.retrieval.named import guests_named, technologies_named
from search.retrieval.results import DirectHit

MOST = 5
BEGUN_FILTER = re.compile(
    rf"""(?P<before>(?:.*\s)?)(?P<minus>-?)(?P<key>{"|".join(FILTERS)}):"""
    r"""(?:"(?P<quoted>[^"]*)|(?P<plain>[^\s"]*))""",
    re.IGNORECASE,
)
BEGUN_COMPARISON = re.compile(
    r"(?P<before>.*\S (?:vs?\.?|versus|instead of|rather than|better than) )(?P<name>.+)",
    re.IGNORECASE,
)


def completed_filters(text: str) -> tuple[DirectHit, ...] | None:
    """Queries with values of the filter that a text ends with; None if it ends with none. Two
    queries at most.
    """
    begun = BEGUN_FILTER.fullmatch(text)
    if not begun:
        return None
    key, value = begun["key"].lower(), begun["quoted"] or begun["plain"] or ""
    filters = (Filter(key, each, bool(begun["minus"])) for each in _values(key, value))
    return tuple(_query(f"{begun['before']}{each.typed}") for each in filters)[:MOST]


def completed_comparisons(text: str) -> tuple[DirectHit, ...]:
    """Comparisons with technologies that begin like the last words. One query."""
    begun = BEGUN_COMPARISON.fullmatch(text)
    if not begun:
        return ()
    names = technologies_named(begun["name"])
    return tuple(_query(f"{begun['before']}{each.label}") for each in names)


def _values(key: str, begun: str) -> Iterator[str]:
    if key == "stack":
        yield from (each.label for each in technologies_named(begun))
    elif key == "guest":
        words = [token.text for token in tokenize(begun)]
        yield from (each.label for each in guests_named(words) if words)
    elif key == "kind":
        yield from (each for each in Episode.Kind.values if each.startswith(begun.lower()))
    elif key == "has":
        yield from (each for each in ["transcript"] if each.startswith(begun.lower()))
    else:
        dates = Episode.objects.published().order_by().dates("published_at", "year", order="DESC")
        yield from (str(each.year) for each in dates if str(each.year).startswith(begun))


def _query(text: str) -> DirectHit:
    return DirectHit("search", text, f"{reverse('search')}?{urlencode({'q': text})}")
