"""Changes categories of many technologies at once, and takes that back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import transaction

from stack.models import Technology

NONE = ""  # nobody has chosen a category yet
CATEGORIES = dict(Technology.Category.choices)


@dataclass(frozen=True, slots=True)
class CategoryChange:
    """`before` is what the page showed."""

    pk: int
    before: str
    after: str


@dataclass(slots=True)
class CategoryOutcome:
    """What was changed, the names by category, and the names of those that weren’t as shown."""

    changes: list[CategoryChange] = field(default_factory=list)
    names: dict[str, list[str]] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)


def shown_category(technology: Technology) -> str:
    """The category that somebody chose, or that isn't “Other”; else NONE."""
    is_none = technology.category == Technology.Category.OTHER and not technology.category_chosen
    return NONE if is_none else technology.category


@transaction.atomic
def change_categories(changes: Sequence[CategoryChange], user: User) -> CategoryOutcome:
    """Change those that still are as shown, in one transaction, and log each."""
    wanted = {each.pk: each for each in changes}
    rows = Technology.objects.filter(pk__in=wanted).order_by("pk").select_for_update()
    outcome, keys = CategoryOutcome(), defaultdict(list)
    for row in rows:
        change = wanted[row.pk]
        if shown_category(row) != change.before:
            outcome.missed.append(row.name)
            continue
        keys[change.after].append(row.pk)
        outcome.changes.append(change)
        outcome.names.setdefault(change.after, []).append(row.name)
    for category, chosen in keys.items():
        Technology.objects.filter(pk__in=chosen).update(
            category=category or Technology.Category.OTHER, category_chosen=category != NONE
        )
    _log(outcome.changes, user)
    return outcome


def reversed_changes(changes: Iterable[CategoryChange]) -> list[CategoryChange]:
    return [CategoryChange(each.pk, each.after, each.before) for each in changes]


def described(outcome: CategoryOutcome) -> str:
    """`Hosting and cloud: AWS, Fly.io. Services: Stripe.`"""
    return " ".join(
        f"{CATEGORIES.get(category, 'No category')}: {', '.join(sorted(names, key=str.casefold))}."
        for category, names in sorted(outcome.names.items())
    )


def _log(changes: Iterable[CategoryChange], user: User) -> None:
    rows = Technology.objects.filter(pk__in=[each.pk for each in changes])
    if rows:
        LogEntry.objects.log_actions(user.pk, rows, CHANGE, [{"changed": {"fields": ["Category"]}}])
