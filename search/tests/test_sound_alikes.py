"""Guests are found by names as they sound."""

from datetime import UTC, datetime

import pytest

from episodes.models import Episode
from episodes.tests.factories import guest
from search.engine import search
from search.retrieval.sound_alikes import sound
from search.suggest import suggest
from search.tests.factories import indexed

pytestmark = pytest.mark.django_db


@pytest.fixture
def guests() -> None:
    indexed("A shop", 1, guests=["Sean Smyth"], topics=[(1, "How the shop is shown")])
    indexed("A school", 2, guests=["Kathryn Jones"])
    indexed("A bank", 3, guests=["John Taylor", "Philip O’Brien"])


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Shawn Smith", "Sean Smyth"),
        ("shawn", "Sean"),
        ("Katherine", "Kathryn"),
        ("Jon", "John"),
        ("Tailor", "Taylor"),
        ("Fillip", "Philip"),
        ("Fillip O'Brian", "Philip O’Brien"),
        ("the shop of Shawn Smith", "the shop of Sean Smyth"),
        ("Jon Taylor", "John Taylor"),
        ("Katherine Jonas", "Kathryn Jones"),
    ],
)
def test_a_name_as_it_sounds_is_corrected(guests: None, typed: str, name: str) -> None:
    found = search(typed)
    assert found.corrected.casefold() == name.casefold()
    assert found.results[0].missing == ()
    assert search(typed, verbatim=True).corrected == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("geoff", "jeff"),
        ("chris", "kris"),
        ("bryan", "brian"),
        ("antony", "anthony"),
        ("steven", "stephen"),
        ("catherine", "kathryn"),
        ("shaun", "sean"),
    ],
)
def test_names_that_sound_the_same(one: str, other: str) -> None:
    assert sound(one) == sound(other) != ""


def test_what_is_no_word_in_latin_letters_has_no_sound() -> None:
    assert {sound(word) for word in ("", "日本", "josé", "k8s", "-")} == {""}


def test_an_exact_hit_is_never_replaced(guests: None) -> None:
    indexed("A hall", 4, guests=["Jon Snow"], topics=[(1, "Tailor-made for Katherine")])
    for typed in ("Jon", "tailor", "Katherine"):
        found = search(typed)
        assert (found.corrected, found.results[0].episode.title) == ("", "A hall")
        assert found.proposed in {"John", "Taylor", "Kathryn"}
    for typed in ("Jon Snow", "John Taylor", '"Jon Taylor"', "tailor-made", "A shop"):
        found = search(typed)
        assert (found.corrected, found.proposed) == ("", "")


def test_words_that_are_nowhere_together_get_a_proposal(guests: None) -> None:
    for number in range(4, 8):
        indexed("Others", number, topics=[(1, "Shawn fixed it"), (2, "A smith’s forge")])
        indexed("Others", number + 10, topics=[(1, "Jonquils of Shawn")])
    assert search("shawn smith").proposed == ""
    indexed("A school", 30, topics=[(1, "Her brother Jon")])
    found = search("Jon Taylor")
    assert (found.corrected, found.proposed) == ("", "John Taylor")


def test_a_likelier_correction_wins(guests: None) -> None:
    indexed("A framework", 4, guests=["Dejan Low"], topics=[(1, "Django and the shell")])
    assert search("djano").corrected == "django"
    indexed("Another", 5, guests=["Sheila Low"])
    assert search("shell").proposed == search("shell").corrected == ""


def test_what_the_directory_knows_is_no_name(guests: None) -> None:
    indexed("Another", 4, guests=["Dino Low"])
    found = search("Deno")
    assert (found.corrected, found.proposed, found.count) == ("", "", 0)


def test_former_names_and_guests_of_unpublished_episodes_are_not_told(guests: None) -> None:
    guest("Sean Smyth").add_names("Zoltan Quokka")
    due = datetime(2999, 1, 1, tzinfo=UTC)
    indexed("Draft", 4, guests=["Wilhelm Zyskind"], status=Episode.Status.DRAFT)
    indexed("Scheduled", 5, guests=["Xaver Wombat"], published_at=due)
    for typed in ("Soltan Kwokka", "Vilhelm Ziskind", "Zaver Wombatt"):
        found = search(typed)
        assert (found.corrected, found.proposed, found.count) == ("", "", 0)
        for part in (typed, typed.split()[0], typed.split()[1]):
            assert suggest(part).guests == ()


@pytest.mark.parametrize(
    "typed", ["Shawn", "shawn smith", "Shawn Smi", "Kather", "Fillip", "Jon Tay", "sean smith"]
)
def test_suggestions_by_sound(guests: None, typed: str) -> None:
    (found,) = suggest(typed).guests
    assert found.label in {"Sean Smyth", "Kathryn Jones", "Philip O’Brien", "John Taylor"}


@pytest.mark.parametrize("typed", ["", "sh", "Shawn Docker", "smith shawn", "xx Kather"])
def test_suggestions_of_other_words_have_no_guests(guests: None, typed: str) -> None:
    assert suggest(typed).guests == ()
