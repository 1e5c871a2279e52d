"""Readable differences between two drafts of an episode. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from notes.grammar.draft import Draft, GuestDraft, LinkDraft, TopicDraft
from notes.matching import match_topics
from text.timecode import format_timecode

TOKEN = re.compile(r"\s*\S+")
# Beyond these limits a comparison is slow; both texts are then shown in full. Its time is cubic in
# words or lines that occur again and again, but for blank lines.
MOST_WORDS = 600
MOST_LINES = 1000
MOST_REPEATED = 20  # how often one occurs in the other text, on average


@dataclass(frozen=True, slots=True)
class DiffSpan:
    """Words that two texts share, or that only one of them has."""

    kind: str  # "same", "deleted" or "inserted"
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs, how (“added”, “reworded”), and its words before and after."""

    what: str
    how: str
    spans: tuple[DiffSpan, ...] = ()


def diff_drafts(before: Draft, after: Draft) -> list[Difference]:
    """All differences, in the order of the notes."""
    return [
        *_text("Title", before.title, after.title),
        *_guests(before.guests, after.guests),
        *_text("Summary", before.summary, after.summary),
        *_introduction(before.introduction, after.introduction),
        *_topics(before.topics, after.topics),
        *_links("Reference", before.references, after.references),
        *_names(before.technologies, after.technologies),
        *_links("Library", before.libraries, after.libraries),
    ]


def diff_words(before: str, after: str) -> tuple[DiffSpan, ...]:
    """Both texts merged word by word."""
    # In white space at the end, each character would be a beginning to try.
    old, new = TOKEN.findall(before.rstrip()), TOKEN.findall(after.rstrip())
    if _is_slow(old, new, MOST_WORDS):
        return (DiffSpan("deleted", before), DiffSpan("inserted", after))
    spans = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            spans.append(DiffSpan("same", "".join(old[a:b])))
        else:
            spans += [
                DiffSpan("deleted", "".join(old[a:b])),
                DiffSpan("inserted", "".join(new[c:d])),
            ]
    return tuple(span for span in spans if span.text)


def _is_slow(old: list[str], new: list[str], most: int) -> bool:
    longest = max(len(old), len(new))
    count = Counter(filter(str.strip, new))
    return longest > most or sum(count[each] for each in old) > MOST_REPEATED * longest


def _is_blank(line: str) -> bool:
    return not line.strip()


def _text(what: str, before: str, after: str) -> Iterator[Difference]:
    if before != after:
        yield Difference(what, _how(before, after, "reworded"), diff_words(before, after))


def _how(before: object, after: object, both: str) -> str:
    if before and after:
        return both
    return "added" if after else "removed"


def _introduction(before: str, after: str) -> Iterator[Difference]:
    """The differences of the introductions, by line; equal lines are left out."""
    if before == after:
        return
    old, new = before.split("\n"), after.split("\n")
    if _is_slow(old, new, MOST_LINES):
        yield Difference("Introduction", _how(before, after, "reworded"))
        return
    for tag, a, b, c, d in SequenceMatcher(_is_blank, old, new, autojunk=False).get_opcodes():
        one, other = "\n".join(old[a:b]), "\n".join(new[c:d])
        if tag != "equal" and (one.strip() or other.strip()):
            yield Difference("Introduction", _how(one, other, "reworded"), diff_words(one, other))


def _topics(before: Sequence[TopicDraft], after: Sequence[TopicDraft]) -> Iterator[Difference]:
    matches = match_topics(before, after)
    for topic, match in zip(after, matches, strict=True):
        time = format_timecode(topic.seconds)
        if match is None:
            yield Difference(f"Topic {time}", "added", (DiffSpan("inserted", topic.text),))
            continue
        old = before[match]
        moved, reworded = old.seconds != topic.seconds, old.text != topic.text
        if moved or reworded:
            was = f"Topic {format_timecode(old.seconds)}"
            how = " and ".join(
                word for word in (moved and f"moved to {time}", reworded and "reworded") if word
            )
            yield Difference(was, how, diff_words(old.text, topic.text))
    for index in sorted(set(range(len(before))) - set(matches)):
        old = before[index]
        gone = (DiffSpan("deleted", old.text),)
        yield Difference(f"Topic {format_timecode(old.seconds)}", "removed", gone)


def _names(before: Sequence[str], after: Sequence[str]) -> Iterator[Difference]:
    yield from _listed("Technology", before, after, str)
    if before != after and set(before) == set(after):
        yield Difference(
            "Technologies", "in another order", (DiffSpan("inserted", ", ".join(after)),)
        )


def _guests(before: Sequence[GuestDraft], after: Sequence[GuestDraft]) -> Iterator[Difference]:
    titles = {guest.name: guest.title for guest in before}
    yield from _listed("Guest", [g.name for g in before], [g.name for g in after], str)
    for guest in after:
        if guest.name in titles:
            yield from _text(f"Title of {guest.name}", titles[guest.name], guest.title)


def _links(
    what: str, before: Sequence[LinkDraft], after: Sequence[LinkDraft]
) -> Iterator[Difference]:
    yield from _listed(what, before, after, _link)
    if before != after and Counter(before) == Counter(after):
        yield Difference(f"{what} list", "in another order")


def _link(link: LinkDraft) -> str:
    return " ".join(filter(None, (link.label, link.url, link.note and f"({link.note})")))


def _listed(
    what: str, before: Iterable[Any], after: Iterable[Any], words: Callable[[Any], str]
) -> Iterator[Difference]:
    old: Counter[Hashable] = Counter(before)
    new: Counter[Hashable] = Counter(after)
    for item in (new - old).elements():
        yield Difference(what, "added", (DiffSpan("inserted", words(item)),))
    for item in (old - new).elements():
        yield Difference(what, "removed", (DiffSpan("deleted", words(item)),))
