"""Words are the same in Python and in the database."""

import pytest
from django.db import connection
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.words import words

LETTERS = "abcxyzé0129$%, ß日ﬁ½™İŞ’'–-_.#+/&“”…🙂\u0301\n"


def in_database(text: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_plain(%s)", [text])
        (plain,) = cursor.fetchone()
    return plain.split(" ") if plain else []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C# and F#, not A#", "csharp and fsharp not a"),
        (".NET, ASP.NET and example.net", "dotnet asp dotnet and example net"),
        ("C++/C", "cplusplus c"),
        ("Node.js, CI/CD, full-text", "node js ci cd full text"),
        ("a dead man’s snitch; don't", "a dead man snitch dont"),
        ("Café Zürich — $3,000, 1,000k, 50%", "cafe zurich dollar 3000 1000k 50 percent"),
        ("1,2 and 1,0000 and 1,234,567", "1 2 and 1 0000 and 1234567"),
        ("…", ""),
    ],
)
def test_how_words_are_spelt(text: str, expected: str) -> None:
    assert " ".join(word.text for word in words(text)) == expected


@pytest.mark.django_db
@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from(LETTERS), max_size=30))
@example("asp.net.net c++++ c## 's s's's x's'")
def test_the_same_words_in_the_database(text: str) -> None:
    assert [word.text for word in words(text)] == in_database(text)


@given(st.text(max_size=60))
def test_places_are_in_the_text_and_in_order(text: str) -> None:
    end = 0
    for word in words(text):
        assert end <= word.start < word.end <= len(text) or word.start < end
        assert 0 <= word.start < word.end <= len(text)
        end = word.end
