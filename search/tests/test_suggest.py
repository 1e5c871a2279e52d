"""What the search box suggests while a listener types."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from episodes.models import Episode
from episodes.tests.factories import guest, technology
from search.index import refresh
from search.models import Question
from search.retrieval.results import DirectHit, Suggestions
from search.suggest import suggest
from search.tests.factories import indexed
from stack.models import Library

pytestmark = pytest.mark.django_db


def labels(found: tuple[DirectHit, ...]) -> list[str]:
    return [each.label for each in found]


def moments(text: str) -> list[str]:
    return [moment.highlighted for _, moment in suggest(text).moments]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("kube", ["Kubernetes"]),
        ("K8", ["Kubernetes"]),
        ("next j", ["Next.js"]),
        ("c#", ["C#"]),
        ("netes", []),
        ("k", []),
    ],
)
def test_technologies_by_a_prefix_of_any_name(typed: str, names: list[str]) -> None:
    technology("Kubernetes").add_names("k8s")
    indexed(technologies=["Kubernetes", "Next.js", "C#"])
    assert labels(suggest(typed).technologies) == names


def test_exact_names_come_first_then_frequent_ones() -> None:
    indexed("A", 1, technologies=["Go", "Gor", "Gone", "Golem"])
    indexed("B", 2, technologies=["Golem", "Gone"])
    indexed("C", 3, technologies=["Golem"])
    assert labels(suggest("go").technologies) == ["Go", "Golem", "Gone"]
    assert suggest("go").technologies[0] == DirectHit("technology", "Go", "/stack/go")


@pytest.mark.parametrize("typed", ["phil", "GYF", "gyford ph", "Ph Gyf", "jose"])
def test_guests_by_prefixes_of_their_names(typed: str) -> None:
    indexed(guests=["José Phil Gyford"])
    assert labels(suggest(typed).guests) == ["José Phil Gyford"]
    assert labels(suggest(f"{typed} xy").guests) == []


@pytest.mark.parametrize("typed", ["37", "#37", "ep 37", "Episode 37", "ep. 37"])
def test_episodes_by_number(typed: str) -> None:
    indexed("A Site", 37)
    indexed("Another", 3)
    assert labels(suggest(typed).episodes) == ["#37 A Site"]


def test_interviews_are_labelled() -> None:
    indexed("Written", 37, kind=Episode.Kind.INTERVIEW, seconds=None)
    assert suggest("37").episodes == (
        DirectHit("episode", "Interview 37 Written", "/interviews/37-written"),
    )


def test_episodes_by_words_of_their_title_newest_first() -> None:
    for number in (1, 2, 3, 4):
        indexed("The Diaries of Pepys", number)
    indexed("Another", 5, topics=[(1, "Diaries")])
    shown = ["#4 The Diaries of Pepys", "#3 The Diaries of Pepys", "#2 The Diaries of Pepys"]
    assert labels(suggest("diar").episodes) == shown
    assert labels(suggest("diary of pep").episodes) == shown
    assert labels(suggest("pepys dia").episodes) == shown
    assert labels(suggest("pepys xdia").episodes) == []


def test_moments_hold_every_word_and_a_completion_of_the_last() -> None:
    indexed("A", 1, topics=[(60, "Deploying to Kubernetes & co"), (90, "Deploying by hand")])
    indexed("B", 2, topics=[(5, "Kubernetes deployments")])
    assert moments("deploy kub") == [
        "<mark>Kubernetes deployments</mark>",
        "<mark>Deploying</mark> to <mark>Kubernetes</mark> &amp; co",
    ]
    ((episode, moment), *_) = suggest("deploy kub").moments
    assert (episode.title, moment.seconds, moment.text) == ("B", 5, "Kubernetes deployments")
    assert moments("how they deploy by ha") == ["<mark>Deploying</mark> by <mark>hand</mark>"]


def test_one_moment_of_each_episode_up_to_a_limit() -> None:
    for number in range(1, 7):
        indexed(f"A {number}", number, topics=[(1, "Docker"), (2, "Docker again")])
    assert [episode.number for episode, _ in suggest("dock").moments] == [6, 5, 4, 3]


def test_a_last_word_of_one_letter_is_ignored() -> None:
    indexed(topics=[(1, "Docker"), (2, "Kubernetes")])
    assert moments("docker k") == ["<mark>Docker</mark>"]
    assert suggest("d") == Suggestions()


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": Episode.Status.DRAFT},
        {"status": Episode.Status.WITHDRAWN},
        {"published_at": datetime(2999, 1, 1, tzinfo=UTC)},
        {"deleted_at": datetime(2020, 1, 1, tzinfo=UTC)},
    ],
    ids=["draft", "withdrawn", "scheduled", "in the bin"],
)
def test_only_published_episodes_are_suggested(hidden: dict[str, Any]) -> None:
    names = {"technologies": ["Hush"], "guests": ["Hush Other"], "topics": [(1, "Hush")]}
    indexed("Hush", 37, **names, **hidden)
    assert suggest("hush") == suggest("37") == Suggestions()


def test_a_scheduled_episode_is_suggested_from_its_date_on(monkeypatch: pytest.MonkeyPatch) -> None:
    minute = datetime(2999, 1, 1, tzinfo=UTC)
    indexed("Hush", 37, topics=[(1, "Hush")], published_at=minute)
    assert suggest("hush") == Suggestions()
    monkeypatch.setattr("django.utils.timezone.now", lambda: minute)
    assert labels(suggest("hush").episodes) == ["#37 Hush"]
    assert moments("hush") == ["<mark>Hush</mark>"]


@pytest.mark.parametrize("typed", ["jonq", "jonquil dock", "dock jonq", "dock", "jonquil"])
def test_words_of_scheduled_episodes_change_nothing(typed: str) -> None:
    for number, text in enumerate(("Docker", "Dockside", "Jonas", "Docks and docker"), 1):
        indexed("A", number, topics=[(1, text)])
    before, queries = with_queries(typed)
    words = " ".join(f"dock{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")
    for number in (8, 9):
        indexed(
            "Jonquil",
            number,
            topics=[(1, f"Jonquil {words}")],
            published_at=datetime(2999, 1, 1, tzinfo=UTC),
        )
    assert with_queries(typed) == (before, queries)


def with_queries(typed: str) -> tuple[Suggestions, int]:
    with CaptureQueriesContext(connection) as queries:
        return suggest(typed), len(queries)


def test_rare_words_are_found_in_older_episodes_too() -> None:
    indexed("Diaries", 1, topics=[(1, "Docker"), (2, "Docker again"), (3, "Backups")])
    indexed("Diaries", 2, topics=[(1, "Docker")])
    indexed("Papers", 3, topics=[(1, "Docker")])
    assert [episode.number for episode, _ in suggest("dock").moments] == [3, 2, 1]
    assert [moment.seconds for _, moment in suggest("dock").moments] == [1, 1, 1]
    assert moments("backu") == ["<mark>Backups</mark>"]
    assert labels(suggest("dia").episodes) == ["#2 Diaries", "#1 Diaries"]


def test_a_rename_takes_effect_at_once() -> None:
    indexed(guests=["Phil Gyford"])
    row = guest("Phil Gyford")
    row.name = "Samuel Pepys"
    row.save()
    assert labels(suggest("gyf").guests) == []
    assert labels(suggest("pep").guests) == ["Samuel Pepys"]


def test_ten_queries_at_most(django_assert_max_num_queries) -> None:
    indexed("Django 37", 37, guests=["Django"], technologies=["Django"], topics=[(1, "Django 37")])
    for typed in ("dj", "37", "django dj", "episode 37"):
        with django_assert_max_num_queries(10 + 2):  # and the test's own savepoint
            suggest(typed)


@given(st.text(max_size=40) | st.text(alphabet="'\"\\:*&|!()<-> dj\0%_", max_size=20))
def test_any_text_is_safe(typed: str) -> None:
    if not Episode.objects.exists():
        refresh([indexed("Dj <b>", 1, topics=[(1, "A <b> & dj'd"), (2, "%_")]).pk])
    for _, moment in suggest(typed).moments:
        assert "<b>" not in moment.highlighted
        assert strip_tags(moment.highlighted)


@pytest.mark.parametrize("typed", ["back", "how they make backu", "dealing w", "bakcups"])
def test_saved_questions_are_suggested(typed: str) -> None:
    Question.objects.create(title="Dealing with backups they make", slug="b", query="backup")
    indexed("Diary", 1, topics=[(1, "Backups")])
    assert [each.path for each in suggest(typed).questions] == ["/questions/b"]
    assert suggest("redis").questions == suggest("with").questions == ()


def test_libraries_are_suggested() -> None:
    indexed("A", 1, libraries=["https://github.com/celery/celery", "https://celeriac.dev"])
    indexed("B", 2, libraries=["https://github.com/celery/celery"])
    due = datetime(2999, 1, 1, tzinfo=UTC)
    indexed("C", 3, libraries=["https://celebrate.dev"], published_at=due)
    assert [each.path for each in suggest("cele").libraries] == [
        "/libraries/celery",
        "/libraries/celeriac",
    ]
    Library.objects.filter(slug="celeriac").update(name="celeriac.dev")  # as it was named once
    assert labels(suggest("celeriac.d").libraries) == ["celeriac.dev"]


@pytest.mark.parametrize("typed", ["kubernt", "Kubrnetes", "ukbernetes", "running kuberbetes"])
def test_one_typo_is_forgiven(typed: str) -> None:
    indexed("A", 1, technologies=["Kubernetes"], topics=[(1, "Running Kubernetes")])
    indexed("B", 2, topics=[(1, "Running cubicles")])
    found = suggest(typed)
    assert [moment.highlighted for _, moment in found.moments][0].endswith("Kubernetes</mark>")
    if " " not in typed:
        assert labels(found.technologies) == ["Kubernetes"]


def test_only_the_word_with_the_typo_is_another() -> None:
    """“Ready” begins a letter from “real”, which needs none."""
    indexed("A", 1, topics=[(1, "A real estate appraisal"), (2, "Ready"), (3, "Reading")])
    assert moments("real estate apraisal") == ["A <mark>real estate appraisal</mark>"]


def test_a_typo_in_a_guest_is_forgiven_and_scheduled_ones_stay_unknown() -> None:
    indexed("A", 1, guests=["Phil Gyford"])
    indexed("B", 2, guests=["Jonquil Other"], published_at=datetime(2999, 1, 1, tzinfo=UTC))
    assert labels(suggest("gyfrod").guests) == ["Phil Gyford"]
    assert suggest("jonquli") == Suggestions()


@pytest.mark.parametrize("typed", ["how do ", "how do", "the ", "what is the ", "Do"])
def test_stop_words_alone_suggest_nothing_until_they_may_be_others(typed: str) -> None:
    indexed("How do they do", 1, guests=["Howard Doe"], topics=[(1, "How docker is done")])
    assert (suggest(typed) == Suggestions()) is (typed != "Do")


@pytest.mark.parametrize("typed", ["dokc", "dcok", "dcoke", "odck", "docjk"])
def test_a_typo_in_the_first_letters_is_forgiven(typed: str) -> None:
    for number in (1, 2):
        indexed("A", number, technologies=["Docker"], topics=[(1, "Running Docker")])
    indexed("B", 3, topics=[(1, "The docs")])
    assert labels(suggest(typed).technologies) == ["Docker"]


def test_two_typos_are_too_many() -> None:
    indexed("A", 1, technologies=["Kubernetes"], topics=[(1, "Running Kubernetes")])
    assert suggest("kxbxrnetes") == suggest("kuxxx") == Suggestions()
