"""Names that begin with what is typed: of published episodes' entities, and saved questions."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, Value

from episodes.counts import libraries_in_use, public_guests, technologies_in_use
from search.models import Question
from search.query.english import STOP_WORDS
from search.retrieval.results import DirectHit
from stack.models import TechnologyName
from text.names import normalise_name

MIN_LETTERS = 2
TECHNOLOGIES, GUESTS, LIBRARIES, QUESTIONS = 3, 2, 2, 2
SPARE = 20  # rows read beyond those shown, of which an exact name may be the last


def technologies_named(text: str) -> tuple[DirectHit, ...]:
    """An exact name first, then the most used."""
    key = normalise_name(text)
    if len(key) < MIN_LETTERS:
        return ()
    names = TechnologyName.objects.filter(normalised__startswith=key)
    found = technologies_in_use(most_used_first=True).filter(pk__in=names.values("technology"))
    is_exact = Exists(names.filter(normalised=key, technology=OuterRef("pk")))
    return hits("technology", found.order_by(is_exact.desc(), *found.query.order_by)[:TECHNOLOGIES])


def guests_named(typed: list[str]) -> tuple[DirectHit, ...]:
    """Guests with names whose words have these prefixes."""
    guests = _with_words(public_guests(), "name", typed)[:SPARE]
    best = sorted(guests, key=lambda guest: not guest.name.lower().startswith(typed[0]))
    return hits("guest", best[:GUESTS])


def questions_named(typed: list[str]) -> tuple[DirectHit, ...]:
    """Saved questions with titles whose words have these prefixes."""
    asked = [word for word in typed if word not in STOP_WORDS]
    return hits("question", _with_words(Question.objects.all(), "title", asked)[:QUESTIONS])


def _with_words(rows: QuerySet[Any], field: str, prefixes: list[str]) -> QuerySet[Any]:
    """The rows whose field has words with all of these prefixes; none without any."""
    query = " & ".join(f"'{word}':*" for word in prefixes)
    # The expression of the index search_guest_name.
    normalized = Func(F(field), function="search_normalize")
    words = Func(
        Value("simple"), normalized, function="to_tsvector", output_field=SearchVectorField()
    )
    return rows.alias(words=words).filter(
        words=SearchQuery(query, config="simple", search_type="raw")
    )


def libraries_named(text: str, typed: list[str]) -> tuple[DirectHit, ...]:
    """An exact name first, then the most used."""
    found = libraries_in_use().filter(
        Q(name__istartswith=text) | Q(slug__istartswith="-".join(typed))
    )
    most_used = found.order_by("-episode_count", "name")[:SPARE]
    best = sorted(most_used, key=lambda library: library.name.lower() != text.lower())
    return hits("library", best[:LIBRARIES])


def hits(kind: str, rows: Iterable[Any]) -> tuple[DirectHit, ...]:
    return tuple(DirectHit(kind, str(each), each.get_absolute_url()) for each in rows)
