"""Searches without a result, and what a host can do so that the next one finds something."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse

from search.models import GuestWanted, ZeroResultQuery

MAX_SEARCHES = 8


@dataclass(frozen=True, slots=True)
class Remedy:
    """A form of the desk, filled in with the query."""

    label: str
    path: str
    permission: str


@dataclass(frozen=True, slots=True)
class ZeroResult:
    query: str
    count: int
    last_on: date
    search_path: str  # may find something by now
    remedies: list[Remedy]


def remedies(query: str) -> list[Remedy]:
    """Another name of a technology, a synonym, or a guest who could talk about it."""
    forms = (
        ("Add as other name", "stack_technologyname", {"name": query}),
        ("Add synonyms", "search_synonymgroup", {"words": f"{query}, "}),
        ("Guest wanted", "search_guestwanted", {"subject": query}),
    )
    return [
        Remedy(
            label,
            f"{reverse(f'admin:{model}_add')}?{urlencode(given)}",
            model.replace("_", ".add_"),
        )
        for label, model, given in forms
    ]


def search_path(query: str) -> str:
    return f"{reverse('search')}?{urlencode({'q': query})}"


def unanswered() -> QuerySet[ZeroResultQuery]:
    """The zero-result queries for which no guest is wanted yet."""
    wanted = GuestWanted.objects.annotate(lower=Lower("subject")).filter(lower=OuterRef("query"))
    return ZeroResultQuery.objects.filter(~Exists(wanted))


def zero_results(permissions: frozenset[str]) -> list[ZeroResult]:
    """The most frequent queries, each with the remedies that these permissions allow. One query."""
    return [
        ZeroResult(
            row.query,
            row.count,
            row.last_on,
            search_path(row.query),
            [remedy for remedy in remedies(row.query) if remedy.permission in permissions],
        )
        for row in unanswered()[:MAX_SEARCHES]
    ]
