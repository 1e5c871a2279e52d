"""Guests named by a line, or by the introduction."""

import pytest

from notes.grammar.head import guests_in
from notes.parse import parse

SHOW, HOST = "Running in Production", "Nick Janetakis"


@pytest.mark.parametrize(
    ("lines", "guests"),
    [
        ("Guest: Ann Lee", [("Ann Lee", "")]),
        ("guest : Ann Lee -- CTO of Foo, Bar and Baz", [("Ann Lee", "CTO of Foo, Bar and Baz")]),
        ("Guest: Ann Lee – CTO", [("Ann Lee", "CTO")]),
        ("Guest: Ann Lee, CTO", [("Ann Lee", "CTO")]),
        ("**Guest:** Ann Lee (CTO)", [("Ann Lee", "CTO")]),
        ("Guest: Mikko (Nicd) Ahlroth", [("Mikko (Nicd) Ahlroth", "")]),
        ("Guest: Ann Lee and Bo Ray", [("Ann Lee", ""), ("Bo Ray", "")]),
        ("Guests: Ann Lee (CTO), Bo Ray & Cy", [("Ann Lee", "CTO"), ("Bo Ray", ""), ("Cy", "")]),
        ("With: Ann Lee", [("Ann Lee", "")]),
        ("Guest: Ann Lee\nGuest: Bo Ray", [("Ann Lee", ""), ("Bo Ray", "")]),
        ("Guest: Alexander Meadows-Jönsson", [("Alexander Meadows-Jönsson", "")]),
        ("Guest: none", []),
    ],
)
def test_guest_lines_win_over_the_introduction(lines, guests):
    parsed = parse(f"# T\n{lines}\n\nIn this episode of X, Di Roe goes over it.")
    assert [(guest.name, guest.title) for guest in parsed.draft.guests] == guests
    assert parsed.problems == []


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Austin Lewis goes over replacing", ["Austin Lewis"]),
        ("Stuart Kelly lets us know what", ["Stuart Kelly"]),
        ("Daniele Procida walks us through", ["Daniele Procida"]),
        ("Clemens Wolff and Shaun Bathgate go over", ["Clemens Wolff", "Shaun Bathgate"]),
        ("Ann Lee, Bo Ray, and Cy Orr talk about", ["Ann Lee", "Bo Ray", "Cy Orr"]),
        ('Mikko "Nicd" Ahlroth talks about', ['Mikko "Nicd" Ahlroth']),
        ("Alexander Meadows-Jönsson goes over", ["Alexander Meadows-Jönsson"]),
        ("Guido van Rossum talks about", ["Guido van Rossum"]),
        ("J. R. O’Neil shares", ["J. R. O’Neil"]),
        ("Élodie d'Arc briefly talks about", ["Élodie d'Arc"]),
        ("[Ann Lee](https://example.com) goes over", ["Ann Lee"]),
        ("Mark goes over", ["Mark"]),
        ("Nick briefly talks about", []),
        ("Nick talks about", []),
        ("Nick Janetakis and Ann Lee talk about", ["Ann Lee"]),
        ("we talk about", []),
        ("I talk to Ann Lee about", []),
        ("Django is the topic", []),
        ("Ann Lee, who runs Foo, talks about", []),
        ("Ann Lee", []),
    ],
)
def test_whom_the_introduction_introduces(sentence, names):
    introduction = f"In this episode of {SHOW}, {sentence} an app.\n\nMore."
    assert list(guests_in(introduction, SHOW, HOST)) == names


def test_a_show_title_with_a_comma():
    text = "In this episode of Ship It, Ann Lee, Bo Ray goes over it."
    assert guests_in(text, "Ship It, Ann Lee") == ("Bo Ray",)
