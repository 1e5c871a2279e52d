from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from desk.admin.base import DeskAdmin
from topics.models import Transcript


@admin.register(Transcript)
class TranscriptAdmin(DeskAdmin):
    """Cues come from files (`import_transcript`) and are only counted here."""

    list_display = ("episode", "language", "reviewed", "cue_count", "source_format", "created_at")
    list_filter = ("reviewed", "source_format")
    list_select_related = ("episode",)
    search_fields = ("episode__title", "=episode__number")
    fields = ("episode", "language", "reviewed", "cue_count", "source_format", "created_at")
    readonly_fields = ("episode", "cue_count", "source_format", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Transcript]:
        return super().get_queryset(request).annotate(cue_count=Count("cues"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="cues", ordering="cue_count")
    def cue_count(self, transcript: Any) -> int:
        return transcript.cue_count
