"""Differences of texts, also of those that nobody would write."""

from dataclasses import replace

import pytest

from desk.history.optimistic_lock import values_in
from desk.writing.diff import DiffSpan, diff_drafts, diff_words
from notes.grammar.draft import Draft
from notes.tests.work import calls


def test_words_that_both_texts_have_are_shown_once() -> None:
    assert diff_words("The old  site ", "The new  site") == (
        DiffSpan("same", "The"),
        DiffSpan("deleted", " old"),
        DiffSpan("inserted", " new"),
        DiffSpan("same", "  site"),
    )


def test_white_space_takes_no_time() -> None:
    """Quadratic time would be minutes, and hold up all threads of the process."""
    space = " " * 600_000
    assert diff_words(f"a{space}", "a") == (DiffSpan("same", "a"),)
    assert diff_words(space, f"{space}a") == (DiffSpan("inserted", f"{space}a"),)


@pytest.mark.parametrize("words", ["a", "a b c"])
def test_repeated_words_are_not_compared(words: str) -> None:
    before, after = f"{words} " * 190, f"{words} x " * 140
    deleted, inserted = diff_words(before, after)
    assert (deleted.text, inserted.text) == (before, after)


def test_an_introduction_of_repeated_lines_is_not_compared() -> None:
    draft = Draft(introduction="a\n" * 900)
    after = replace(draft, introduction="a\nb\n" * 450)
    assert calls(lambda: diff_drafts(draft, after)) < 20_000
    assert [each.how for each in diff_drafts(draft, after)] == ["reworded"]


def test_odd_values_of_a_form_count_as_none() -> None:
    for value in ("[" * 100_000, "[]", '{"a": 1}', "9" * 5000, ""):
        assert values_in(value) == {}


def test_blank_lines_between_paragraphs_are_no_repetition() -> None:
    paragraphs = [f"Paragraph {number}" for number in range(300)]
    before = Draft(introduction="\n\n".join(paragraphs))
    paragraphs[0] = "Another beginning"
    paragraphs[-1] = "Another end"
    found = diff_drafts(before, Draft(introduction="\n\n".join(paragraphs)))
    assert [(each.how, each.spans[-1].text) for each in found] == [
        ("reworded", "Another beginning"),
        ("reworded", "Another end"),
    ]
