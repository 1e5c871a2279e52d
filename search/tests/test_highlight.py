"""Matches are highlighted, and a long text is cut around them."""

import re

import pytest
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from search.query.tokenizer import tokenize
from search.retrieval.highlight import MAX_EXCERPT, highlight, text_fragment

LONG = "They said so. " * 40 + "Then the <database> went down & nobody knew. " + "And on. " * 40


def mark(text: str, *wanted: str) -> str:
    tokens = tokenize(text)
    found = [index for index, token in enumerate(tokens) if token.text in wanted]
    return highlight(text, tokens, [(index, index) for index in found])


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("went down & up", "<mark>went down</mark> &amp; up"),
        ("Down <b>went</b>", "<mark>Down</mark> &lt;b&gt;<mark>went</mark>&lt;/b&gt;"),
        ("nothing", "nothing"),
        ("", ""),
    ],
)
def test_matches_stand_in_mark_elements(text: str, html: str) -> None:
    assert mark(text, "went", "down") == html


def test_a_long_text_is_cut_around_its_matches() -> None:
    html = mark(LONG, "database", "down")
    assert "<mark>database</mark>&gt; went <mark>down</mark> &amp; nobody" in html
    assert re.match(r"… \w", html)
    assert re.search(r"\w …$", html)
    assert len(strip_tags(html)) <= MAX_EXCERPT + 40


def test_the_excerpt_holds_most_matches() -> None:
    assert "<mark>database</mark>" in mark("A database. " + LONG, "database", "down")
    assert "<mark>down</mark>" in mark("A database. " + LONG, "database", "down")


def test_a_long_text_without_a_match_is_cut_too() -> None:
    assert mark(LONG).startswith("They said so.")
    assert mark(LONG).endswith(" …")


@given(st.text(alphabet="ab <&.…é", max_size=600))
def test_nothing_is_shown_that_is_not_in_the_text(text: str) -> None:
    html = mark(text, "a", "ab")
    shown = re.sub(r"</?mark>", "", html).removeprefix("… ").removesuffix(" …")
    assert shown.replace("&lt;", "<").replace("&amp;", "&") in text
    assert re.sub(r"</?mark>|&(?:lt|amp);", "", html).count("<") == 0


@pytest.mark.parametrize(
    ("text", "word", "fragment"),
    [
        ("It began here.", "began", "#:~:text=It%20began%20here."),
        ("one two three four five six", "five", "#:~:text=two%20three%20four%20five%20six"),
        ("a  well-known\nway, & on", "known", "#:~:text=a%20well%2Dknown%20way%2C%20%26%20on"),
        ("with Node.js, they", "node", "#:~:text=with%20Node.js%2C%20they"),
        ("no match", "docker", "#:~:text=no%20match"),
        ("", "docker", ""),
    ],
)  # fmt: skip
def test_a_text_fragment_is_whole_words_around_the_match(
    text: str, word: str, fragment: str
) -> None:
    tokens = tokenize(text)
    spans = [(at, at) for at, token in enumerate(tokens) if token.text == word]
    assert text_fragment(text, tokens, spans) == fragment
