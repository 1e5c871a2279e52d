"""What messages show of two versions of a text."""

from notes.merge import MergeConflict
from transfer.importers.conflicts import conflict_warning
from transfer.importers.excerpts import excerpts

LONG = "This site exists thanks to many people.\n\n" * 20


def test_short_texts_are_shown_whole_in_one_line():
    assert excerpts("One\n\ntext", "Another text") == ("One text", "Another text")


def test_long_texts_are_shown_where_they_differ():
    here, there = excerpts(f"{LONG}Music by Ann.\n\n{LONG}", f"{LONG}Music by Bob.\n\n{LONG}")
    assert here.startswith("…site exists thanks to many people. Music by Ann. This site")
    assert there.startswith("…site exists thanks to many people. Music by Bob. This site")
    assert here.endswith("…") and len(here) < 250


def test_typography_is_not_the_place_where_they_differ():
    here, there = excerpts(f"It's ours. {LONG}Music by Ann.", f"It’s ours. {LONG}Music by Bob.")
    assert here.endswith("people. Music by Ann.") and there.endswith("people. Music by Bob.")


def test_of_a_text_that_goes_on_the_end_is_shown():
    here, there = excerpts(LONG, f"{LONG}More.")
    assert here == "…people. This site exists thanks to many people."
    assert there.startswith("…") and there.endswith(" many people. More.")
    assert excerpts("", LONG)[1].startswith("This site")


def test_both_sides_of_a_conflict_about_a_long_text_differ():
    message = conflict_warning(MergeConflict("body", f"{LONG}A", f"{LONG}B"), "/", False).message
    assert message.startswith("Here it is “…")
    assert " people. A”, which stays; the source says “…" in message
    assert message.endswith(" people. B”.")
