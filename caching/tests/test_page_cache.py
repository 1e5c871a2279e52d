"""The page cache of a process: pages are served from it until an edit or a publication."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from caching.page_cache import MAX_PAGE_BYTES, page_cache, size_of
from episodes.models import Episode
from episodes.tests.factories import episode, show
from tests.wire import kill_server

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/podcast/1-number-1"
SAFETY = (
    "Content-Security-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy",
    "Permissions-Policy", "Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options",
)  # fmt: skip
NOT_IN_A_304 = ("Content-Security-Policy", "X-Frame-Options")


@pytest.fixture(autouse=True)
def _site(settings) -> Iterator[None]:
    settings.PAGE_CACHE_BYTES = 1024**2
    show()
    for number in (1, 2):
        episode(f"Number {number}", number)
    yield
    page_cache.clear()


def is_cached(response: Any) -> bool:
    """A cached page is served before its URL is resolved."""
    return response.wsgi_request.resolver_match is None


def test_a_cached_page_is_the_same_and_costs_one_query(
    client: Client, django_assert_num_queries
) -> None:
    rendered = client.get(PAGE, headers={"accept-encoding": "gzip"})
    with django_assert_num_queries(1):
        cached = client.get(PAGE, headers={"accept-encoding": "gzip"})
    assert not is_cached(rendered) and is_cached(cached)
    assert cached.content == rendered.content
    for response in (rendered, cached):
        del response.headers["X-Request-ID"]
    assert cached.headers == rendered.headers
    assert all(name in cached.headers for name in SAFETY)
    assert not is_cached(client.get(PAGE)), "this visitor can't read gzip"


def test_each_request_has_a_number_of_its_own(client: Client) -> None:
    client.get(PAGE)
    numbers = [client.get(PAGE).headers["X-Request-ID"] for _ in range(3)]
    assert len(set(numbers)) == 3
    given = "0123456789abcdef" * 2
    assert client.get(PAGE, headers={"x-request-id": given}).headers["X-Request-ID"] == given


def test_an_edit_shows_at_the_next_request(client: Client) -> None:
    for title in ("Another", "And another"):
        client.get(PAGE)
        Episode.objects.filter(number=1).update(title=title)
        response = client.get(PAGE)
        assert not is_cached(response) and title in response.content.decode()
        assert is_cached(client.get(PAGE))


def test_a_publication_shows_at_its_minute(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    due = timezone.now() + timedelta(hours=1)
    episode("Later", 3, published_at=due)
    before = client.get("/podcast/")
    assert is_cached(client.get("/podcast/"))
    monkeypatch.setattr(timezone, "now", lambda: due - timedelta(seconds=9))
    soon = client.get("/podcast/")
    assert is_cached(soon) and soon.headers["Cache-Control"].endswith("s-maxage=9")
    monkeypatch.setattr(timezone, "now", lambda: due)
    after = client.get("/podcast/")
    assert "Later" in after.content.decode() and "Later" not in before.content.decode()
    assert after.headers["ETag"] != before.headers["ETag"]


def test_a_cached_page_answers_a_conditional_get(client: Client) -> None:
    etag = client.get(PAGE).headers["ETag"]
    response = client.get(PAGE, headers={"if-none-match": etag})
    assert is_cached(response)
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["ETag"] == etag
    assert "Content-Type" not in response.headers
    for name in SAFETY:
        assert (name in response.headers) is (name not in NOT_IN_A_304)


def test_head_is_served_from_the_cached_get(client: Client) -> None:
    page = client.get(PAGE)
    head = client.head(PAGE)
    assert is_cached(head) and head.content == b""
    assert head.headers["Content-Length"] == str(len(page.content))


def test_the_least_recently_used_page_is_evicted(client: Client, settings) -> None:
    for number in range(3):
        client.get(f"{PAGE}?page={number}")
    assert is_cached(client.get(f"{PAGE}?page=0"))
    settings.PAGE_CACHE_BYTES = page_cache.size + 1000
    client.get(f"{PAGE}?page=3")
    assert len(page_cache.by_key) == 3
    assert is_cached(client.get(f"{PAGE}?page=0"))
    assert not is_cached(client.get(f"{PAGE}?page=1"))


def test_the_size_is_right_after_pages_were_replaced(client: Client) -> None:
    for title in ("Short", "A title that is longer than the one before"):
        Episode.objects.filter(number=1).update(title=title)
        client.get(PAGE)
        client.get("/podcast/2-number-2", {"of-a-long-address": "x" * 1000})
    assert len(page_cache.by_key) == 2
    assert page_cache.size == sum(size_of(key, page) for key, page in page_cache.by_key.items())
    assert page_cache.size > 1000 + sum(len(page.content) for page in page_cache.by_key.values())


def test_large_and_private_pages_are_not_cached(client: Client) -> None:
    Episode.objects.filter(number=1).update(introduction_html="x" * MAX_PAGE_BYTES)
    for path in (PAGE, "/nothing", "/health", "/admin/login/"):
        client.get(path)
        assert not is_cached(client.get(path))
    assert not page_cache.by_key


def test_a_strangers_host_is_refused_as_ever(client: Client) -> None:
    client.get(PAGE)
    response = client.get(PAGE, headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "Content-Security-Policy" in response.headers


def test_a_broken_connection_is_reopened(client: Client) -> None:
    client.get(PAGE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (before,) = cursor.fetchone()
    terminate(before)
    assert client.get(PAGE).headers["Cache-Control"].startswith("public")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() != (before,)


def terminate(process: int) -> None:
    """Terminate a connection by its backend process, as a restart of PostgreSQL does."""
    ended = connection.copy()
    try:
        with ended.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
            assert cursor.fetchone() == (True,)
    finally:
        ended.close()


def test_cached_pages_are_served_while_the_database_is_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered = client.get(PAGE)
    with monkeypatch.context() as away:
        connection.close()
        away.setitem(connection.settings_dict, "HOST", "/nowhere")
        cached = client.get(PAGE)
        assert cached.status_code == 200 and cached.content == rendered.content
        assert cached.headers["Cache-Control"] == "no-cache"
        other = Client(raise_request_exception=False)
        assert other.get("/podcast/2-number-2").status_code == 503
        connection.close()
    assert client.get(PAGE).headers["Cache-Control"].startswith("public")


def test_a_cached_page_is_served_when_the_server_has_died_since_the_last_query(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """psycopg2 then raises its base class alone."""
    rendered = client.get(PAGE)
    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "HOST", "/nowhere")
        kill_server()
        assert client.get(PAGE).content == rendered.content
        connection.close()


@pytest.mark.parametrize("header", [{"x-cache-managed": "1"}, {"x-front": "kept"}])
def test_nginx_may_cache_pages_also_by_the_former_header(client: Client, header: dict) -> None:
    for _ in range(2):
        response = client.get(PAGE, headers=header)
        assert int(response.headers["X-Accel-Expires"]) > 60
        assert not is_cached(response)
    assert "X-Accel-Expires" not in client.get(PAGE).headers
