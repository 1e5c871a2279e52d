"""Plain text with a time for each speech: `Nick Janetakis: 12:34`, its words below or behind."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from text.problems import Problem, error, warning
from topics.formats.cues import (
    CueDraft,
    Parsed,
    file_lines,
    is_speaker_name,
    parse_clock,
    tidy,
    tidy_lines,
)  # fmt: skip

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
    """A cue for each speech until the next; the last lasts as long as its words take to say."""
    speeches: list[_Speech] = []
    problems: list[Problem] = []
    for number, line in enumerate(file_lines(text), start=1):
        stripped = line.strip()
        if heading := _heading(stripped):
            try:
                start = parse_clock(heading["time"])
            except ValueError as wrong:
                problems.append(error(str(wrong), number, "time", stripped))
                continue
            if speeches and start < speeches[-1].start:
                message = "This speech starts before the one above it."
                problems.append(error(message, number, "time", stripped))
            words = [heading["words"] or ""]
            speeches.append(_Speech(start, tidy(heading["name"]), number, words))
        elif speeches:
            speeches[-1].words.append(line)
        elif stripped:
            message = "This comes before the first time; left out."
            problems.append(warning(message, number, "text", stripped))
    cues = [speech.cue() for speech in speeches]
    message = "This speech has no words; left out."
    problems += [warning(message, cue.line, "speaker", cue.speaker) for cue in cues if not cue.text]
    spoken = [cue for cue in cues if cue.text]
    lasting = [replace(cue, end=max(cue.start, after.start)) for cue, after in pairwise(spoken)]
    return lasting + spoken[-1:], problems


def _heading(line: str) -> re.Match[str] | None:
    """Speaker, time and words of a line that opens a speech."""
    for pattern in HEADINGS:
        match = pattern.fullmatch(line)
        if match and (not match["name"] or is_speaker_name(match["name"])):
            return match
    return None
