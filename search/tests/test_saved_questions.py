"""Saved questions: matched exactly, counted, and their URLs."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from search.models import Question
from search.retrieval.latest_moments import LatestMoment, MomentCount
from search.saved_questions import with_answers
from search.tests.factories import indexed
from show.models import Redirect

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/New_York")


def question(title: str = "Best tips", **fields) -> Question:
    return Question.objects.create(
        title=title, **{"slug": title.lower().replace(" ", "-"), "query": '"best tip"', **fields}
    )


def answers(query: str, zone: ZoneInfo, **page: Any) -> tuple[list[LatestMoment], MomentCount]:
    ((_, count, moments),) = with_answers([Question(query=query)], zone, **page)
    return moments, count


def found(query: str) -> list[str]:
    moments, _ = answers(query, ZONE, limit=50)
    return [each.plain for each in moments]


@pytest.fixture
def _rows(db) -> None:
    indexed(
        "Old",
        1,
        topics=[(5, "Best tips? Ship it"), (6, "A tip"), (7, "Deploying to production")],
        technologies=["Kubernetes"],
        guests=["Ann Other"],
    )
    indexed(
        "New",
        30,
        published_at=datetime(2021, 1, 1, 3, tzinfo=UTC),  # still 2020 in New York
        topics=[
            (8, "Their best tip: test"),
            (9, "When the deploy went wrong"),
            (9, "Away from K8s"),
        ],
    )


@pytest.mark.usefixtures("_rows")
@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ('"best tip"', ["Their best tip: test", "Best tips? Ship it"]),
        ("tips", ["Their best tip: test", "Best tips? Ship it", "A tip"]),
        ("tip -best", []),  # as everywhere, -word leaves out whole episodes
        ("tip -wrong", ["Best tips? Ship it", "A tip"]),
        ("deploy tip", []),  # in one moment
        ("deploy wrong or production", ["When the deploy went wrong", "Deploying to production"]),
        ("deploi", []),  # no corrections
        ("kubernetes", []),  # no aliases
        ("tip or nothing", ["Their best tip: test", "Best tips? Ship it", "A tip"]),
        ("tip stack:kubernetes", ["Best tips? Ship it", "A tip"]),
        ("tip guest:ann", ["Best tips? Ship it", "A tip"]),
        ("tip year:2020", ["Their best tip: test", "Best tips? Ship it", "A tip"]),
        ("tip year:2021", []),
        ("tip stack:nothing", []),
        ("stack:kubernetes", []),
        ("", []),
    ],
)
def test_moments_hold_every_word_exactly(query: str, texts: list[str]) -> None:
    assert found(query) == texts


@given(st.text(max_size=60))
def test_any_query_is_safe(db, query: str) -> None:
    assert found(query) == []


@pytest.mark.usefixtures("_rows")
def test_pages_and_counts() -> None:
    moments, count = answers("tip", ZONE, limit=2, offset=1)
    assert [each.plain for each in moments] == ["Best tips? Ship it", "A tip"]
    assert count == MomentCount(moments=3, episodes=2)


@pytest.mark.usefixtures("_rows")
def test_all_are_counted_in_one_query(django_assert_num_queries) -> None:
    question()
    question("Deploying", query="deploy -wrong", position=1)
    question("Nothing", query="kuberntes or (", position=2)
    rows = list(Question.objects.all())
    with django_assert_num_queries(1):
        counted = with_answers(rows, ZONE)
    assert [(row, count) for row, count, _ in counted] == [
        (rows[0], MomentCount(2, 2)),
        (rows[1], MomentCount(1, 1)),
        (rows[2], MomentCount()),
    ]
    assert with_answers([], ZONE) == []


def test_a_former_slug_redirects() -> None:
    row = question()
    row.slug = "tips"
    row.save()
    assert Redirect.objects.get(old_path="/questions/best-tips").new_path == "/questions/tips"
    row.slug = "best-tips"
    row.save()
    assert dict(Redirect.objects.values_list("old_path", "new_path")) == {
        "/questions/tips": "/questions/best-tips"
    }


@pytest.mark.parametrize("query", ["", "stack:django", "-tips", "🎙", '""'])
def test_a_query_needs_a_word(query: str) -> None:
    with pytest.raises(ValidationError) as error:
        Question(title="A", slug="a", query=query).full_clean()
    assert list(error.value.message_dict) == ["query"]


def test_introductions_are_rendered() -> None:
    assert question(introduction="What *they* say").introduction_html == (
        "<p>What <em>they</em> say</p>"
    )
