"""Matches topics of new notes with stored ones, so that topics keep their primary keys."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Sequence

from notes.grammar.draft import TopicDraft
from text.markup import plain_text
from text.names import fold_typography

WORD = re.compile(r"\w+")
MARKUP = re.compile(r"[*_`\[\]<>&\\~]")
# Old topics to compare a reworded one with: bounds the work of hopeless cases.
NEARBY = 32


def match_topics(old: Sequence[TopicDraft], new: Sequence[TopicDraft]) -> list[int | None]:
    """For each new topic the index of the old one it continues, each at most once, or None.

    Same time and text first, then same time, then same text; what is left is matched in order
    between its matched neighbours when at least half of the words are the same.
    """
    old_texts = [_folded(topic.text) for topic in old]
    new_texts = [_folded(topic.text) for topic in new]
    matches: list[int | None] = [None] * len(new)
    free = set(range(len(old)))

    def pair(old_key: Callable[[int], Hashable], new_key: Callable[[int], Hashable]) -> None:
        waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
        for index in sorted(free):
            waiting[old_key(index)].append(index)
        for index, match in enumerate(matches):
            if match is None and waiting[new_key(index)]:
                matches[index] = waiting[new_key(index)].popleft()
        free.difference_update(matches)

    pair(lambda i: (old[i].seconds, old_texts[i]), lambda i: (new[i].seconds, new_texts[i]))
    pair(lambda i: old[i].seconds, lambda i: new[i].seconds)
    pair(old_texts.__getitem__, new_texts.__getitem__)
    _pair_reworded(matches, sorted(free), old_texts, new_texts)
    return matches


def _pair_reworded(
    matches: list[int | None], free: list[int], old_texts: list[str], new_texts: list[str]
) -> None:
    """Match the rest, in order, with the likeliest free topic between matched neighbours."""
    words = {index: _words(old_texts[index]) for index in free}
    ceilings = _ceilings(matches, len(old_texts))
    floor = -1
    for index, match in enumerate(matches):
        if match is None:
            first = bisect_right(free, floor)
            last = bisect_left(free, ceilings[index], lo=first)
            nearby = free[first : min(last, first + NEARBY)]
            match = _likeliest(_words(new_texts[index]), nearby, words)
            matches[index] = match
        if match is not None:
            floor = match


def _ceilings(matches: list[int | None], end: int) -> list[int]:
    """For each new topic, the index of the old topic that the next matched one continues."""
    ceilings = []
    for match in reversed(matches):
        ceilings.append(end)
        end = end if match is None else match
    return ceilings[::-1]


def _likeliest(words: set[str], nearby: list[int], old_words: dict[int, set[str]]) -> int | None:
    """The free topic that shares most words, and at least half of them; the first of equals."""

    def share(index: int) -> float:
        return len(words & old_words[index]) / max(len(words), len(old_words[index]), 1)

    best = max(nearby, key=share, default=None)
    return best if best is not None and share(best) >= 0.5 else None


def _folded(text: str) -> str:
    """The words that a reader sees, with plain typography. Text without markup is not rendered."""
    return fold_typography(plain_text(text) if MARKUP.search(text) else text)


def _words(text: str) -> set[str]:
    return set(WORD.findall(text.casefold()))
