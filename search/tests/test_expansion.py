"""What else a query's words may be said as, and which never are."""

from pathlib import Path

import pytest

from search.engine import search
from search.expansion import FEW, understand
from search.models import WordGroup
from search.query.english import FORMS, forms_of
from search.query.parse import SAYS_NOTHING, parse_query
from search.tests.factories import indexed


def titles(query: str) -> set[str]:
    return {result.episode.title for result in search(query).results}


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("wrote", "write"),
        ("rewritten", "rewrite"),
        ("slower", "slow"),
        ("slowly", "slow"),
        ("notify", "notification"),
        ("organised", "organized"),
        ("analyzing", "analysing"),
    ],
)
def test_forms_go_both_ways(word: str, form: str) -> None:
    assert form in forms_of(word)
    assert word in forms_of(form)


def test_every_form_is_of_one_word_and_no_filler() -> None:
    path = Path(__file__).parent.parent / "query" / "inflections.txt"
    lines = [line.split() for line in path.read_text().splitlines() if not line.startswith("#")]
    assert all(len(set(line)) == len(line) > 1 for line in lines)
    assert not [line for line in lines if line[0] in SAYS_NOTHING]
    assert all(word not in others for word, others in FORMS.items())


@pytest.mark.django_db
def test_another_form_is_found_after_the_one_that_was_typed() -> None:
    indexed("Says slow", 1, topics=[(1, "The deploys were slow")])
    indexed("Says slower", 2, topics=[(1, "The deploys were slower")])
    indexed("Says neither", 3, topics=[(1, "The deploys were quick")])
    found = search("slower")
    assert [result.episode.title for result in found.results] == ["Says slower", "Says slow"]
    assert "<mark>slow</mark>" in found.results[1].moments[0].marked
    assert found.results[1].through == ()  # another form isn't another word


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["what's kuberntes good for", "let's scale kuberntes"])
def test_whats_and_lets_own_nothing(query: str) -> None:
    indexed("Containers", 1, topics=[(1, "Kubernetes is good for many"), (2, "Ways to scale")])
    assert "kubernetes" in [concept.label for concept in understand(parse_query(query)).concepts]


@pytest.mark.django_db
def test_what_is_somebodys_is_no_slip_where_there_is_more_to_look_for() -> None:
    indexed("Lights", 1, topics=[(1, "A switch on the wall")])
    indexed("Clockwork", 2, topics=[(1, "What watches the cron jobs of a man")])
    for query in ("dead man's snitch cron", "dead man’s snitch cron"):
        found = search(query)
        assert (found.corrected, titles(query)) == ("", {"Clockwork"})
        assert "snitch" in found.dropped
    assert search("snitch").corrected == "switch"
    assert search("ann's snitch").corrected == "ann's switch"


@pytest.mark.django_db
def test_who_names_a_technology_means_no_other() -> None:
    WordGroup.objects.create(words="error tracking, Sentry, Bugsnag")
    indexed("Ours", 1, technologies=["Sentry"], topics=[(1, "Sentry tells of errors")])
    indexed("Theirs", 2, technologies=["Bugsnag"], topics=[(1, "Bugsnag tells of errors")])
    assert titles("sentry") == {"Ours"}
    assert titles("error tracking") == {"Ours", "Theirs"}


@pytest.mark.django_db
def test_a_like_word_that_all_say_is_not_looked_for() -> None:
    WordGroup.objects.create(words="launch, run, kick off")
    for number in range(FEW + 2):
        indexed(f"Runs {number}", number, topics=[(1, "We run it")])
    indexed("Launches", 99, topics=[(1, "The launch")])
    assert titles("launch") == {"Launches"}


@pytest.mark.django_db
def test_words_are_not_cut_after_one_that_says_nothing() -> None:
    indexed("Set up", 1, topics=[(1, "Setting out, we set up a side door")])
    ways = {way.stems for way in understand(parse_query("outside")).concepts[0].ways}
    assert ways == {("outsid",)}
    ways = {way.stems for way in understand(parse_query("setup")).concepts[0].ways}
    assert ways == {("setup",)}  # too short to be cut
    ways = {way.stems for way in understand(parse_query("sidedoor")).concepts[0].ways}
    assert ("side", "door") in ways


@pytest.mark.django_db
def test_words_of_a_phrase_that_tell_by_themselves_stay_words() -> None:
    WordGroup.objects.create(words="domain name, registrar, went down")
    indexed("Domains", 1, topics=[(1, "The domain was lost")])
    indexed("Registrars", 2, topics=[(1, "The registrar was slow")])
    indexed("Names", 3, topics=[(1, "A name for the site")])
    for number in range(4, 12):
        indexed(f"Went {number}", number, topics=[(1, "We went on")])
    understood = understand(parse_query("domain name"))
    assert [concept.label for concept in understood.concepts] == ["domain", "name"]
    assert titles("domain name") >= {"Domains", "Registrars"}
    understood = understand(parse_query("it went down"))
    assert [concept.label for concept in understood.concepts] == ["went down"]
