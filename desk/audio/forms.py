"""Forms for uploading a recording and for moving topics."""

from typing import Any

from django import forms

from desk.audio.recording import (
    Recording,
    UnreadableURL,
    extension_mismatch,
    probe_source,
    store_upload,
)
from desk.fields import TimecodeField
from episodes.models import Enclosure, Episode
from media.audio import AUDIO_ENDINGS, MP3, AudioInfo, NotAudio
from notes.shift_times import Move
from text.timecode import MAX_SECONDS
from text.urls import is_web_url

TYPES = [(kind, ending[1:].upper()) for kind, ending in AUDIO_ENDINGS.items()]
ACCEPTED = ",".join([*AUDIO_ENDINGS, *AUDIO_ENDINGS.values()])


class RecordingForm(forms.Form):
    """A file or an address. Facts are asked for only if they can't be read."""

    file = forms.FileField(
        required=False,
        max_length=200,
        help_text="Choose an MP3 or M4A file. Its length and size are read from it.",
        widget=forms.FileInput({"accept": ACCEPTED}),
    )
    url = forms.URLField(
        label="Or its address on the web",
        required=False,
        max_length=1000,
        assume_scheme="https",
        help_text="The recording stays there; apps are redirected to it.",
        widget=forms.URLInput({"size": 60}),
    )
    seconds = TimecodeField(
        label="Length", required=False, help_text="Enter a time such as 1:02:03."
    )
    bytes = forms.IntegerField(label="Size in bytes", required=False, min_value=1)
    type = forms.ChoiceField(choices=TYPES, required=False)

    def __init__(self, current: Enclosure | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.current = current
        self.info: AudioInfo | None = None
        self.asks_for_facts = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file, url = cleaned.get("file"), cleaned.get("url")
        if self.errors:
            return cleaned
        if bool(file) == bool(url):
            self.add_error(None, "Choose a file or enter an address, not both.")
            return cleaned
        source = "file" if file else "url"
        try:
            self.info = probe_source(file) if file else self._probe(str(url))
        except NotAudio as error:
            self.add_error(source, str(error))
        if self.info and self.current:
            mismatch = extension_mismatch(self.current.name, self.info.type)
            if mismatch:
                self.add_error(source, mismatch)
        return cleaned

    def _probe(self, url: str) -> AudioInfo | None:
        """The facts read from the URL, else the typed ones. Asks for these if they are missing."""
        if not is_web_url(url):
            self.add_error("url", "Enter an address that begins with https://.")
            return None
        try:
            return probe_source(url)
        except UnreadableURL as error:
            typed = self.cleaned_data
            if typed.get("seconds") and typed.get("bytes"):
                return AudioInfo(
                    typed.get("type") or MP3,
                    typed["seconds"],
                    typed["bytes"],
                    f"The address could not be read ({error}) The site uses your values as typed.",
                )
            self.asks_for_facts = True
            self.add_error(
                "url", f"The address could not be read: {error} Enter its length and size."
            )
            return None

    def store(self, episode: Episode) -> Recording:
        """The recording of a valid form; an uploaded file is stored. Raises OSError."""
        file, info = self.cleaned_data.get("file"), self.info
        if info is None:
            raise ValueError("the form is not valid")
        if file:
            return store_upload(file, info, episode)
        return Recording.of(info, url=self.cleaned_data["url"])


class MoveForm(forms.Form):
    """Where a recording was cut or extended, and by how much."""

    NOTHING, START, MIDDLE = "nothing", "start", "middle"

    where = forms.ChoiceField(
        label="Which times change?",
        choices=[
            (NOTHING, "None: everything is said at the same time as before"),
            (START, "All: something was added or cut at the start"),
            (MIDDLE, "Some: something was added or cut later"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Say which times change."},
    )
    at = TimecodeField(
        label="At which time",
        required=False,
        help_text="Enter the time in the former recording at which something was added or cut.",
    )
    by = forms.IntegerField(
        label="Seconds added",
        required=False,
        min_value=-MAX_SECONDS,
        max_value=MAX_SECONDS,
        widget=forms.NumberInput({"step": 1}),
        help_text="Enter −12 if twelve seconds were cut.",
    )

    def __init__(self, *args: Any, is_needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_needed = self.fields["where"].required = is_needed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        where = cleaned.get("where")
        if where in (self.START, self.MIDDLE) and not cleaned.get("by") and "by" not in self.errors:
            self.add_error("by", "Enter how many seconds were added, or −12 for twelve cut ones.")
        if where == self.MIDDLE and cleaned.get("at") is None and "at" not in self.errors:
            self.add_error("at", "Enter the time at which something was added or cut.")
        return cleaned

    def move(self) -> Move | None:
        """None if the form is invalid, or moves nothing."""
        if not self.is_valid() or self.cleaned_data["where"] not in (self.START, self.MIDDLE):
            return None
        is_start = self.cleaned_data["where"] == self.START
        return Move(0 if is_start else self.cleaned_data["at"], self.cleaned_data["by"])
