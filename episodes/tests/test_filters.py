"""Filters: read once from the query string, spelt one way, applied in constant queries."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from episodes.filters import Filters, UnknownFilter, parse_filters
from episodes.models import Episode
from episodes.tests.factories import episode, guest, technology

pytestmark = pytest.mark.django_db

NEW_YORK = ZoneInfo("America/New_York")
HONOLULU = ZoneInfo("Pacific/Honolulu")


def found(query: str, zone: ZoneInfo = NEW_YORK) -> list[str]:
    filters = parse_filters(QueryDict(query))
    episodes = filters.apply(Episode.objects.published(), zone)
    return [row.title for row in episodes.order_by("title")]


def test_all_of_stack_none_of_not() -> None:
    episode("A", 1, technologies=["Django", "Redis"])
    episode("B", 2, technologies=["Django"])
    episode("C", 3, technologies=["Redis", "AWS"])
    assert found("") == ["A", "B", "C"]
    assert found("stack=django&stack=redis") == ["A"]
    assert found("stack=redis&not=aws") == ["A"]
    assert found("not=aws&not=django") == []


def test_all_guests() -> None:
    episode("A", 1, guests=["Ann", "Bob"])
    episode("B", 2, guests=["Ann"])
    assert found("guest=ann") == ["A", "B"]
    assert found("guest=ann&guest=bob") == ["A"]


def test_a_year_is_one_of_the_shows_time_zone() -> None:
    # 5 in the morning in London, midnight in New York, still last year in Honolulu.
    episode("New Year", 1, published_at=datetime(2021, 1, 1, 5, tzinfo=UTC))
    assert found("year=2021", NEW_YORK) == ["New Year"]
    assert found("year=2020", NEW_YORK) == []
    assert found("year=2020", HONOLULU) == ["New Year"]


@pytest.mark.parametrize("spelling", ["k8s", "K8S", "Kubernetes", "kubernetes", "KUBERNETES "])
def test_every_spelling_of_a_technology(spelling: str) -> None:
    episode("A", 1, technologies=["Kubernetes"])
    technology("Kubernetes").add_names("k8s")
    query = QueryDict(mutable=True)
    query["stack"] = spelling
    filters = parse_filters(query)
    assert filters.query == "?stack=kubernetes"
    assert filters.is_canonical(query) == (spelling == "kubernetes")


def test_guests_go_by_slug_name_and_older_name() -> None:
    known = guest("José Valim", slug="jose-v")
    known.add_names("Joe Valim")
    episode("A", 1, guests=["José Valim"])
    for spelling in ("jose-v", "José Valim", "jose valim", "Joe Valim"):
        assert parse_filters(QueryDict(f"guest={spelling}")).guests == (known,)


def test_guests_of_drafts_are_unknown() -> None:
    episode("A", 1, guests=["Secret"], status=Episode.Status.DRAFT)
    with pytest.raises(UnknownFilter) as error:
        parse_filters(QueryDict("guest=secret"))
    assert (error.value.parameter, error.value.value) == ("guest", "secret")


def test_technologies_of_drafts_are_unknown() -> None:
    episode("A", 1, technologies=["Secret"], status=Episode.Status.DRAFT)
    for parameter in ("stack", "not"):
        with pytest.raises(UnknownFilter):
            parse_filters(QueryDict(f"{parameter}=secret"))


def test_canonical_is_sorted_without_repeats_and_empty_ones() -> None:
    episode("A", 1, technologies=["Redis", "Django", "AWS"])
    query = QueryDict("year=2020&stack=redis&stack=Django&stack=redis&not=aws&page=2&guest=&x=1")
    assert parse_filters(query).query == "?not=aws&page=2&stack=django&stack=redis&year=2020"


def test_chips_drop_one_filter_and_the_page() -> None:
    episode("A", 1, technologies=["Django", "Redis"], guests=["Ann"])
    filters = parse_filters(QueryDict("stack=django&not=redis&guest=ann&year=2020&page=3"))
    assert {chip.label: chip.query for chip in filters.chips} == {
        "with Django": "?guest=ann&not=redis&year=2020",
        "without Redis": "?guest=ann&stack=django&year=2020",
        "guest: Ann": "?not=redis&stack=django&year=2020",
        "from 2020": "?guest=ann&not=redis&stack=django",
    }


@pytest.mark.parametrize("page", ["0", "-1", "x", "1.0", "1e1", "٣", "9999999"])
def test_no_page(page: str) -> None:
    with pytest.raises(UnknownFilter):
        parse_filters(QueryDict(f"page={page}"))


@pytest.mark.parametrize("names", [1, 12])
def test_queries_stay_constant(django_assert_num_queries, names: int) -> None:
    stack = [f"Tool {number}" for number in range(names)]
    guests = [f"Guest {number}" for number in range(names)]
    episode("A", 1, technologies=stack, guests=guests)
    query = QueryDict(mutable=True)
    query.setlist("stack", stack)
    query.setlist("not", stack)
    query.setlist("guest", guests)
    with django_assert_num_queries(4):
        filters = parse_filters(query)
        assert list(filters.apply(Episode.objects.published(), NEW_YORK)) == []


@given(
    st.lists(st.sampled_from(["Django", "Redis", "AWS"]), max_size=4),
    st.lists(st.sampled_from(["Go", "Rust"]), max_size=3),
    st.none() | st.integers(1900, 2199),
    st.integers(1, 999_999),
)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_canonical_query_reads_as_itself(
    db, stack: list[str], without: list[str], year: int | None, page: int
) -> None:
    names = ("AWS", "Django", "Go", "Redis", "Rust")
    if not Episode.objects.exists():
        episode("A", 1, technologies=names)
    technologies = {name: technology(name) for name in names}
    filters = Filters(
        stack=tuple(technologies[name] for name in sorted(set(stack))),
        without=tuple(technologies[name] for name in sorted(set(without))),
        year=year,
        page=page,
    )
    query = QueryDict(filters.query.removeprefix("?"))
    assert parse_filters(query) == filters
    assert filters.is_canonical(query)
