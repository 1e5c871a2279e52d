"""Misspelled words are corrected."""

from datetime import UTC, datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from episodes.models import Episode
from episodes.tests.factories import technology
from search.engine import search
from search.retrieval.spelling import corrections_of, distance
from search.tests.factories import indexed


def corrections(word: str) -> list[str]:
    return [each.word for each in corrections_of([word])[word]]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["kuberntes", "kubernetess", "kubernetis", "ukbernetes", "kuber"])
def test_one_edit_from_an_indexed_word(typed: str) -> None:
    indexed("A", 1, topics=[(1, "Kubernetes and cubes")])
    assert corrections(typed)[0] == "kubernetes"


@pytest.mark.django_db
def test_aliases_count_even_if_no_document_holds_them() -> None:
    indexed("A", 1, technologies=["PostgreSQL"])
    technology("PostgreSQL").add_names("Postgres")
    assert corrections("postgers") == ["postgres"]


@pytest.mark.django_db
def test_scheduled_episodes_and_drafts_suggest_nothing() -> None:
    due, draft = datetime(2999, 1, 1, tzinfo=UTC), Episode.Status.DRAFT
    title = "Zanzibarium launches"
    indexed(title, 1, technologies=["Quokkabase"], published_at=due)
    indexed("B", 2, technologies=["Wombatdb"], status=draft)
    technology("Quokkabase").add_names("Quokkasql")
    for typed in ("zanzi", "zanzibarum", "quokkabas", "quokkasq", "wombatdv"):
        assert corrections(typed) == []
    with time_machine.travel(due, tick=False):
        assert corrections("zanzi") == ["zanzibarium"]
        assert corrections("quokkasq") == ["quokkasql"]
    indexed("C", 3, topics=[(1, "Zanzibarium")])
    assert corrections_of(["zanzi"])["zanzi"][0].documents == 1


@pytest.mark.django_db
def test_a_scheduled_episode_keeps_no_word_from_correction() -> None:
    indexed("Containers", 1, topics=[(1, "Docker")])
    assert search("dockerb").corrected == "docker"
    due = datetime(2999, 1, 1, tzinfo=UTC)
    indexed("Dockerb", 2, topics=[(1, "Dockerb")], published_at=due)
    assert search("dockerb").corrected == "docker"
    with time_machine.travel(due, tick=False):
        assert search("dockerb").corrected == ""


@pytest.mark.django_db
def test_frequent_words_are_likelier() -> None:
    indexed("A", 1, topics=[(1, "A lead")])
    for number in (2, 3, 4):
        indexed("B", number, topics=[(1, "A load")])
    assert corrections("laed")[0] == "lead"
    assert corrections("l0ad")[0] == "load"
    assert corrections("lzad") == ["load", "lead"]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "abc", "x" * 31, "zzzzzz"])
def test_words_without_a_correction(typed: str) -> None:
    indexed("A", 1, topics=[(1, "abd")])
    assert corrections(typed) == []


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_distance_is_a_distance(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
    assert distance(one, other) <= max(len(one), len(other))


@given(st.text("abcdef", min_size=2, max_size=10), st.data())
def test_a_transposition_is_one_edit(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 2))
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    assert distance(word, swapped) <= 1


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["htmx", "deno", "fly.io", "Café", "ChatGPT", "chatgpt setup"])
def test_what_is_no_typing_error_stays(typed: str) -> None:
    topics = ["Html and dyno", "It came in", "Upgraded on the fly", "A case", "chatgpd"]
    indexed("A", 1, topics=[*enumerate(topics, 1)])
    found = search(typed)
    assert (found.corrected, found.proposed, found.count) == ("", "", 0)


@pytest.mark.django_db
def test_a_domain_is_one_name() -> None:
    indexed("A", 1, topics=[(1, "Upgraded on the fly with io")])
    indexed("B", 2, topics=[(1, "Runs on Fly.io")])
    indexed("C", 3, technologies=["Sentry"], topics=[(1, "Sentry reports it")])
    assert [each.episode.title for each in search("fly.io").results] == ["B"]
    assert [each.episode.title for each in search("sentry.io").results] == ["C"]
    assert [each.label for each in search("sentry.io").direct] == ["Sentry"]


@pytest.mark.django_db
def test_a_rare_word_a_letter_from_a_common_one_gets_a_proposal() -> None:
    indexed("Rare", 9, topics=[(1, "Their kuberentes cluster and containr")])
    for number in range(1, 5):
        indexed("Common", number, topics=[(1, "Kubernetes clusters")])
    assert search("kuberentes").proposed == ""  # four are few, too
    indexed("Common", 5, topics=[(1, "Kubernetes clusters, containers")])
    found = search("kuberentes or cluster")
    assert (found.count, found.proposed) == (6, "")  # what finds much needs no proposal
    found = search("kuberentes -redis")
    assert (found.count, found.corrected, found.proposed) == (1, "", "kubernetes -redis")
    assert search("kuberentes", verbatim=True).proposed == ""
    assert search("clusters").proposed == search("kubernetes").proposed == ""


@pytest.mark.django_db
def test_compounds_split_and_join() -> None:
    indexed("Apart", 1, topics=[(1, "The image pull took it down"), (2, "Years back")])
    indexed("Svelte", 2, topics=[(1, "The front is Svelte"), (2, "We went back")])
    found = search("ImagePullBackOff")
    assert found.corrected == "image pull"
    assert [each.episode.title for each in found.results] == ["Apart"]
    assert [each.episode.title for each in search("sveltejs").results] == ["Svelte"]
    assert search("OpenTofu").corrected == ""  # as it is in the directory
    indexed("Joined", 3, topics=[(1, "Fighting ImagePullBackOff")])
    assert search("ImagePullBackOff").corrected == ""
    titles = [each.episode.title for each in search("image pull back off").results]
    assert {"Apart", "Joined"} <= set(titles)


@pytest.mark.django_db
def test_a_correction_that_no_episode_within_the_filters_holds_proposes_nothing() -> None:
    indexed("A", 1, guests=["Phil Gyford"], topics=[(1, "Opening the shop")])
    indexed("B", 2, topics=[(1, "We were already there")])
    found = search("alredy shop guest:phil")
    assert [each.episode.title for each in found.results] == ["A"]
    assert (found.dropped, found.proposed) == (("already",), "")


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["weather", "weather tomorrow", "pictures feed"])
def test_a_correct_english_word_is_not_corrected_to_another(query: str) -> None:
    indexed("A", 1, topics=[(1, "Deciding whether or not to deploy"), (2, "It may feel slow")])
    found = search(query)
    assert (found.corrected, found.count) == ("", 0)
    assert search("whethr").corrected == "whether"
