"""Values cached per content version, and when they are computed anew."""

import re
from datetime import timedelta
from typing import cast

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from caching import http
from caching.http import CacheableRequest, conditional_get, per_content_version, per_site_version
from caching.version import VERSION
from episodes.counts import totals
from episodes.models import Episode
from episodes.tests.factories import episode, show
from show.models import Show
from topics.models import Topic

pytestmark = pytest.mark.django_db


@conditional_get
def count(request: CacheableRequest) -> HttpResponse:
    return HttpResponse(per_content_version(request, "totals", totals).episodes)


def answer() -> str:
    """A visitor's answer, with the deferred triggers of this transaction fired."""
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


@pytest.mark.django_db(transaction=True)
def test_dates_of_publication_are_read_once_for_each_version() -> None:
    now = timezone.now()
    due = now + timedelta(days=2)
    later = episode("Later", 1, published_at=due)
    first = http.content_state(now)
    with CaptureQueriesContext(connection) as queries:
        assert http.content_state(now + timedelta(days=1)) == first
    assert [query["sql"] for query in queries] == [VERSION]
    assert http.content_state(due).newest_due == due
    before = http.content_state(now)
    assert (before.newest_due, before.next_due) == (None, due)
    later.published_at = due + timedelta(days=1)
    later.save()
    assert http.content_state(now).next_due == later.published_at


@pytest.mark.django_db(transaction=True)
def test_a_transaction_sees_its_own_edits() -> None:
    now = timezone.now()
    before = http.content_state(now)
    with transaction.atomic():
        date = episode("A", 1).published_at
        assert http.content_state(now).newest_due == date
        transaction.set_rollback(True)
    assert http.content_state(now) == before


def test_names_do_not_collide() -> None:
    request = cast(CacheableRequest, HttpRequest())
    request.content_state = http.content_state(timezone.now())
    assert per_content_version(request, "one", lambda: 1) == 1
    assert per_content_version(request, "two", lambda: 2) == 2
    assert per_content_version(request, "one", lambda: 3) == 1


@pytest.mark.django_db(transaction=True)
def test_site_wide_data_is_read_anew_only_after_edits_of_more_than_one_episode(settings):
    settings.CACHES = settings.CACHES | {"site": settings.CACHES["default"]}

    @conditional_get
    def title(request: CacheableRequest) -> HttpResponse:
        return HttpResponse(per_site_version(request, "title", Show.objects.current).title)

    def title_and_etag() -> tuple[str, str]:
        answer = title(RequestFactory().get("/"))
        return answer.content.decode(), answer.headers["ETag"]

    show(title="First")
    own = episode("A", 1)
    topic = Topic.objects.create(episode=own, position=0, seconds=1, text="a", html="a", plain="a")
    first = title_and_etag()
    with CaptureQueriesContext(connection) as queries:
        Topic.objects.filter(pk=topic.pk).update(text="b")
        second = title_and_etag()
    assert first[0] == second[0] == "First" and first[1] != second[1]
    assert not any("show_show" in query["sql"] for query in queries)
    Show.objects.update(title="Second")
    assert title_and_etag()[0] == "Second"
    with transaction.atomic():
        Topic.objects.filter(pk=topic.pk).update(text="c")
        Show.objects.update(title="Third")
    assert title_and_etag()[0] == "Third"
    Episode.objects.filter(pk=own.pk).update(title="B")
    with CaptureQueriesContext(connection) as queries:
        title_and_etag()
    assert any("show_show" in query["sql"] for query in queries), "others' pages show a title, too"


@pytest.mark.parametrize("name", ["SITE_URL", "SENTRY_DSN", "STORAGES"])
def test_a_page_from_before_a_change_of_settings_is_sent_again(settings, name: str) -> None:
    episode("A", 1)
    etag = count(RequestFactory().get("/")).headers["ETag"]
    known = RequestFactory().get("/", headers={"If-None-Match": etag})
    assert count(known).status_code == 304
    changed = {**settings.STORAGES, "other": {}} if name == "STORAGES" else "https://b.example"
    setattr(settings, name, changed)
    http.settings_digest.cache_clear()
    try:
        assert count(known).status_code == 200
    finally:
        http.settings_digest.cache_clear()


SETTING = re.compile(r"\bsettings\.([A-Z][A-Z0-9_]+)")
NOT_SHOWN = {
    "AUTH_USER_MODEL", "BASE_DIR",
    "DOWNLOADS_LOG",  # whether the words of a search are counted
    "DATA_UPLOAD_MAX_MEMORY_SIZE", "FILE_UPLOAD_TEMP_DIR", "GUNICORN_THREADS", "MEDIA_ROOT",
    "SECURITY_CONTACT", "SECURITY_LANGUAGES", "SECURITY_POLICY",  # security.txt, which has no ETag
    "UPLOAD_MAX_BYTES",
}  # fmt: skip


def test_every_setting_that_public_pages_read_is_in_their_etag(settings) -> None:
    packages = "pages feeds search topics episodes show stack guests media"
    files = [file for each in packages.split() for file in (settings.BASE_DIR / each).rglob("*.py")]
    texts = [file.read_text() for file in files if file.parent.name != "tests"]
    read = {name for text in texts for name in SETTING.findall(text)}
    assert read - NOT_SHOWN <= set(settings.SHOWN_SETTINGS)
    assert read >= NOT_SHOWN
