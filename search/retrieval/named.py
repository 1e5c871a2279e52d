"""Technologies, guests and libraries of published episodes whose names begin with what is typed."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import F, Func, Q, Value

from episodes.counts import libraries_in_use, public_guests, technologies_in_use
from search.retrieval.results import DirectHit
from stack.models import TechnologyName
from text.names import normalise_name

MIN_LETTERS = 2
TECHNOLOGIES, GUESTS, LIBRARIES = 3, 2, 2
SPARE = 20  # rows read beyond those shown, since some may be duplicates


def technologies_named(text: str) -> tuple[DirectHit, ...]:
    """An exact name first, then the most used."""
    key = normalise_name(text)
    if len(key) < MIN_LETTERS:
        return ()
    names = TechnologyName.objects.filter(normalised__startswith=key)
    exact = set(names.filter(normalised=key).values_list("technology", flat=True))
    found = technologies_in_use(most_used_first=True).filter(pk__in=names.values("technology"))
    best = sorted(found[:SPARE], key=lambda technology: technology.pk not in exact)
    return hits("technology", best[:TECHNOLOGIES])


def guests_named(typed: list[str]) -> tuple[DirectHit, ...]:
    """Guests with names whose words have these prefixes."""
    if not typed:
        return ()
    prefixes = " & ".join(f"'{word}':*" for word in typed)
    query = SearchQuery(prefixes, config="simple", search_type="raw")
    # The expression of the index search_guest_name.
    normalized = Func(F("name"), function="search_normalize")
    words = Func(
        Value("simple"), normalized, function="to_tsvector", output_field=SearchVectorField()
    )
    guests = public_guests().alias(words=words).filter(words=query)[:SPARE]
    best = sorted(guests, key=lambda guest: not guest.name.lower().startswith(typed[0]))
    return hits("guest", best[:GUESTS])


def libraries_named(text: str, typed: list[str]) -> tuple[DirectHit, ...]:
    """An exact name first, then the most used."""
    found = libraries_in_use().filter(
        Q(name__istartswith=text) | Q(slug__istartswith="-".join(typed))
    )
    most_used = found.order_by("-episode_count", "name")[:SPARE]
    best = sorted(most_used, key=lambda library: library.name.lower() != text.lower())
    distinct = {each.name: each for each in reversed(best)}  # one page of two with the same name
    return hits("library", [each for each in best if distinct[each.name] == each][:LIBRARIES])


def hits(kind: str, rows: Iterable[Any]) -> tuple[DirectHit, ...]:
    return tuple(DirectHit(kind, each.name, each.get_absolute_url()) for each in rows)
