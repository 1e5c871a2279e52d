"""Python and the database split a text into the same words."""

import pytest
from django.db import connection
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.query.tokenizer import tokenize
from show.migration_operations import sql_file

LETTERS = "abcxyzé0129$%, ß日ﬁ½™İŞ’'–-_.#+/&“”…🙂\u0301\n"
TOKENS = (
    "c++",
    "c#",
    "F#",
    ".net",
    "asp.net",
    "'s",
    "$1,000",
    "x" * 99,
    "㌀" * 40,
    "https://",
    "http：//",
)
SPELT = "SELECT search_normalize(%(text)s), search_vector(%(text)s)::text"
TEXTS = st.lists(st.sampled_from([*LETTERS, *TOKENS]), max_size=20).map("".join)


def in_database(text: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_normalize(%s)", [text])
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
        ("a'c# x's'c++", "a csharp x cplusplus"),
        (f"{'x' * 100} {'x' * 101} y", f"{'x' * 100} y"),
        ("See https://a.org, http://b.org or HTTPS", "see a org b org or https"),
        ("…", ""),
    ],
)
def test_normalization(text: str, expected: str) -> None:
    assert " ".join(word.text for word in tokenize(text)) == expected


@pytest.mark.django_db
@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("asp.net.net c++++ c## 's s's's x's'")
@example("a'c# f'c++ 1's'f# o'cc#")
@example("xhttps://y'http://z https://'s https://https:// .nethttp:// 1,http:// c++https://c#")
@example("㌀" * 200)
@example(f"{'x' * 100} {'x' * 101} {'y' * 102} o'{'x' * 100}'s {'1,000' * 40} z")
def test_the_database_agrees(text: str) -> None:
    assert [word.text for word in tokenize(text)] == in_database(text)


@pytest.mark.django_db
def test_lower_case_does_not_depend_on_the_locale() -> None:
    """A database that only knows ASCII reads words as any other does."""
    text = "ÆSIR Жук ΟΔΟΣ Łódź ÉCOLE"
    other = connection.copy()
    name = other.settings_dict["NAME"] = f"{connection.settings_dict['NAME']}_ascii"
    with connection._nodb_cursor() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 LOCALE 'C'")
        try:
            with other.cursor() as cursor:
                for file in ("search_words.sql", "search_normalize.sql", "search_vector.sql"):
                    cursor.execute(sql_file("search", file).read_text())
                cursor.execute(SPELT, {"text": text})
                plain, vector = cursor.fetchone()
        finally:
            other.close()
            server.execute(f'DROP DATABASE "{name}"')
    assert plain == "æsir жук οδοσ łodz ecole"
    with connection.cursor() as cursor:
        cursor.execute(SPELT, {"text": text})
        assert cursor.fetchone() == (plain, vector)


@pytest.mark.django_db
def test_it_works_with_an_empty_search_path() -> None:
    """As when an index of them is built or analysed, or restored from a dump."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path TO pg_catalog")
        cursor.execute("SELECT public.search_normalize('ÆSIR')")
        assert cursor.fetchone() == ("æsir",)


@given(st.text(max_size=60))
def test_positions_are_in_the_text_and_in_order(text: str) -> None:
    end = 0
    for word in tokenize(text):
        assert end <= word.start < word.end <= len(text) or word.start < end
        assert 0 <= word.start < word.end <= len(text)
        end = word.end
