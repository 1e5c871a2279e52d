"""What show notes would add to the catalogue, and whether their writer may add it."""

from collections.abc import Iterator, Mapping

from django.contrib.auth.models import User

from desk.writing.answers import TechnologyAnswer
from guests.models import Guest
from notes.grammar.draft import Draft
from stack.models import LibraryAddress, Technology
from text.names import normalise_name
from text.problems import Problem, error
from text.urls import url_key

ADVICE = "Ask someone who may, or leave it out."


def forbidden_additions(
    draft: Draft, user: User, answers: Mapping[str, TechnologyAnswer] | None = None
) -> Iterator[Problem]:
    """An error for each new guest, technology, library or other name that the user may not add.

    `answers` say which new technologies are only other names. Queries only without a right.
    """
    if not user.has_perm("guests.add_guest"):
        guests = [guest.name for guest in draft.guests]
        known = Guest.objects.by_name(guests)
        yield from _refused("guest", "guests", (name for name in guests if name not in known))
    if not user.has_perm("stack.add_library"):
        keys = {link.url: url_key(link.url) for link in draft.libraries}
        rows = LibraryAddress.objects.filter(key__in=keys.values())
        stored = set(rows.values_list("key", flat=True))
        new = (url for url, key in keys.items() if key not in stored)
        yield from _refused("library", "libraries", new)
    yield from _forbidden_technologies(draft, user, answers or {})


def _forbidden_technologies(
    draft: Draft, user: User, answers: Mapping[str, TechnologyAnswer]
) -> Iterator[Problem]:
    may_add = user.has_perm("stack.add_technology")
    may_name = user.has_perm("stack.add_technologyname")
    if may_add and may_name:
        return
    known = Technology.objects.by_name(draft.technologies)
    new = [name for name in draft.technologies if name not in known]
    named = [name for name in new if (it := answers.get(normalise_name(name))) and it.of]
    if not may_name:
        yield from _refused("technology", "other names of technologies", named)
    if not may_add:
        created = (name for name in new if name not in named)
        yield from _refused("technology", "technologies", created)


def _refused(field: str, kind: str, values: Iterator[str] | list[str]) -> Iterator[Problem]:
    for value in values:
        message = f"This is new, and you may not add {kind}. {ADVICE}"
        yield error(message, field=field, value=value)
