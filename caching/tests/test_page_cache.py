"""Pages this process keeps: given again as they were, until an edit or a publication."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from caching.page_cache import LARGEST, pages, size_of
from episodes.models import Episode
from episodes.tests.factories import episode, show

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/podcast/1-number-1"
SAFETY = (
    "Content-Security-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy",
    "Permissions-Policy", "Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options",
)  # fmt: skip
NOT_IN_A_304 = ("Content-Security-Policy", "X-Frame-Options")


@pytest.fixture(autouse=True)
def _site(settings) -> Iterator[None]:
    settings.KEPT_BYTES = 1024**2
    show()
    for number in (1, 2):
        episode(f"Number {number}", number)
    yield
    pages.clear()


def is_kept(response: Any) -> bool:
    """A page that is made is resolved by its address; one that was kept isn't."""
    return response.wsgi_request.resolver_match is None


def test_given_again_as_it_was_for_one_query(client: Client, django_assert_num_queries) -> None:
    made = client.get(PAGE, headers={"accept-encoding": "gzip"})
    with django_assert_num_queries(1):
        kept = client.get(PAGE, headers={"accept-encoding": "gzip"})
    assert not is_kept(made) and is_kept(kept)
    assert kept.content == made.content
    for response in (made, kept):
        del response.headers["X-Request-ID"]
    assert kept.headers == made.headers
    assert all(name in kept.headers for name in SAFETY)
    assert not is_kept(client.get(PAGE)), "this visitor can't read gzip"


def test_each_request_has_a_number_of_its_own(client: Client) -> None:
    client.get(PAGE)
    numbers = [client.get(PAGE).headers["X-Request-ID"] for _ in range(3)]
    assert len(set(numbers)) == 3
    given = "0123456789abcdef" * 2
    assert client.get(PAGE, headers={"x-request-id": given}).headers["X-Request-ID"] == given


def test_an_edit_is_there_at_the_next_request(client: Client) -> None:
    for title in ("Another", "And another"):
        client.get(PAGE)
        Episode.objects.filter(number=1).update(title=title)
        response = client.get(PAGE)
        assert not is_kept(response) and title in response.content.decode()
        assert is_kept(client.get(PAGE))


def test_a_publication_is_there_at_its_minute(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = timezone.now() + timedelta(hours=1)
    episode("Later", 3, published_at=due)
    before = client.get("/podcast/")
    assert is_kept(client.get("/podcast/"))
    monkeypatch.setattr(timezone, "now", lambda: due - timedelta(seconds=9))
    soon = client.get("/podcast/")
    assert is_kept(soon) and soon.headers["Cache-Control"].endswith("s-maxage=9")
    monkeypatch.setattr(timezone, "now", lambda: due)
    after = client.get("/podcast/")
    assert "Later" in after.content.decode() and "Later" not in before.content.decode()
    assert after.headers["ETag"] != before.headers["ETag"]


def test_who_has_the_page_is_told_so(client: Client) -> None:
    etag = client.get(PAGE).headers["ETag"]
    response = client.get(PAGE, headers={"if-none-match": etag})
    assert is_kept(response)
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["ETag"] == etag
    assert "Content-Type" not in response.headers
    for name in SAFETY:
        assert (name in response.headers) is (name not in NOT_IN_A_304)


def test_head_is_get_without_the_page(client: Client) -> None:
    page = client.get(PAGE)
    head = client.head(PAGE)
    assert is_kept(head) and head.content == b""
    assert head.headers["Content-Length"] == str(len(page.content))


def test_so_much_is_kept_and_what_was_last_asked_for_stays(client: Client, settings) -> None:
    for number in range(3):
        client.get(f"{PAGE}?page={number}")
    assert is_kept(client.get(f"{PAGE}?page=0"))
    settings.KEPT_BYTES = pages.size + 1000
    client.get(f"{PAGE}?page=3")
    assert len(pages.by_key) == 3
    assert is_kept(client.get(f"{PAGE}?page=0"))
    assert not is_kept(client.get(f"{PAGE}?page=1"))


def test_what_they_take_is_counted_also_when_one_is_replaced(client: Client) -> None:
    for title in ("Short", "A title that is longer than the one before"):
        Episode.objects.filter(number=1).update(title=title)
        client.get(PAGE)
        client.get("/podcast/2-number-2", {"of-a-long-address": "x" * 1000})
    assert len(pages.by_key) == 2
    assert pages.size == sum(size_of(key, page) for key, page in pages.by_key.items())
    assert pages.size > 1000 + sum(len(page.content) for page in pages.by_key.values())


def test_what_is_large_or_nobody_elses_is_made_each_time(client: Client) -> None:
    Episode.objects.filter(number=1).update(introduction_html="x" * LARGEST)
    for path in (PAGE, "/nothing", "/health", "/admin/login/"):
        client.get(path)
        assert not is_kept(client.get(path))
    assert not pages.by_key


def test_a_strangers_host_is_refused_as_ever(client: Client) -> None:
    client.get(PAGE)
    response = client.get(PAGE, headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "Content-Security-Policy" in response.headers


def test_a_broken_connection_is_opened_anew(client: Client) -> None:
    client.get(PAGE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (before,) = cursor.fetchone()
    end(before)
    assert client.get(PAGE).headers["Cache-Control"].startswith("public")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() != (before,)


def end(process: int) -> None:
    """End the connection that this is the process of, as a restart of PostgreSQL does."""
    ended = connection.copy()
    try:
        with ended.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
            assert cursor.fetchone() == (True,)
    finally:
        ended.close()


def test_while_the_database_is_away_what_is_kept_is_shown(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = client.get(PAGE)
    with monkeypatch.context() as away:
        connection.close()
        away.setitem(connection.settings_dict, "HOST", "/nowhere")
        kept = client.get(PAGE)
        assert kept.status_code == 200 and kept.content == made.content
        assert kept.headers["Cache-Control"] == "no-cache"
        other = Client(raise_request_exception=False)
        assert other.get("/podcast/2-number-2").status_code == 503
        connection.close()
    assert client.get(PAGE).headers["Cache-Control"].startswith("public")
