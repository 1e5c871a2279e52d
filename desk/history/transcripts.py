"""What differs between two versions of a transcript."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from desk.history.differences import replaced
from desk.writing.diff import Difference, diff_words
from guests.models import Guest
from notes.models import Revision
from text.timecode import format_timecode
from topics.formats.cues import CueDraft
from topics.models import TranscriptVersion
from topics.paragraphs import write_text
from topics.versions import CueValues, cues_in

Key = tuple[int, int, int]  # start, end, and which of several cues at these times
LONGEST_TEXT = 500_000  # characters
MOST_REWORDED = 100  # lines whose words are compared
Names = Mapping[int, str]  # of guests


def transcript_changes(
    pairs: Iterable[tuple[Revision | None, Revision | None]],
) -> list[list[Difference]]:
    """What each pair of revisions, older and newer, says of a transcript.

    One query for the versions that differ, and one for the names of their guests.
    """
    keys = [(_version(older), _version(newer)) for older, newer in pairs]
    changed = {key for pair in keys if pair[0] != pair[1] for key in pair if key}
    versions = TranscriptVersion.objects.in_bulk(changed) if changed else {}
    cues = (cue for each in versions.values() for cue in cues_in(each))
    guests = {cue.guest_id for cue in cues if cue.guest_id}
    rows = Guest.objects.filter(pk__in=guests) if guests else Guest.objects.none()
    names = dict(rows.values_list("pk", "name"))
    return [
        version_differences(versions.get(old or 0), versions.get(new or 0), names)
        if old != new
        else []
        for old, new in keys
    ]


def _version(revision: Revision | None) -> int | None:
    return revision.transcript_id if revision else None


def transcript_text(revision: Revision) -> str:
    """The transcript of the revision to read; empty without one."""
    version = revision.transcript
    if version is None:
        return ""
    cues = list(cues_in(version))
    guests = {cue.guest_id for cue in cues if cue.guest_id}
    names = dict(Guest.objects.filter(pk__in=guests).values_list("pk", "name"))
    shown = [
        CueDraft(cue.start, cue.end, cue.text, shown_speaker(cue, names), language=cue.language)
        for cue in cues
    ]
    return write_text(shown)[:LONGEST_TEXT]


def version_differences(
    old: TranscriptVersion | None, new: TranscriptVersion | None, names: Names
) -> list[Difference]:
    """Added, removed or reworded lines, other speakers, and what is true of the whole."""
    if old is None or new is None:
        return [Difference("Transcript", "added" if new else "removed")]
    return [
        *cue_differences(cues_in(old), cues_in(new), names),
        *replaced("Transcript: language", old.language, new.language),
        *replaced("Transcript: reviewed", old.reviewed, new.reviewed),
    ]


def cue_differences(
    old: Iterable[CueValues], new: Iterable[CueValues], names: Names
) -> Iterator[Difference]:
    """What became of the cues, which are compared by their times."""
    before, after = _by_times(old), _by_times(new)
    if list(before) != list(after) and _words(before) == _words(after):
        yield Difference("Transcript", f"times moved, of {_lines(len(after))}")
        return
    speakers: Counter[tuple[str, str]] = Counter()
    reworded = 0
    for key, cue in after.items():
        former = before.get(key)
        if former is None:
            continue
        if former.text != cue.text:
            reworded += 1
            if reworded <= MOST_REWORDED:
                spans = diff_words(former.text, cue.text)
                yield Difference(f"Transcript at {_time(cue)}", "reworded", spans)
        was, is_now = (shown_speaker(each, names) for each in (former, cue))
        if was != is_now:
            speakers[was, is_now] += 1
    if reworded > MOST_REWORDED:
        more = reworded - MOST_REWORDED
        yield Difference("Transcript", f"reworded in {_lines(more)} more")
    for (was, is_now), count in speakers.items():
        yield from replaced(f"Speaker in {_lines(count)}", was, is_now)
    for how, cues, others in (("removed", before, after), ("added", after, before)):
        yield from _only_in(how, cues, others)


def shown_speaker(cue: CueValues, names: Names) -> str:
    """The guest's name, or as the file names the speaker."""
    return names.get(cue.guest_id or 0, cue.speaker)


def _only_in(
    how: str, cues: Mapping[Key, CueValues], others: Mapping[Key, CueValues]
) -> Iterator[Difference]:
    only = [cue for key, cue in cues.items() if key not in others]
    if only:
        where = f"{_lines(len(only))}, from {_time(only[0])}"
        yield Difference(f"Transcript: {where}", how)


def _by_times(cues: Iterable[CueValues]) -> dict[Key, CueValues]:
    ordered = sorted(cues, key=lambda cue: (cue.start, cue.end))
    return {
        (*times, at): cue
        for times, group in groupby(ordered, key=lambda cue: (cue.start, cue.end))
        for at, cue in enumerate(group)
    }


def _words(cues: Mapping[Key, CueValues]) -> list[tuple[str, str]]:
    return [(cue.text, cue.speaker) for cue in cues.values()]


def _time(cue: CueValues) -> str:
    return format_timecode(cue.start // 1000)


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"
