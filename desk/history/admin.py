from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from accounts.roles import sees_episodes
from desk.history.origins import ORIGINS, origin_of
from desk.model_admin import DeskAdmin
from notes.models import Revision


class OriginFilter(admin.AllValuesFieldListFilter):
    def choices(self, changelist: Any) -> Iterator[Any]:
        for each in super().choices(changelist):
            source = str(each["display"])
            yield {**each, "display": ORIGINS.get(source, source)}


@admin.register(Revision)
class RevisionAdmin(DeskAdmin):
    """Read-only: every save of an episode adds a revision."""

    empty_list = (
        "Every save of an episode, with who saved it, such as “Revision 3 of 1: A Site Around "
        "Diary Entries”. You can restore each."
    )
    list_display = ("episode", "number", "created_at", "user", "origin")
    list_filter = (("source", OriginFilter),)
    list_select_related = ("episode", "user")
    search_fields = ("episode__title", "=episode__number")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")
    fields = ("episode", "number", "created_at", "user", "origin", "page", "notes")
    readonly_fields = ("page", "origin")

    @admin.display(description="what it changed")
    def page(self, revision: Revision) -> str:
        address = reverse("revision", args=[revision.episode_id, revision.number])
        return format_html('<a href="{}">Look at it, or restore it</a>', address)

    @admin.display(description="how", ordering="source")
    def origin(self, revision: Revision) -> str:
        return origin_of(revision)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A revision holds its episode, from the first draft on."""
        return super().has_view_permission(request, obj) and sees_episodes(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)
