"""Transcripts: handed in as files, whose words are then only counted here."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from desk.model_admin import DeskAdmin
from desk.shortcuts import finish, user_of
from episodes.models import Episode
from text.problems import Problem, has_errors
from topics.models import Transcript
from transfer.importers.transcript import check, people_by_name, read_file, store_transcript

LARGEST = 10 * 1024 * 1024
SHOWN = 30  # problems of one file


class TranscriptForm(forms.ModelForm):
    """Reads the file handed in; with errors nothing of it is taken."""

    file = forms.FileField(
        help_text="WebVTT, SRT, Podcasting 2.0 JSON, or text with lines such as “Nick: 12:34”. "
        "Speakers who are guests of the episode or its host are found by their names.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems: list[Problem] = []
        if "file" in self.fields and self.instance.pk:
            self.fields["file"].required = False
            self.fields["file"].help_text = "Another file, whose words replace all that are here."

    def clean_episode(self) -> Episode:
        episode = self.cleaned_data["episode"]
        if episode.is_interview:
            raise ValidationError("A written interview has no transcript.")
        return episode

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        file = cleaned.get("file")
        episode = self.instance.episode if self.instance.pk else cleaned.get("episode")
        if file and episode:
            self._read(file, episode)
        return cleaned

    def _read(self, file: UploadedFile, episode: Episode) -> None:
        if (file.size or 0) > LARGEST:
            self.add_error("file", "This is larger than 10 MB: no transcript.")
            return
        reading, people = read_file(file.read(), file.name or ""), people_by_name(episode)
        self.problems = reading.problems + check(reading.cues, episode, people)
        if has_errors(self.problems):
            self.add_error("file", ["Nothing of this file was taken.", *told(self.problems)])
        self.cleaned_data |= {"reading": reading, "people": people}


def told(problems: list[Problem]) -> list[str]:
    """The problems as a host reads them, errors first; of very many the first ones."""
    first = sorted(problems, key=lambda problem: problem.severity != "error")
    lines = [line_of(problem) for problem in first]
    more = len(lines) - SHOWN
    return lines[:SHOWN] + ([f"And {more} more."] if more > 0 else [])


def line_of(problem: Problem) -> str:
    place = f"Line {problem.line}: " if problem.line else ""
    value = f" [{problem.field}: {problem.value[:80]}]" if problem.value else ""
    return f"{place}{problem.message}{value}"


def locked(transcript: Transcript) -> Episode:
    """Its episode, for a write."""
    return Episode.with_deleted.select_for_update(of=("self",)).get(pk=transcript.episode_id)


@admin.register(Transcript)
class TranscriptAdmin(DeskAdmin):
    form = TranscriptForm
    autocomplete_fields = ("episode",)
    list_display = ("episode", "language", "reviewed", "cue_count", "source_format", "created_at")
    list_filter = ("reviewed", "source_format")
    list_select_related = ("episode",)
    search_fields = ("episode__title", "=episode__number")
    fields = (
        "episode", "file", "reviewed", "language", "cue_count", "source_format", "created_at",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Transcript]:
        return super().get_queryset(request).annotate(cue_count=Count("cues"))

    def get_fields(self, request: HttpRequest, obj: Transcript | None = None) -> Any:
        return self.fields if obj else self.fields[:4]

    def get_readonly_fields(self, request: HttpRequest, obj: Transcript | None = None) -> Any:
        return ("episode", "cue_count", "source_format", "created_at") if obj else ()

    def get_view_on_site_url(self, obj: Transcript | None = None) -> str | None:
        known = obj and Episode.objects.published().filter(pk=obj.episode_id).exists()
        return super().get_view_on_site_url(obj) if known else None

    def save_model(self, request: HttpRequest, obj: Transcript, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        for line in told(form.problems):
            messages.warning(request, line)
        if not self._store(request, obj, form.cleaned_data):
            obj.cues.update(reviewed=obj.reviewed)
            finish(request, locked(obj))

    def _store(self, request: HttpRequest, obj: Transcript, cleaned: dict[str, Any]) -> bool:
        """Whether the file handed in had other words; these are stored and the edit finished."""
        if "reading" not in cleaned:
            return False
        stored = store_transcript(
            obj.episode,
            cleaned["reading"],
            cleaned["people"],
            reviewed=obj.reviewed,
            user=user_of(request),
            source="desk",
        )
        return stored.outcome != "unchanged"

    def delete_model(self, request: HttpRequest, obj: Transcript) -> None:
        episode = locked(obj)
        super().delete_model(request, obj)
        finish(request, episode)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Transcript]) -> None:
        for transcript in queryset.order_by("episode"):
            self.delete_model(request, transcript)

    @admin.display(description="cues", ordering="cue_count")
    def cue_count(self, transcript: Any) -> int:
        return transcript.cue_count
