"""Transcripts, uploaded as files. The desk counts their cues but doesn't edit them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from accounts.roles import edits_drafts_only, sees_episodes
from desk.model_admin import DeskAdmin
from desk.shortcuts import SOURCE, finish, user_of
from desk.transcripts.problems import problem_lines
from episodes.models import Episode
from episodes.rights import is_draft
from text.problems import Problem, has_errors
from topics.models import Transcript
from transfer.importers.transcript import check, people_by_name, read_file, store_transcript

AT_ONCE = (
    "Visitors see the transcript of a public episode at once. The episode’s Transcript tab shows "
    "you the file first."
)
LARGEST = 10 * 1024 * 1024  # bytes


class TranscriptForm(forms.ModelForm):
    """Parses the uploaded file; one error refuses the whole file."""

    file = forms.FileField(
        help_text="WebVTT, SRT, Podcasting 2.0 JSON, or text with lines such as “Nick: 12:34”. "
        "Speakers are matched by name with the episode’s guests and the host.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems: list[Problem] = []
        if "file" in self.fields and self.instance.pk:
            self.fields["file"].required = False
            self.fields["file"].help_text = "It replaces the whole transcript."
        if "episode" in self.fields:
            self.fields["episode"].help_text = AT_ONCE

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
            self.add_error("file", "A transcript may have at most 10 MB.")
            return
        reading, people = read_file(file.read(), file.name or ""), people_by_name(episode)
        self.problems = reading.problems + check(reading.cues, episode, people)
        if has_errors(self.problems):
            self.add_error("file", ["Nothing was imported.", *problem_lines(self.problems)])
        self.cleaned_data |= {"reading": reading, "people": people}


def _locked_episode(transcript: Transcript) -> Episode:
    """The episode, locked. It may be in the bin, unlike that of `shortcuts.locked_episode`."""
    return Episode.with_deleted.select_for_update(of=("self",)).get(pk=transcript.episode_id)


def _is_editable(user: Any, transcript: Transcript | None) -> bool:
    """Who edits drafts only, leaves the words of what visitors see."""
    return transcript is None or not edits_drafts_only(user) or is_draft(transcript.episode)


@admin.register(Transcript)
class TranscriptAdmin(DeskAdmin):
    is_restorable = False
    deleting_says = "“History” of the episode restores it."
    empty_list = (
        "What was said, word by word, such as a WebVTT file from a transcription service. "
        "Listeners read it, and search finds it."
    )
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
        """Without those of drafts, unless the user may see drafts."""
        rows = super().get_queryset(request).annotate(cue_count=Count("cues"))
        if sees_episodes(request.user):
            return rows
        return rows.filter(episode__in=Episode.objects.published())

    def has_change_permission(self, request: HttpRequest, obj: Transcript | None = None) -> bool:
        return super().has_change_permission(request, obj) and _is_editable(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Transcript | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _is_editable(request.user, obj)

    def get_list_display(self, request: HttpRequest) -> Any:
        """Whoever may change episodes corrects a transcript in its episode's tab."""
        if request.user.has_perm("episodes.change_episode"):
            return ("tab", *self.list_display[1:])
        return self.list_display

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        return (
            None if "tab" in list_display else super().get_list_display_links(request, list_display)
        )

    @admin.display(description="episode", ordering="episode")
    def tab(self, transcript: Transcript) -> str:
        if transcript.episode.deleted_at:
            return f"{transcript.episode} (in the bin)"
        address = reverse("desk_transcript", args=[transcript.episode_id])
        return format_html('<a href="{}">{}</a>', address, transcript.episode)

    def get_fields(self, request: HttpRequest, obj: Transcript | None = None) -> Any:
        return self.fields if obj else self.fields[:4]

    def get_readonly_fields(self, request: HttpRequest, obj: Transcript | None = None) -> Any:
        return ("episode", "cue_count", "source_format", "created_at") if obj else ()

    def is_public(self, obj: Transcript) -> bool:
        return Episode.objects.published().filter(pk=obj.episode_id).exists()

    def save_model(self, request: HttpRequest, obj: Transcript, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        for line in problem_lines(form.problems):
            messages.warning(request, line)
        if not self._store(request, obj, form.cleaned_data):
            obj.cues.update(reviewed=obj.reviewed)
            finish(request, _locked_episode(obj))

    def _store(self, request: HttpRequest, obj: Transcript, cleaned: dict[str, Any]) -> bool:
        """Store the file and finish the edit; False if nothing in it is new."""
        if "reading" not in cleaned:
            return False
        outcome, _ = store_transcript(
            obj.episode,
            cleaned["reading"],
            cleaned["people"],
            reviewed=obj.reviewed,
            user=user_of(request),
            source=SOURCE,
        )
        return outcome != "unchanged"

    def delete_model(self, request: HttpRequest, obj: Transcript) -> None:
        episode = _locked_episode(obj)
        super().delete_model(request, obj)
        finish(request, episode)

    @transaction.atomic  # Django deletes a selection outside of any
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Transcript]) -> None:
        for transcript in queryset.order_by("episode"):
            self.delete_model(request, transcript)

    @admin.display(description="lines", ordering="cue_count")
    def cue_count(self, transcript: Any) -> int:
        return transcript.cue_count
