"""What rows may lack. The menu counts these conditions, and lists filter by them."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict

from guests.handles import PROFILES
from stack.models import Technology

NO_PHOTO = Q(avatar="")
NO_LINK = Q(website="", **dict.fromkeys(PROFILES, ""))
NO_CATEGORY = Q(category=Technology.Category.OTHER, category_chosen=False)
NO_HOMEPAGE = Q(homepage="")
FILTERS = "_changelist_filters"  # by which a form knows its list


class LacksFilter(admin.SimpleListFilter):
    """Rows that lack one of `conditions`; each has a value of the filter and a label."""

    title = "what is missing"
    parameter_name = "lacks"
    conditions: ClassVar[dict[str, tuple[str, Q]]] = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, label) for value, (label, _) in self.conditions.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        _, condition = self.conditions.get(self.value() or "", ("", Q()))
        return queryset.filter(condition)


def next_lacking(model_admin: Any, request: HttpRequest, row: Any) -> Any:
    """The next row, by name, of the list that led to this one, which lacks what it filters by.

    After the last comes the first; None without such a filter or row.
    """
    query = QueryDict(QueryDict(model_admin.get_preserved_filters(request)).get(FILTERS, ""))
    filters = (each for each in model_admin.list_filter if isinstance(each, type))
    lacks = next((each for each in filters if issubclass(each, LacksFilter)), LacksFilter)
    if query.get(lacks.parameter_name, "") not in lacks.conditions:
        return None
    _, condition = lacks.conditions[query[lacks.parameter_name]]
    rows = model_admin.model.objects.filter(condition).exclude(pk=row.pk).order_by("name")
    return rows.filter(name__gt=row.name).first() or rows.first()


class GuestLacksFilter(LacksFilter):
    conditions: ClassVar = {
        "photo": ("No photo", NO_PHOTO),
        "link": ("No link", NO_LINK),
        "any": ("No photo or no link", NO_PHOTO | NO_LINK),
    }


class TechnologyLacksFilter(LacksFilter):
    conditions: ClassVar = {
        "category": ("No category", NO_CATEGORY),
        "homepage": ("No homepage", NO_HOMEPAGE),
        "episode": ("In no episode", Q(uses=None)),
    }


class LibraryLacksFilter(LacksFilter):
    conditions: ClassVar = {"episode": ("In no episode", Q(uses=None))}
