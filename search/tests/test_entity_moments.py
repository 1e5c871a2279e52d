"""Which moments name a technology, in whatever episode."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from episodes.models import Episode
from search.index import refresh
from search.retrieval import latest_moments
from search.retrieval.entity_moments import latest_entity_moments
from search.retrieval.latest_moments import MomentCount
from search.retrieval.results import MAX_COUNT
from search.tests.factories import indexed
from topics.models import Cue, Transcript

pytestmark = pytest.mark.django_db
NOWHERE = Episode.objects.none()


def texts(names: list[str], tagged=NOWHERE) -> list[str]:
    moments, _ = latest_entity_moments(names, tagged, limit=20)
    return [each.plain for each in moments]


@pytest.mark.parametrize(
    ("names", "text", "is_named"),
    [
        (["Django"], "Why Django?", True),
        (["Django"], "django's admin", True),
        (["Django"], "Djangonauts meet", False),
        (["Rails"], "A rail", False),
        (["Windows"], "Time windows", False),
        (["C#"], "Moving to C#, slowly", True),
        (["C"], "Moving to C#", False),
        (["C"], "Some of it is C++", False),
        (["C"], "We wrote it in C.", True),
        ([".NET"], "On .NET Core", True),
        ([".NET"], "The net result", False),
        (["Kubernetes", "k8s"], "Away from K8s", True),
        (["C++"], "C++", True),
        (["Node.js"], "All in node.js", True),
        (["Let’s Encrypt"], "Certificates of Let's Encrypt", True),
        (["AWS S3"], "AWS and S3", False),
        (["a.b"], "axb", False),
        (["🎙"], "🎙", False),
        ([], "Nothing", False),
    ],
)
def test_names_are_not_stemmed(names: list[str], text: str, is_named: bool) -> None:
    indexed(topics=[(5, text)])
    assert bool(texts(names)) is is_named


@pytest.mark.parametrize(
    ("name", "text", "untagged", "tagged"),
    [
        ("Go", "A dozen or so Go microservices", True, True),
        ("Go", "Python/Go, mostly (Go mostly)", True, True),
        ("Go", "Go is a great fit", False, True),
        ("Go", "They let us know. Go for it", False, True),
        ("Go", "All payments go through Stripe", False, False),
        ("Go", "Going to Google", False, False),
        ("React", "The TypeScript React front end", True, True),
        ("React", "How they react to outages", False, False),
        ("requests", "Using requests for HTTP", False, True),
        ("Express", "An espresso", False, False),
    ],
)
def test_ambiguous_names_need_their_exact_spelling(
    name: str, text: str, untagged: bool, tagged: bool
) -> None:
    indexed(topics=[(5, text)])
    assert bool(texts([name])) is untagged
    assert bool(texts([name], Episode.objects.all())) is tagged


def test_newest_episode_first_then_by_second_in_one_query(django_assert_num_queries) -> None:
    indexed("Old", 1, topics=[(9, "Redis late"), (5, "Redis early")], guests=["Ann", "Bob"])
    indexed("New", 2, topics=[(7, "Redis"), (8, "Else")])
    with django_assert_num_queries(1):
        moments, count = latest_entity_moments(["Redis"], NOWHERE, limit=2)
    assert [(each.episode.title, each.time, each.guests) for each in moments] == [
        ("New", "0:07", ()),
        ("Old", "0:05", ("Ann", "Bob")),
    ]
    assert moments[0].get_absolute_url() == "/podcast/2-new?t=7"
    assert count == MomentCount(moments=3, episodes=2)


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": Episode.Status.DRAFT},
        {"status": Episode.Status.WITHDRAWN},
        {"published_at": datetime(2999, 1, 1, tzinfo=UTC)},
        {"deleted_at": datetime(2020, 1, 1, tzinfo=UTC)},
    ],
)
def test_only_published_episodes_count(hidden: dict) -> None:
    indexed(topics=[(5, "Redis")], **hidden)
    assert latest_entity_moments(["Redis"], NOWHERE, limit=5) == ([], MomentCount())


def test_transcripts_count_and_texts_do_not() -> None:
    row = indexed(summary="Redis", introduction="Let's Encrypt", libraries=["https://redis.io"])
    transcript = Transcript.objects.create(episode=row)
    for position, text in enumerate(["so we let's encrypt", "everything with let's", "encrypt"]):
        Cue.objects.create(
            transcript=transcript, position=position, start=3000 * position, end=9000, text=text
        )
    refresh([row.pk])
    assert texts(["Redis"]) == []
    (said,) = latest_entity_moments(["Let’s Encrypt"], NOWHERE, limit=5)[0]
    assert (said.seconds, said.plain) == (
        0,
        "so we let's encrypt everything with let's encrypt",
    )


def test_transcript_below_a_matching_topic_is_the_same_moment() -> None:
    row = indexed(topics=[(100, "Why Redis"), (100, "Queues"), (200, "Backups")])
    transcript = Transcript.objects.create(episode=row)
    for position, second in enumerate((95, 150, 210)):
        Cue.objects.create(
            transcript=transcript,
            position=position,
            start=second * 1000,
            end=second * 1000 + 900,
            text=f"Redis at {second} ".ljust(240, "-"),
        )
    refresh([row.pk])
    moments, count = latest_entity_moments(["Redis"], NOWHERE, limit=5)
    assert [each.seconds for each in moments] == [100, 210]
    assert count == MomentCount(moments=2, episodes=1)


def test_counts_are_capped() -> None:
    indexed(topics=[(second, f"Redis {second}") for second in range(MAX_COUNT + 1)])
    moments, count = latest_entity_moments(["Redis"], NOWHERE, limit=1)
    assert len(moments) == 1
    assert count == MomentCount(MAX_COUNT, 1, capped=True)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12), max_size=4))
def test_any_name_is_safe(db, names: list[str]) -> None:
    assert texts(names, Episode.objects.all()) == []


@pytest.mark.parametrize("most", [1, 3, 1000])
def test_many_and_few_come_in_the_same_order(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Beyond the cap, documents are walked; tagged ones without a moment are skipped."""
    for number in range(1, 5):
        indexed(f"E{number}", number, technologies=["Redis"], topics=[(9, "Redis"), (4, "Redis")])
        indexed(f"Tagged {number}", 10 + number, technologies=["Redis"])
    monkeypatch.setattr(latest_moments, "MAX_COUNT", most)
    moments, count = latest_entity_moments(["Redis"], NOWHERE, limit=5)
    assert [(each.episode.title, each.seconds) for each in moments] == [
        ("E4", 4), ("E4", 9), ("E3", 4), ("E3", 9), ("E2", 4),
    ]  # fmt: skip
    assert count.moments == min(most, 8)
