"""What is computed once per state of the content, and when it is computed again."""

from datetime import timedelta
from typing import cast

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from episodes import freshness
from episodes.counts import totals
from episodes.freshness import FreshRequest, per_content, public_page
from episodes.tests.factories import episode

pytestmark = pytest.mark.django_db


@public_page
def count(request: FreshRequest) -> HttpResponse:
    return HttpResponse(per_content(request, "totals", totals).episodes)


def answer() -> str:
    """What a visitor is told, after what this transaction holds off until it commits."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return count(RequestFactory().get("/")).content.decode()


def test_computed_once_until_an_edit(django_assert_num_queries) -> None:
    episode("A", 1)
    assert answer() == "1"
    with django_assert_num_queries(1):
        count(RequestFactory().get("/"))
    episode("B", 2)
    assert answer() == "2"


def test_a_newly_due_episode_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    episode("A", 1)
    episode("B", 2, published_at=tomorrow)
    assert answer() == "1"
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    assert answer() == "2"


def test_names_are_kept_apart() -> None:
    request = cast(FreshRequest, HttpRequest())
    request.content_etag = freshness.freshness(timezone.now()).etag
    assert per_content(request, "one", lambda: 1) == 1
    assert per_content(request, "two", lambda: 2) == 2
    assert per_content(request, "one", lambda: 3) == 1
