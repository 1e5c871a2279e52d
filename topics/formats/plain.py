"""Plain text with a time for each speech: `Nick Janetakis: 12:34`, its words below or behind."""

import re
from dataclasses import dataclass, replace

from text.problems import Problem, error, warning
from topics.formats.clock import parse_clock
from topics.formats.cues import CueDraft, Parsed, file_lines, is_speaker_name, tidy, tidy_lines

TIME = r"(?P<time>\d{1,3}(?::\d\d){1,2}(?:\.\d{1,3})?)"
HEADINGS = (
    # Nick: 12:34 · Nick: [12:34] Welcome
    re.compile(rf"(?P<name>[^:]{{1,60}}):\s+[\[(]?{TIME}[\])]?(?:\s+(?P<words>.*))?", re.ASCII),
    # Nick (12:34) · Nick [12:34]: Welcome
    re.compile(rf"(?P<name>[^:\[(]{{1,60}})[\[(]{TIME}[\])]:?(?:\s+(?P<words>.*))?", re.ASCII),
    # Nick 12:34
    re.compile(rf"(?P<name>[^:]{{1,60}}?)\s+{TIME}(?P<words>)", re.ASCII),
    # 12:34 Nick: Welcome
    re.compile(rf"[\[(]?{TIME}[\])]?\s+(?P<name>[^:]{{1,60}}):(?P<words>.*)", re.ASCII),
    # 12:34 · [12:34] Welcome
    re.compile(rf"{TIME}(?P<name>)(?P<words>)", re.ASCII),
    re.compile(rf"[\[(]{TIME}[\])](?P<name>)(?P<words>.*)", re.ASCII),
)
SPEAKING_RATE = 400  # milliseconds a word: 150 words a minute


@dataclass(slots=True)
class _Speech:
    start: int
    speaker: str
    line: int
    words: list[str]

    def cue(self) -> CueDraft:
        text = tidy_lines("\n".join(self.words))
        end = self.start + len(text.split()) * SPEAKING_RATE
        return CueDraft(self.start, end, text, self.speaker, line=self.line)


def parse_plain(text: str) -> Parsed:
    """A cue for each speech, and what is wrong with the file.

    The text says when a speech starts: it lasts until the next, the last one for as long as
    its words take to say.
    """
    speeches: list[_Speech] = []
    problems: list[Problem] = []
    for number, line in enumerate(file_lines(text), start=1):
        stripped = line.strip()
        heading = _heading(stripped)
        if heading:
            try:
                start = parse_clock(heading["time"])
            except ValueError as wrong:
                problems.append(error(str(wrong), number, field="time", value=stripped))
                continue
            if speeches and start < speeches[-1].start:
                message = "This speech starts before the one above it."
                problems.append(error(message, number, field="time", value=stripped))
            speaker = tidy(heading["name"])
            speeches.append(_Speech(start, speaker, number, [heading["words"] or ""]))
        elif speeches:
            speeches[-1].words.append(line)
        elif stripped:
            message = "This stands before the first time; left out."
            problems.append(warning(message, number, field="text", value=stripped))
    cues = [speech.cue() for speech in speeches]
    for cue in cues:
        if not cue.text:
            message = "This speech has no words; left out."
            problems.append(warning(message, cue.line, field="speaker", value=cue.speaker))
    spoken = [cue for cue in cues if cue.text]
    lasting = [
        replace(cue, end=max(cue.start, following.start))
        for cue, following in zip(spoken, spoken[1:], strict=False)
    ]
    return lasting + spoken[-1:], problems


def _heading(line: str) -> re.Match[str] | None:
    """Speaker, time and words of a line that opens a speech."""
    for pattern in HEADINGS:
        match = pattern.fullmatch(line)
        if match and (not match["name"] or is_speaker_name(match["name"])):
            return match
    return None
