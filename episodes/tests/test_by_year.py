"""What was used in which year, and what together: only what the public sees counts."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from episodes.counts import usage_by_year, used_together
from episodes.models import Episode
from episodes.tests.factories import episode, technology

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")


def made(number: int, year: int, *technologies: str, **fields) -> Episode:
    date = datetime(year, 6, 1, tzinfo=UTC)
    fields = {"published_at": date, "technologies": technologies, **fields}
    return episode(f"Episode {number}", number, **fields)


def hidden(number: int) -> None:
    """Episodes that aren't public yet, or no longer."""
    both = ("Django", "Redis")
    made(number, 2020, *both, status=Episode.Status.DRAFT)
    made(number + 1, 2020, *both, status=Episode.Status.WITHDRAWN)
    made(number + 2, 2020, *both, deleted_at=timezone.now())
    made(number + 3, 2999, *both)


def test_years_with_their_episodes_and_uses(django_assert_num_queries) -> None:
    made(1, 2019, "Django", "Redis", "Sentry")
    made(2, 2019, "Django")
    made(3, 2021, "Redis")
    made(4, 2021)
    hidden(5)
    django, redis = technology("Django"), technology("Redis")
    with django_assert_num_queries(2):
        years = usage_by_year([django, redis], NEW_YORK)
    assert [(year.number, year.episodes) for year in years] == [(2019, 2), (2020, 0), (2021, 2)]
    assert [(year.used[django.pk], year.used[redis.pk]) for year in years] == [
        (2, 1),
        (0, 0),
        (0, 1),
    ]
    assert set(years[0].used) == {django.pk, redis.pk}


def test_a_year_begins_when_it_does_for_the_show() -> None:
    made(1, 2020, published_at=datetime(2021, 1, 1, 4, 59, tzinfo=UTC))
    made(2, 2021, published_at=datetime(2021, 1, 1, 5, 0, tzinfo=UTC))
    assert [(year.number, year.episodes) for year in usage_by_year([], NEW_YORK)] == [
        (2020, 1),
        (2021, 1),
    ]
    assert [year.number for year in usage_by_year([], ZoneInfo("UTC"))] == [2021]


def test_no_episodes_no_years() -> None:
    hidden(1)
    assert usage_by_year([technology("Django")], NEW_YORK) == []


def test_pairs_count_episodes_with_both(django_assert_num_queries) -> None:
    # Redis is known first: a pair's order is that of the keys, not that of the notes.
    redis, django, sentry = technology("Redis"), technology("Django"), technology("Sentry")
    made(1, 2019, "Django", "Redis", "Sentry", "Docker")
    made(2, 2020, "Redis", "Django")
    made(3, 2020, "Sentry")
    made(4, 2020, "Sentry", "Django", kind=Episode.Kind.INTERVIEW)
    hidden(5)
    with django_assert_num_queries(1):
        pairs = used_together([django, redis, sentry], Episode.objects.published().podcast())
    assert pairs == {
        (redis.pk, django.pk): 2,
        (redis.pk, sentry.pk): 1,
        (django.pk, sentry.pk): 1,
    }
