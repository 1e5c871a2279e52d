"""Audio and sponsor of an episode in its form."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat

from desk.audio.recording import (
    UnreadableURL,
    default_name,
    extension_mismatch,
    probe_source,
)
from desk.fields import TimecodeField
from desk.model_admin import FIELDS
from episodes.models import Enclosure, Episode, Sponsor
from media.audio import MP3, AudioInfo, NotAudio
from notes.write_rows import enclosure_name
from text.timecode import format_timecode

SOURCES = ("file", "url")  # the file wins if both are given


class EnclosureForm(forms.ModelForm):
    """The first recording. Length, size and type are read from it where possible."""

    seconds = TimecodeField(
        label="Length", required=False, help_text="Enter a time such as 1:02:03."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings: list[str] = []
        if "name" in self.fields:
            self.fields["name"].required = False

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        source = next((name for name in SOURCES if self._is_new(name)), None)
        info = self._probe(source, cleaned[source]) if source else None
        if info:
            cleaned |= {"bytes": info.bytes, "seconds": info.seconds, "type": info.type}
            self.warnings += [info.doubt] if info.doubt else []
            if mismatch := extension_mismatch(cleaned.get("name") or "", info.type):
                self.add_error(source, mismatch)
        if "name" in cleaned and not cleaned["name"]:
            episode, kind = cleaned["episode"], cleaned.get("type", MP3)
            cleaned["name"] = enclosure_name(episode, default_name(episode, kind))
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        # Once uploaded, the file isn't a field of this form; validate all the same that the
        # enclosure has a file or an address.
        return super()._get_validation_exclusions() - {"file"}  # type: ignore[misc]

    def _is_new(self, name: str) -> bool:
        return name in self.changed_data and bool(self.cleaned_data.get(name))

    def _probe(self, source: str, value: Any) -> AudioInfo | None:
        """None if it can't be read; the typed values are then used."""
        try:
            return probe_source(value)
        except NotAudio as error:
            self.add_error(source, str(error))
        except UnreadableURL as error:
            self.warnings.append(
                f"The recording’s address could not be read: {error} "
                "The site uses your values as typed."
            )
        return None

    def save(self, commit: bool = True) -> Any:
        if self._is_new("file"):
            self.instance.chapters_due, self.instance.chapters_written = True, ""
        return super().save(commit)


class SingleInline(admin.StackedInline):
    pane = "basics"
    formfield_overrides = FIELDS
    extra = 0
    max_num = 1


class EnclosureInline(SingleInline):
    model = Enclosure
    form = EnclosureForm
    fields = ("file", "url", "name", "seconds", "bytes", "type")
    verbose_name = "audio"

    def get_fields(self, request: HttpRequest, obj: Episode | None = None) -> Any:
        """A recording is replaced on the Audio tab, which shows what changes."""
        audio = getattr(obj, "enclosure", None)
        if audio is None or audio._state.adding:  # a refused form has made one
            return self.fields
        if audio.file:
            return ("name", "facts")
        return self.fields[1:]

    def get_readonly_fields(self, request: HttpRequest, obj: Episode | None = None) -> Any:
        return ("facts",)

    def has_delete_permission(self, request: HttpRequest, obj: Episode | None = None) -> bool:
        """Apps have the recording of an episode that was public once: it is only replaced."""
        was_public = obj is not None and obj.was_ever_public
        return not was_public and super().has_delete_permission(request, obj)

    @admin.display(description="length, size, type")
    def facts(self, audio: Enclosure) -> str:
        length = format_timecode(audio.seconds) if audio.seconds is not None else "unknown length"
        return f"{length}, {filesizeformat(audio.bytes or 0)}, {audio.type}"


class SponsorInline(SingleInline):
    model = Sponsor
    fields = ("name", "url", "text")


def add_warnings(request: HttpRequest, formset: Any) -> None:
    """Show what the host should check about an uploaded recording."""
    for form in formset.forms:
        for warning in getattr(form, "warnings", ()):
            messages.warning(request, warning)
