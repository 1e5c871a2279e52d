"""What differs between two drafts of an episode, said so that its host can read it. Pure."""

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
# Beyond these, comparing takes longer than a reader would: the whole is shown instead.
MOST_WORDS = 600
MOST_LINES = 5000


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stay, go or come."""

    how: str  # "same", "gone" or "new"
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: what of the episode, how it changes, and its words before and after."""

    what: str
    how: str
    pieces: tuple[Piece, ...] = ()


def changes(before: Draft, after: Draft) -> list[Change]:
    """Everything that differs, in the order of the notes; empty when nothing does."""
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


def word_pieces(before: str, after: str) -> tuple[Piece, ...]:
    """The two texts as one, word by word: what stays, what goes, what comes."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        return (Piece("gone", before), Piece("new", after))
    pieces = []
    for how, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        pieces += [Piece("gone", "".join(old[a:b])), Piece("new", "".join(new[c:d]))]
    return tuple(piece for piece in pieces if piece.text)


def _text(what: str, before: str, after: str) -> Iterator[Change]:
    if before != after:
        yield Change(what, _how(before, after, "reworded"), word_pieces(before, after))


def _how(before: object, after: object, both: str) -> str:
    if before and after:
        return both
    return "added" if after else "removed"


def _introduction(before: str, after: str) -> Iterator[Change]:
    """Line by line; only lines that differ are shown."""
    if before == after:
        return
    old, new = before.split("\n"), after.split("\n")
    if max(len(old), len(new)) > MOST_LINES:
        yield Change("Introduction", _how(before, after, "reworded"))
        return
    for how, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how != "equal":
            gone, come = "\n".join(old[a:b]), "\n".join(new[c:d])
            if gone.strip() or come.strip():
                yield Change("Introduction", _how(gone, come, "reworded"), word_pieces(gone, come))


def _topics(before: Sequence[TopicDraft], after: Sequence[TopicDraft]) -> Iterator[Change]:
    matches = match_topics(before, after)
    for topic, match in zip(after, matches, strict=True):
        time = format_timecode(topic.seconds)
        if match is None:
            yield Change(f"Topic {time}", "added", (Piece("new", topic.text),))
            continue
        old = before[match]
        moved, reworded = old.seconds != topic.seconds, old.text != topic.text
        if moved or reworded:
            was = f"Topic {format_timecode(old.seconds)}"
            how = " and ".join(
                word for word in (moved and f"moved to {time}", reworded and "reworded") if word
            )
            yield Change(was, how, word_pieces(old.text, topic.text))
    for index in sorted(set(range(len(before))) - set(matches)):
        old = before[index]
        gone = (Piece("gone", old.text),)
        yield Change(f"Topic {format_timecode(old.seconds)}", "removed", gone)


def _names(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    yield from _listed("Technology", before, after, str)
    if before != after and set(before) == set(after):
        yield Change("Technologies", "in another order", (Piece("new", ", ".join(after)),))


def _guests(before: Sequence[GuestDraft], after: Sequence[GuestDraft]) -> Iterator[Change]:
    titles = {guest.name: guest.title for guest in before}
    yield from _listed("Guest", [g.name for g in before], [g.name for g in after], str)
    for guest in after:
        if guest.name in titles:
            yield from _text(f"Title of {guest.name}", titles[guest.name], guest.title)


def _links(what: str, before: Sequence[LinkDraft], after: Sequence[LinkDraft]) -> Iterator[Change]:
    yield from _listed(what, before, after, _link)
    if before != after and Counter(before) == Counter(after):
        yield Change(f"{what} list", "in another order")


def _link(link: LinkDraft) -> str:
    return " ".join(filter(None, (link.label, link.url, link.note and f"({link.note})")))


def _listed(
    what: str, before: Iterable[Any], after: Iterable[Any], words: Callable[[Any], str]
) -> Iterator[Change]:
    old: Counter[Hashable] = Counter(before)
    new: Counter[Hashable] = Counter(after)
    for item in (new - old).elements():
        yield Change(what, "added", (Piece("new", words(item)),))
    for item in (old - new).elements():
        yield Change(what, "removed", (Piece("gone", words(item)),))
