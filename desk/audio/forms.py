"""What a host hands in as a recording, and by how much its topics moved."""

from typing import Any

from django import forms

from desk.audio.recording import (
    Recording,
    Unreadable,
    hold,
    read_address,
    read_upload,
    wrong_ending,
)
from desk.fields import TimecodeField
from episodes.models import Enclosure, Episode
from media.audio import AUDIO_ENDINGS, MP3, AudioInfo, NotAudio
from notes.shift_times import Move
from text.timecode import MAX_SECONDS
from text.urls import is_web_url

TYPES = [(kind, f"{ending[1:].upper()} ({kind})") for kind, ending in AUDIO_ENDINGS.items()]
ACCEPTED = ",".join([*AUDIO_ENDINGS, *AUDIO_ENDINGS.values()])
EITHER = "Choose a file, or give the address of one: one of both."


class RecordingForm(forms.Form):
    """A file, or an address elsewhere; what can be read of it isn't asked for."""

    file = forms.FileField(
        required=False,
        max_length=200,
        help_text="MP3 or M4A. Its length, size and type are read from it.",
        widget=forms.FileInput({"accept": ACCEPTED}),
    )
    url = forms.URLField(
        label="Or its address on the web",
        required=False,
        max_length=1000,
        assume_scheme="https",
        help_text="Where it stays; apps are sent there.",
        widget=forms.URLInput({"size": 60}),
    )
    seconds = TimecodeField(label="Length", required=False, help_text="As 1:02:03.")
    bytes = forms.IntegerField(label="Size in bytes", required=False, min_value=1)
    type = forms.ChoiceField(choices=TYPES, required=False)

    def __init__(self, known: Enclosure | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        self.sound: AudioInfo | None = None
        self.asks_for_facts = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file, url = cleaned.get("file"), cleaned.get("url")
        if self.errors:
            return cleaned
        if bool(file) == bool(url):
            self.add_error(None, EITHER)
            return cleaned
        try:
            self.sound = read_upload(file) if file else self._read(str(url))
        except NotAudio as wrong:
            self.add_error("file" if file else "url", str(wrong))
        if self.sound and self.known:
            wrong_type = wrong_ending(self.known.name, self.sound.type)
            if wrong_type:
                self.add_error("file" if file else "url", wrong_type)
        return cleaned

    def _read(self, url: str) -> AudioInfo | None:
        """What is there; else what was typed, which is asked for when nothing was."""
        if not is_web_url(url):
            self.add_error("url", "An address that begins with https://.")
            return None
        try:
            return read_address(url)
        except Unreadable as why:
            typed = self.cleaned_data
            if typed.get("seconds") and typed.get("bytes"):
                return AudioInfo(
                    typed.get("type") or MP3,
                    typed["seconds"],
                    typed["bytes"],
                    f"The address could not be read ({why}) What you typed about it was taken.",
                )
            self.asks_for_facts = True
            self.add_error("url", f"It could not be read: {why} Please type its length and size.")
            return None

    def hold(self, episode: Episode) -> Recording:
        """What a valid form handed in, stored if it is a file. Raises OSError."""
        file, sound = self.cleaned_data.get("file"), self.sound
        if sound is None:
            raise ValueError("the form is not valid")
        if file:
            return hold(file, sound, episode)
        return Recording.of(sound, url=self.cleaned_data["url"])


class MoveForm(forms.Form):
    """By how much all that comes after a second moved."""

    after = TimecodeField(label="Everything from", help_text="The second at which it changed.")
    by = forms.IntegerField(
        label="begins later by",
        min_value=-MAX_SECONDS,
        max_value=MAX_SECONDS,
        widget=forms.NumberInput({"step": 1}),
        help_text="Seconds; −12 if twelve seconds were cut out.",
    )

    def move(self) -> Move | None:
        """The move asked for; none if the form is wrong or asks for nothing."""
        if not self.is_valid() or not self.cleaned_data["by"]:
            return None
        return Move(self.cleaned_data["after"], self.cleaned_data["by"])
