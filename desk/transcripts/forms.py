"""Forms of the transcript tab."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from desk.transcripts.problems import problem_lines
from episodes.models import Episode
from guests.models import Guest
from text.names import normalise_name
from text.problems import Problem, has_errors
from topics.formats.cues import tidy, tidy_lines
from topics.formats.detect import Reading, read_transcript
from topics.models import Transcript
from transfer.importers.transcript import check, people_by_name, read_file

LARGEST = 9 * 1024 * 1024  # bytes, less than a form may have
LONGEST_QUERY = 200
LONGEST_LINE = 20_000  # characters
LONGEST_SPEAKER = 120
MOST_SPEAKERS = 50  # that are listed and can be named


def number_in(value: str | None) -> int:
    """A line's number; 0 if it is none."""
    is_number = value is not None and value.isascii() and value.isdigit() and len(value) < 8
    return int(value) if is_number and value else 0


def typed_names(posted: Mapping[str, str], people: Mapping[str, Guest]) -> dict[str, str]:
    """The other names (`name-1`) of speakers (`was-1`). Raises ValidationError."""
    names = {}
    for number in range(1, MOST_SPEAKERS + 1):
        was, name = posted.get(f"was-{number}"), tidy(posted.get(f"name-{number}", ""))
        if was is None or name in ("", was):
            continue
        if len(name) > LONGEST_SPEAKER:
            raise ValidationError(
                f"“{name[:40]}…” is longer than {LONGEST_SPEAKER} characters. Nothing was changed."
            )
        person = people.get(normalise_name(name))
        names[was] = person.name if person else name
    return names


class TidyField(forms.CharField):
    """Words as files of transcripts have them: in NFC, without invisible characters."""

    def to_python(self, value: Any) -> str:
        text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
        return tidy_lines(text) if isinstance(self.widget, forms.Textarea) else tidy(text)


class LineForm(forms.Form):
    """One line's words and speaker."""

    text = TidyField(required=False, max_length=LONGEST_LINE, widget=forms.Textarea)
    speaker = TidyField(required=False, max_length=LONGEST_SPEAKER)
    seen = forms.CharField(required=False)


class AboutForm(forms.ModelForm):
    class Meta:
        model = Transcript
        fields = ("language", "reviewed")


class ReplaceForm(forms.Form):
    """Words to replace in all lines."""

    find = TidyField(label="Find", max_length=LONGEST_QUERY)
    by = TidyField(label="Replace by", required=False, max_length=LONGEST_QUERY)
    words = forms.BooleanField(label="Whole words only", required=False)
    case = forms.BooleanField(label="Same capitals only", required=False)

    def pattern(self) -> re.Pattern[str]:
        """What it finds, also across a line's break. The form must be valid."""
        found = r"\s+".join(map(re.escape, self.cleaned_data["find"].split()))
        if self.cleaned_data["words"]:
            found = rf"(?<!\w){found}(?!\w)"
        return re.compile(found, 0 if self.cleaned_data["case"] else re.IGNORECASE)


class UploadForm(forms.Form):
    """A file, or its text pasted. One error refuses it whole."""

    file = forms.FileField(
        required=False,
        label="Choose a file",
        widget=forms.FileInput({"accept": ".vtt,.srt,.json,.txt,text/*,application/json"}),
        help_text="WebVTT, SRT, Podcasting 2.0 JSON, or text with lines such as “Nick: 12:34”. "
        "Speakers are matched by name with the episode’s guests and the host.",
    )
    text = forms.CharField(
        required=False,
        strip=False,
        label="Or paste it",
        widget=forms.Textarea(
            {"rows": 8, "placeholder": "Nick: 0:00\nWelcome to the show …", "spellcheck": "false"}
        ),
    )
    name = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, episode: Episode | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.episode = episode
        self.problems: list[Problem] = []
        self.people: dict[str, Guest] = {}
        self.reading = Reading("", [], [])
        self.source = ""  # the text, for a page that asks before it replaces

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file, pasted = cleaned.get("file"), cleaned.get("text", "")
        if not self.errors and self.episode:
            if not file and not pasted.strip():
                self.add_error("file", "Choose a file or paste its text.")
            elif (file.size if file else len(pasted.encode())) > LARGEST:
                self.add_error("file", "A transcript may have at most 9 MB.")
            else:
                self._read(self.episode, file, pasted)
        return cleaned

    def _read(self, episode: Episode, file: UploadedFile | None, pasted: str) -> None:
        if file:
            data, self.name_read = file.read(), file.name or ""
            self.reading = read_file(data, self.name_read)
            self.source = data.decode("utf-8-sig", errors="replace")
        else:
            self.name_read, self.source = self.cleaned_data.get("name", ""), pasted
            self.reading = read_transcript(pasted, self.name_read)
        self.people = people_by_name(episode)
        names = typed_names(self.data, self.people)
        cues = [
            replace(cue, speaker=names.get(cue.speaker, cue.speaker)) for cue in self.reading.cues
        ]
        self.reading = replace(self.reading, cues=cues)
        self.problems = self.reading.problems + check(self.reading.cues, episode, self.people)
        if has_errors(self.problems):
            lines = problem_lines(self.problems)
            self.add_error("file" if file else "text", ["Nothing was imported.", *lines])
