"""Searches that found nothing, and what a host can do for the next who searches so."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse

from search.models import Miss, Wanted

MOST = 8


@dataclass(frozen=True, slots=True)
class Way:
    """A form of the desk, filled in with what was searched for."""

    label: str
    path: str
    permission: str


@dataclass(frozen=True, slots=True)
class InVain:
    query: str
    count: int
    last_on: date
    path: str  # the search as it goes today
    ways: list[Way]


def ways(query: str) -> list[Way]:
    """Another name of a technology, a word that means the same, or a guest who could tell."""
    forms = (
        ("Add as other name", "stack_technologyname", {"name": query}),
        ("Add word group", "search_wordgroup", {"words": f"{query}, "}),
        ("Guest wanted", "search_wanted", {"subject": query}),
    )
    return [
        Way(
            label,
            f"{reverse(f'admin:{model}_add')}?{urlencode(given)}",
            model.replace("_", ".add_"),
        )
        for label, model, given in forms
    ]


def open_misses() -> QuerySet[Miss]:
    """Without those for which a guest is wanted already."""
    wanted = Wanted.objects.annotate(lower=Lower("subject")).filter(lower=OuterRef("query"))
    return Miss.objects.filter(~Exists(wanted))


def in_vain(may: frozenset[str]) -> list[InVain]:
    """The most frequent, each with what whoever has these permissions can do; one query."""
    return [
        InVain(
            miss.query,
            miss.count,
            miss.last_on,
            f"{reverse('search')}?{urlencode({'q': miss.query})}",
            [way for way in ways(miss.query) if way.permission in may],
        )
        for miss in open_misses()[:MOST]
    ]
