"""All technologies on one page, each with its category, and proposals for those without one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import BadRequest
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods

from desk.categories.changes import (
    CATEGORIES,
    NONE,
    CategoryChange,
    CategoryOutcome,
    change_categories,
    described,
    reversed_changes,
    shown_category,
)
from desk.categories.proposals import CategoryProposals, ProposedCategory
from desk.shortcuts import desk_page, user_of
from stack.models import Technology

# The name of a row's field says which category the page showed for it.
FIELD = re.compile(r"category-(\d{1,18})-([a-z]*)")
UNDO = "desk_categories"  # in the session


@dataclass(frozen=True, slots=True)
class CategoryRow:
    technology: Any  # with its count of episodes
    shown: str
    proposal: ProposedCategory | None

    @property
    def selected(self) -> str:
        return self.proposal.category if self.proposal else self.shown


@permission_required("stack.change_technology", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def categories(request: HttpRequest) -> HttpResponse:
    """POST saves the categories chosen, or one for all that are ticked, or takes the last back."""
    if request.method == "POST":
        return _change(request)
    rows = list(_rows())
    without = [row for row in rows if row.shown == NONE]
    order = list(CATEGORIES)
    without.sort(
        key=lambda row: (row.proposal is None, order.index(row.selected) if row.proposal else 0)
    )
    return desk_page(
        request,
        "categories/page.html",
        "Categories",
        without=without,
        proposed=sum(row.proposal is not None for row in without),
        groups=[
            (label, group)
            for value, label in CATEGORIES.items()
            if (group := [row for row in rows if row.shown == value])
        ],
        choices=CATEGORIES.items(),
        total=len(rows),
    )


def _rows() -> Iterator[CategoryRow]:
    """All technologies by name. Two queries."""
    technologies = list(
        Technology.objects.annotate(episode_count=Count("uses"))
        .order_by("name")
        .prefetch_related("names")
    )
    shown = {each.pk: shown_category(each) for each in technologies}
    proposals = CategoryProposals(each for each in technologies if shown[each.pk] != NONE)
    for each in technologies:
        names = [name.name for name in each.names.all()]
        proposal = proposals.of(each, names) if shown[each.pk] == NONE else None
        yield CategoryRow(each, shown[each.pk], proposal)


def _change(request: HttpRequest) -> HttpResponse:
    is_undone = "undo" in request.POST
    if is_undone:
        stored = request.session.pop(UNDO, [])
        changes = reversed_changes(CategoryChange(*each) for each in stored)
    else:
        changes = list(_submitted(request.POST))
    outcome = change_categories(changes, user_of(request))
    if outcome.changes and not is_undone:
        request.session[UNDO] = [[each.pk, each.before, each.after] for each in outcome.changes]
    _tell(request, outcome, is_undone)
    return redirect("desk_categories")


def _submitted(data: QueryDict) -> Iterator[CategoryChange]:
    """The rows whose category was changed; with `apply`, the ticked ones, all to one category."""
    ticked = set(data.getlist("tick")) if "apply" in data else None
    for name, value in data.items():
        found = FIELD.fullmatch(name)
        if not found:
            continue
        pk, before = found.groups()
        after = str(value) if ticked is None else data.get("bulk", "")
        if after not in (*CATEGORIES, NONE):
            raise BadRequest("There is no such category.")
        if after not in (before, NONE) and (ticked is None or pk in ticked):
            yield CategoryChange(int(pk), before, after)


def _tell(request: HttpRequest, outcome: CategoryOutcome, is_undone: bool) -> None:
    count = len(outcome.changes)
    if count:
        done = "Taken back for" if is_undone else "Chosen for"
        plural = "y" if count == 1 else "ies"
        text = f"{done} {count} technolog{plural}. {described(outcome)}"
        context = {"text": text, "may_undo": not is_undone}
        messages.success(
            request, render_to_string("admin/desk/categories/done.html", context, request)
        )
    if outcome.missed:
        names = ", ".join(outcome.missed)
        verb = "has" if len(outcome.missed) == 1 else "have"
        messages.warning(request, f"{names} {verb} another category meanwhile, which stays.")
    elif not count:
        messages.info(request, "No category was changed.")
