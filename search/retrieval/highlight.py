"""Highlighting: a text as HTML with its matches in <mark>, a long one cut around them."""

from collections.abc import Collection, Sequence
from urllib.parse import quote

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from search.query.tokenizer import Token

Span = tuple[int, int]  # the first and last token, or character

MAX_EXCERPT = 240  # characters
LEADING = 60  # of them, before the first match
CONTEXT = 3  # words before and after a match in a text fragment


def highlight(text: str, tokens: Sequence[Token], spans: Collection[Span]) -> SafeString:
    """The text with these spans of its tokens in <mark>, adjacent ones in one."""
    matches = [(tokens[first].start, tokens[last].end) for first, last in _merged(spans)]
    start, end = _excerpt(text, tokens, matches)
    html = ["… " if start else ""]
    position = start
    for first, last in matches:
        if start <= first and last <= end:
            html.append(escape(text[position:first]))
            html.append(format_html("<mark>{}</mark>", text[first:last]))
            position = last
    html.append(escape(text[position:end]))
    html.append(" …" if end < len(text) else "")
    return SafeString("".join(html))


def text_fragment(text: str, tokens: Sequence[Token], spans: Collection[Span]) -> str:
    """The URL fragment with which browsers scroll to the first match (WICG, Text Fragments)."""
    if not tokens:
        return ""
    first, last = min(spans, default=(0, 0))
    start = tokens[max(0, first - CONTEXT)].start
    end = tokens[min(last + CONTEXT, len(tokens) - 1)].end
    # Whole words as browsers see them: Node.js is one.
    start -= len(text[:start].split()[-1]) if text[:start][-1:].strip() else 0
    end += len(text[end:].split()[0]) if text[end : end + 1].strip() else 0
    words = " ".join(text[start:end].split())
    return "#:~:text=" + quote(words, safe="").replace("-", "%2D")


def _merged(spans: Collection[Span]) -> list[Span]:
    merged: list[Span] = []
    for token in sorted({token for first, last in spans for token in range(first, last + 1)}):
        if merged and merged[-1][1] == token - 1:
            merged[-1] = (merged[-1][0], token)
        else:
            merged.append((token, token))
    return merged


def _excerpt(text: str, tokens: Sequence[Token], matches: Sequence[Span]) -> Span:
    """The characters to show: no cut words, around as many matches as fit."""
    if len(text) <= MAX_EXCERPT or not tokens:
        return 0, len(text)

    def fitting(start: int) -> int:
        end = start + MAX_EXCERPT - LEADING
        return sum(start <= first and last <= end for first, last in matches)

    first = max((first for first, _ in matches), key=lambda at: (fitting(at), -at), default=0)
    start = 0
    if first > LEADING:
        start = min(token.start for token in tokens if first - LEADING <= token.start <= first)
    ends = [token.end for token in tokens if start < token.end <= start + MAX_EXCERPT]
    end = max(ends, default=start + MAX_EXCERPT)
    return start, len(text) if end == tokens[-1].end else end
