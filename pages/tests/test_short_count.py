"""Counts, shortened."""

import pytest

from pages.templatetags.formatting import short_count


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0"), (1, "1"), (999, "999"), (1000, "1,000"), (1001, "1,000+"), (10**9, "1,000+")],
)
def test_short_count(count: int, words: str) -> None:
    assert short_count(count) == words
