"""A text as HTML: what matched in <mark>, and of a long one the part around that."""

from collections.abc import Collection, Sequence

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from search.query.tokenizer import Word

Span = tuple[int, int]  # first and last word

LONGEST = 240  # characters: more isn't read at a glance
BEFORE = 60  # of them, before what matched


def marked(text: str, said: Sequence[Word], spans: Collection[Span]) -> SafeString:
    """The text, whose words are `said`, with the spans in <mark>; neighbours in one."""
    places = [(said[first].start, said[last].end) for first, last in _merged(spans)]
    start, end = _excerpt(text, said, places)
    html = ["… " if start else ""]
    here = start
    for first, last in places:
        if start <= first and last <= end:
            html.append(escape(text[here:first]))
            html.append(format_html("<mark>{}</mark>", text[first:last]))
            here = last
    html.append(escape(text[here:end]))
    html.append(" …" if end < len(text) else "")
    return SafeString("".join(html))


def _merged(spans: Collection[Span]) -> list[Span]:
    places = {place for first, last in spans for place in range(first, last + 1)}
    merged: list[Span] = []
    for place in sorted(places):
        if merged and merged[-1][1] == place - 1:
            merged[-1] = (merged[-1][0], place)
        else:
            merged.append((place, place))
    return merged


def _excerpt(text: str, said: Sequence[Word], places: Sequence[Span]) -> Span:
    """From which character to which: whole words, around as much of what matched as fits."""
    if len(text) <= LONGEST or not said:
        return 0, len(text)

    def reached(start: int) -> int:
        return sum(start <= first and last <= start + LONGEST - BEFORE for first, last in places)

    first = max(
        (first for first, _ in places), key=lambda start: (reached(start), -start), default=0
    )
    if first <= BEFORE:
        start = 0
    else:
        start = min(word.start for word in said if first - BEFORE <= word.start <= first)
    fits = [word.end for word in said if start < word.end <= start + LONGEST]
    end = max(fits, default=start + LONGEST)
    return start, len(text) if end == said[-1].end else end
