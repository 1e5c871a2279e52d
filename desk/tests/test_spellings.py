"""A name is found however it is spelled, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.erasing.spellings import REMOVED_URL, Replacement, Spellings

BY = Replacement.of("A guest", sites=["https://www.runninginproduction.com"])
NAME = Spellings.of(["José Núñez"])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("with José Núñez, who", "with A guest, who"),
        ("with Jose\u0301 Nun\u0303ez!", "with A guest!"),
        ("JOSE NUNEZ", "A guest"),
        ("Jose Nunez’s and Jose Nunez's", "A guest’s and A guest's"),
        ("Jose Nunezs app", "A guests app"),
        ("*José* **Núñez**", "A guest"),
        ("*José* Núñez’s, **José Núñez**", "A guest’s, **A guest**"),
        ("José _Núñez_", "A guest"),
        ("José&nbsp;Núñez", "A guest"),
        ("Núñez, José", "A guest"),
        ("37-hello-with-jose-nunez", "37-hello-with-a-guest"),
        ("/guests/jose-nunez/feed.xml", "/guests/a-guest/feed.xml"),
        ("audio/0a1b/jose_nunez.mp3", "audio/0a1b/a-guest.mp3"),
        ("[José Núñez](https://josenunez.dev/about) says", f"[A guest]({REMOVED_URL}) says"),
        (
            "https://www.runninginproduction.com/guests/jose-nunez",
            "https://www.runninginproduction.com/guests/a-guest",
        ),
        ("mail mailto:jose.nunez@example.org now", "mail removed@removed.invalid now"),
        ("@josenunez on Twitter", "@a-guest on Twitter"),
        ("jose%20nunez", "A guest"),
        ("github.com/josenunez/tool", "github.com/a-guest/tool"),
        ("/wiki/Jos%C3%A9_N%C3%BA%C3%B1ez%2C_who", "/wiki/a-guest%2C_who"),
        ("https://en.wikipedia.org/wiki/Jos%c3%a9_N%c3%ba%c3%b1ez", REMOVED_URL),
        ("Jos&eacute; N&#250;&ntilde;ez &amp; others", "A guest &amp; others"),
        (r'{"object": "Jos\u00e9 N\u00fa\u00f1ez"}', '{"object": "A guest"}'),
        ("100% of %zz &bogus; \\u12", "100% of %zz &bogus; \\u12"),
        ("Josephine Nunez", "Josephine Nunez"),
        ("Jose likes Nunez and others", "Jose likes Nunez and others"),
        ("", ""),
    ],
)
def test_every_spelling(text: str, wanted: str):
    assert NAME.replaced(text, BY) == wanted
    assert NAME.spans(NAME.replaced(text, BY)) == []


def test_a_short_name_is_no_part_of_other_words():
    assert Spellings.of(["Dan Lee"]).spans("Jordan Leery, Sudan leeway") == []
    assert Spellings.of(["Cher"]).replaced("Cherry, Cher and a teacher", BY) == (
        "Cherry, A guest and a teacher"
    )


def test_names_of_no_letters_find_nothing():
    assert Spellings.of(["", "  ", "-"]).spans("- anything") == []


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["José Núñez", "JOSE-NUNEZ"]))
def test_nothing_is_left_whatever_stands_around(before: str, after: str, name: str):
    replaced = NAME.replaced(f"{before} {name} {after}", BY)
    assert NAME.spans(replaced) == []


@given(st.text(max_size=200))
def test_other_texts_stay_as_they_are(text: str):
    if not NAME.spans(text):
        assert NAME.replaced(text, BY) == text
