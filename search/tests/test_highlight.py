"""What matched is marked, and a long text cut around it."""

import re

import pytest
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from search.query.tokenizer import words
from search.retrieval.highlight import LONGEST, marked

LONG = "They said so. " * 40 + "Then the <database> went down & nobody knew. " + "And on. " * 40


def mark(text: str, *wanted: str) -> str:
    said = words(text)
    places = [place for place, word in enumerate(said) if word.text in wanted]
    return marked(text, said, [(place, place) for place in places])


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("went down & up", "<mark>went down</mark> &amp; up"),
        ("Down <b>went</b>", "<mark>Down</mark> &lt;b&gt;<mark>went</mark>&lt;/b&gt;"),
        ("nothing", "nothing"),
        ("", ""),
    ],
)
def test_marks(text: str, html: str) -> None:
    assert mark(text, "went", "down") == html


def test_a_long_text_is_cut_around_what_matched() -> None:
    html = mark(LONG, "database", "down")
    assert "<mark>database</mark>&gt; went <mark>down</mark> &amp; nobody" in html
    assert re.match(r"… \w", html)
    assert re.search(r"\w …$", html)
    assert len(strip_tags(html)) <= LONGEST + 40


def test_where_most_of_it_meets() -> None:
    assert "<mark>database</mark>" in mark("A database. " + LONG, "database", "down")
    assert "<mark>down</mark>" in mark("A database. " + LONG, "database", "down")


def test_a_long_text_without_a_match_is_cut_too() -> None:
    assert mark(LONG).startswith("They said so.")
    assert mark(LONG).endswith(" …")


@given(st.text(alphabet="ab <&.…é", max_size=600))
def test_all_that_is_shown_is_the_texts_own(text: str) -> None:
    html = mark(text, "a", "ab")
    shown = re.sub(r"</?mark>", "", html).removeprefix("… ").removesuffix(" …")
    assert shown.replace("&lt;", "<").replace("&amp;", "&") in text
    assert re.sub(r"</?mark>|&(?:lt|amp);", "", html).count("<") == 0
