"""Suggestions that complete a query: a filter's value, or the other technology of a comparison."""

import re
from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse

from episodes.models import Episode
from search.query.expansion import COMPARISONS
from search.query.parse import FILTERS
from search.query.tokenizer import tokenize
from search.retrieval.named import guests_named, technologies_named
from search.retrieval.results import DirectHit

MOST = 5
BEGUN_FILTER = re.compile(
    rf"""(?P<before>(?:.*\s)?-?)(?P<key>{"|".join(FILTERS)}):(?P<value>"[^"]*|[^\s"]*)""",
    re.IGNORECASE,
)
BEGUN_COMPARISON = re.compile(
    rf"(?P<before>.*\S (?:vs\.|{'|'.join(COMPARISONS)}) )(?P<name>.+)", re.IGNORECASE
)


def completions(text: str) -> tuple[DirectHit, ...] | None:
    """Queries that complete the filter or comparison at a text's end; None if there is none."""
    if begun := BEGUN_FILTER.fullmatch(text):
        key = begun["key"].lower()
        values = _values(key, begun["value"].removeprefix('"'))
        return _queries(f'{begun["before"]}{key}:"{value}"' for value in values)
    if begun := BEGUN_COMPARISON.fullmatch(text):
        names = technologies_named(begun["name"])
        return _queries(f"{begun['before']}{each.label}" for each in names) or None
    return None


def _values(key: str, begun: str) -> list[str]:
    if key == "stack":
        return [each.label for each in technologies_named(begun)]
    if key == "guest":
        return [each.label for each in guests_named([each.text for each in tokenize(begun)])]
    dates = Episode.objects.published().order_by().dates("published_at", "year", order="DESC")
    values = {
        "kind": Episode.Kind.values,
        "has": ["transcript"],
        "year": [str(each.year) for each in dates] if key == "year" else [],
    }
    return [each for each in values[key] if each.startswith(begun.lower())][:MOST]


def _queries(texts: Iterable[str]) -> tuple[DirectHit, ...]:
    path = reverse("search")
    return tuple(DirectHit("search", each, f"{path}?{urlencode({'q': each})}") for each in texts)
