"""One name under every spelling, and slugs that are safe in addresses."""

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.names import (
    BECOME_MARKS,
    MOST_MARKS,
    SLUG_PATTERN,
    fold_typography,
    has_endless_marks,
    initials,
    normalise_name,
    normalize_unicode,
    slug_for,
)


@pytest.mark.parametrize(
    "spellings",
    [
        ("Next.js", "next js", "NextJS", "next-js"),
        ("Let’s Encrypt", "lets-encrypt", "Let's Encrypt"),
        ("C#", "c#", "C-Sharp", "csharp"),
        ("C++", "c++"),
        (".NET", "dotnet", ".net"),
        ("ASP.NET", "asp.net"),
        ("Göteborg", "Goteborg", "GO\u0308TEBORG"),
        ("Straße", "STRASSE"),
        ("ﬁle", "file"),
    ],
)
def test_one_name(spellings):
    assert len({normalise_name(name) for name in spellings}) == 1


def test_different_names():
    names = ["C", "C#", "C++", "F#", "F", ".NET", "net", "ASP.NET", "日本", "日", "Go", "Gö!x"]
    assert len({normalise_name(name) for name in names}) == len(names)


@pytest.mark.parametrize("name", ["", " ", "→", "--", "🎙", "́"])
def test_no_name(name):
    assert normalise_name(name) == ""


@given(st.text(max_size=40))
def test_a_key_is_its_own_key(name):
    key = normalise_name(name)
    assert normalise_name(key) == key
    assert key == "" or key.isalnum()


@given(st.text(max_size=40))
def test_case_does_not_tell_names_apart(name):
    assert normalise_name(name.upper()) == normalise_name(name.upper().lower())


@given(st.text(max_size=200))
def test_slugs_are_safe(name):
    slug = slug_for(name)
    assert re.fullmatch(SLUG_PATTERN, slug)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= 92


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Let's Encrypt", "let-s-encrypt"),
        ("C#", "c-sharp"),
        ("C++", "c-plus-plus"),
        (".NET", "dotnet"),
        ("Meadows-Jönsson", "meadows-jonsson"),
        ("2020", "n-2020"),
        ("日本", "65e5-672c"),
        ("", "unnamed"),
    ],
)
def test_slugs(name, slug):
    assert slug_for(name) == slug


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("It’s “quoted”", 'It\'s "quoted"'),
        ("a – b", "a - b"),
        ("a -- b — c", "a - b - c"),
        ("wait…", "wait..."),
        ("  two\n lines ", "two lines"),
        ("e\u0301", "é"),
    ],
)
def test_typography(written, folded):
    assert fold_typography(written) == folded


@given(st.text(max_size=60))
def test_folding_is_done_once(text):
    folded = fold_typography(text)
    assert folded == folded.strip()
    assert not re.search(r"\s\s|[\n\t‘’“”–—…]", folded)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Phil Gyford", "PG"),
        ('Mikko "Nicd" Ahlroth', "MA"),
        ("(Ann) van der Other", "AO"),
        ("bob", "B"),
        ("יעל כהן", "יכ"),
        ("— !", ""),
        ("", ""),
    ],
)
def test_initials(name, letters):
    assert initials(name) == letters


MARKS = "\u0301\u0327\u05b0\u0f71"  # of different classes, which normalising sorts


@pytest.mark.parametrize("length", [31, 4000, 400_000])
def test_marks_without_end_are_cut(length: int) -> None:
    """All in a row would take minutes."""
    text = (MARKS * length)[:length]
    assert has_endless_marks(f"a{text}")
    for form in ("NFC", "NFKD"):
        assert len(normalize_unicode(form, f"a{text} b{text}")) <= 2 * (1 + MOST_MARKS) + 1
    assert normalise_name(f"a{text}") == "a"


@pytest.mark.parametrize(
    "marks",
    ["\u0f73", "\u0f75", "\u0f81", "\uff9e\u0301", "\uff9f\u0301", "\U00010efd\u0301"],
    ids=ascii,
)
def test_what_becomes_marks_when_decomposed_is_cut(marks: str) -> None:
    """The last one is a mark since Unicode 15, which PostgreSQL may know and Python not."""
    text = f"a{marks * 100_000}"
    assert has_endless_marks(text)
    for form in ("NFC", "NFKD"):
        assert len(normalize_unicode(form, text)) <= 1 + 2 * MOST_MARKS


def test_every_character_that_becomes_marks_is_known() -> None:
    for char in map(chr, range(sys.maxunicode + 1)):
        if not unicodedata.combining(char):
            first = unicodedata.normalize("NFKD", char)[0]
            assert bool(unicodedata.combining(first)) == (char in BECOME_MARKS), ascii(char)


def test_words_and_symbols_have_no_endless_marks() -> None:
    for text in (
        "—" * 99,
        "🎧" * 99,
        "日本語" * 99,
        "שָׁלוֹם " * 99,
        "Z" + "\u0301" * 30,
        "ग्वालियर" * 9,
        "ｶﾞｷﾞｸﾞﾊﾟ" * 99,
    ):
        assert not has_endless_marks(text)
        assert normalize_unicode("NFD", text) == unicodedata.normalize("NFD", text)
