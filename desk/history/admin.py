from django.contrib import admin

from desk.model_admin import DeskAdmin, ReadOnly
from notes.models import Revision


@admin.register(Revision)
class RevisionAdmin(ReadOnly, DeskAdmin):
    list_display = ("episode", "number", "created_at", "user", "source")
    list_filter = ("source",)
    list_select_related = ("episode", "user")
    search_fields = ("episode__title", "=episode__number")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")
    fields = ("episode", "number", "created_at", "user", "source", "notes", "facts")
