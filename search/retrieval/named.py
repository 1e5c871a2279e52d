"""Technologies, guests and libraries whose names begin with what is typed."""

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Count, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from episodes.models import Appearance, Episode, LibraryUse, Use
from guests.models import Guest
from search.models import Word
from search.retrieval.results import DirectHit
from stack.models import Library, TechnologyName
from text.names import normalise_name

MIN_LETTERS = 2
TECHNOLOGIES, GUESTS, LIBRARIES = 3, 2, 2
SPARE = 20  # rows read beyond those shown, since better ones may follow or some be duplicates


def technologies_named(text: str) -> tuple[DirectHit, ...]:
    """Technologies with a name that has this prefix: an exact name first, then the most used."""
    key = normalise_name(text)
    if len(key) < MIN_LETTERS:
        return ()
    documents = Word.objects.filter(word=OuterRef("normalised")).values("documents")
    names = (
        TechnologyName.objects.filter(normalised__startswith=key)
        .alias(public=_any_public(Use.objects.filter(technology=OuterRef("technology"))))
        .filter(public__isnull=False)
        .annotate(documents=Coalesce(Subquery(documents), 0))
        .order_by("-documents", "normalised")
        .select_related("technology")
    )
    best = sorted(names[:SPARE], key=lambda name: name.normalised != key)
    found = list(dict.fromkeys(name.technology for name in best))[:TECHNOLOGIES]
    return tuple(DirectHit("technology", each.name, each.get_absolute_url()) for each in found)


def guests_named(typed: list[str]) -> tuple[DirectHit, ...]:
    """Guests with names whose words have these prefixes."""
    query = SearchQuery(
        " & ".join(f"'{word}':*" for word in typed), config="simple", search_type="raw"
    )
    guests = (
        Guest.objects.alias(
            words=_words_of_name(),
            public=_any_public(Appearance.objects.filter(guest=OuterRef("pk"))),
        )
        .filter(words=query, public__isnull=False)
        .order_by()
    )
    best = sorted(
        guests[:SPARE], key=lambda guest: (not guest.name.lower().startswith(typed[0]), guest.name)
    )
    return tuple(DirectHit("guest", each.name, each.get_absolute_url()) for each in best[:GUESTS])


def libraries_named(text: str, typed: list[str]) -> tuple[DirectHit, ...]:
    """Libraries with a name that has this prefix: an exact name first, then the most used."""
    uses = LibraryUse.objects.filter(library=OuterRef("pk")).order_by().values("library")
    named = Library.objects.filter(
        Q(name__istartswith=text) | Q(slug__istartswith="-".join(typed)),
        pk__in=LibraryUse.objects.filter(episode__in=Episode.objects.published()).values("library"),
    )
    found = named.annotate(times=Subquery(uses.values(times=Count("*")))).order_by("-times", "name")
    best = sorted(found[:SPARE], key=lambda library: library.name.lower() != text.lower())
    by_name = {each.name: each for each in reversed(best)}  # one page of two with the same name
    distinct = [each for each in best if by_name[each.name] == each]
    return tuple(
        DirectHit("library", each.name, each.get_absolute_url()) for each in distinct[:LIBRARIES]
    )


def _any_public(joins: QuerySet[Any]) -> Subquery:
    """One of these uses or appearances whose episode is published. Each looks it up: for a join,
    PostgreSQL may walk all episodes in the hope of meeting a rare one soon.
    """
    published = Episode.objects.published().filter(pk=OuterRef("episode")).order_by()
    public = joins.alias(public=Subquery(published.values("pk"))).filter(public__isnull=False)
    return Subquery(public.order_by().values("pk")[:1])


def _words_of_name() -> Func:
    """The expression of the index search_guest_name."""
    return Func(
        Value("simple"),
        Func(F("name"), function="search_normalize"),
        function="to_tsvector",
        output_field=SearchVectorField(),
    )
