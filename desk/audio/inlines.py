"""An episode's audio, transcript and sponsor: one of each at most."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html

from desk.audio.recording import Unreadable, new_name, read_address, read_upload, wrong_ending
from desk.fields import TimecodeField
from desk.model_admin import FIELDS
from episodes.models import Enclosure, Episode, Sponsor
from media.audio import MP3, AudioInfo, NotAudio
from notes.write_rows import enclosure_name
from text.timecode import format_timecode
from topics.models import Transcript

SOURCES = ("file", "url")  # of a recording; a file counts where both are given


class EnclosureForm(forms.ModelForm):
    """The first recording, handed in with the form; what can be read of it isn't typed."""

    seconds = TimecodeField(label="Length", required=False, help_text="As 1:02:03.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doubts: list[str] = []
        if "name" in self.fields:
            self.fields["name"].required = False

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        source = next((name for name in SOURCES if self._was_given(name)), None)
        sound = self._read(source, cleaned[source]) if source else None
        if sound:
            cleaned |= {"bytes": sound.bytes, "seconds": sound.seconds, "type": sound.type}
            self.doubts += [sound.doubt] if sound.doubt else []
            if cleaned.get("name"):
                self._check_ending(str(source), cleaned["name"], sound.type)
        if "name" in cleaned and not cleaned["name"]:
            episode, kind = cleaned["episode"], cleaned.get("type", MP3)
            cleaned["name"] = enclosure_name(episode, new_name(episode, kind))
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        # The file stands on a page of its own; whether there is one, or an address, is asked here.
        return super()._get_validation_exclusions() - {"file"}  # type: ignore[misc]

    def _was_given(self, name: str) -> bool:
        return name in self.changed_data and bool(self.cleaned_data.get(name))

    def _read(self, source: str, value: Any) -> AudioInfo | None:
        """What was handed in; nothing if that can't be said, and what was typed then stands."""
        try:
            return read_upload(value) if source == "file" else read_address(value)
        except NotAudio as wrong:
            self.add_error(source, str(wrong))
        except Unreadable as why:
            said = f"The audio’s address could not be read: {why} What you typed of it stands."
            self.doubts.append(said)
        return None

    def _check_ending(self, source: str, name: str, kind: str) -> None:
        wrong = wrong_ending(name, kind)
        if wrong:
            self.add_error(source, wrong)

    def save(self, commit: bool = True) -> Any:
        if self._was_given("file"):
            self.instance.chapters_due = True
        return super().save(commit)


class OfEpisode(admin.StackedInline):
    formfield_overrides = FIELDS
    extra = 0
    max_num = 1


class EnclosureInline(OfEpisode):
    model = Enclosure
    form = EnclosureForm
    fields = ("file", "url", "name", "seconds", "bytes", "type")
    verbose_name = "audio"

    def get_fields(self, request: HttpRequest, obj: Episode | None = None) -> Any:
        """A recording that is here is replaced on a page of its own, which shows what changes."""
        if obj is None or not hasattr(obj, "enclosure"):
            return self.fields
        if obj.enclosure.file:
            return ("page", "name", "facts")
        return ("page", "url", "name", "seconds", "bytes", "type")

    def get_readonly_fields(self, request: HttpRequest, obj: Episode | None = None) -> Any:
        return ("page", "facts")

    @admin.display(description="recording")
    def page(self, audio: Enclosure) -> str:
        if audio._state.adding:  # the blank line that Django copies
            return ""
        address = reverse("desk_audio", args=[audio.episode_id])
        return format_html('<a href="{}">Hear it, replace it, move its topics</a>', address)

    @admin.display(description="length, size, type")
    def facts(self, audio: Enclosure) -> str:
        length = format_timecode(audio.seconds) if audio.seconds is not None else "unknown length"
        return f"{length}, {filesizeformat(audio.bytes or 0)}, {audio.type}"


def tell_doubts(request: HttpRequest, formset: Any) -> None:
    """Say what the host should look at about a recording that was handed in."""
    for form in formset.forms:
        for doubt in getattr(form, "doubts", ()):
            messages.warning(request, doubt)


@admin.display(description="audio")
def audio_link(episode: Episode) -> str:
    """Where the recording is handed in."""
    if episode.pk is None or episode.is_interview or episode.deleted_at:
        return ""
    words = "Replace it" if hasattr(episode, "enclosure") else "Hand in the recording"
    return format_html('<a href="{}">{}</a>', reverse("desk_audio", args=[episode.pk]), words)


@admin.display(description="transcript")
def transcript_link(episode: Episode) -> str:
    """Where the episode's transcript is handed in, read through or replaced."""
    if episode.pk is None or episode.is_interview:
        return ""
    known = Transcript.objects.filter(episode=episode).first()
    if known is None:
        address = f"{reverse('admin:topics_transcript_add')}?episode={episode.pk}"
        return format_html('<a href="{}">Hand in a file</a>', address)
    address = reverse("admin:topics_transcript_change", args=[known.pk])
    state = "Read through by a person" if known.reviewed else "Machine-made, not reviewed"
    return format_html('<a href="{}">{}</a>', address, state)


class SponsorInline(OfEpisode):
    model = Sponsor
    fields = ("name", "url", "text")
