"""nginx, the site and the invalidator: edits show at once, and failures cost no cached page."""

import json
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from datetime import timedelta
from functools import partial
from hashlib import md5
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from caching.http import content_state
from caching.nginx.cache_files import NginxCache
from episodes.models import Episode
from episodes.tests.factories import episode, show
from podcast import bodies
from search.index import refresh
from search.models import Question
from show.models import Show
from tests.nginx_harness import Deployment, get
from tests.production import REQUIRED, behind_nginx, eventually
from tests.wire import Wire

pytestmark = [pytest.mark.production, pytest.mark.django_db(transaction=True)]


# A moment that no other test requests: the invalidator doesn't refetch moments.
NOT_CACHED = "/podcast/1-number-1?t=59"


@pytest.fixture(scope="module")
def wire(django_db_setup: None) -> Wire:
    return Wire()


@pytest.fixture(scope="module")
def programs(
    collected: str, wire: Wire, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("deployment")
    env = behind_nginx(wire.url, collected, folder)
    env |= {"PGOPTIONS": "-c lock_timeout=3000"}  # as podcast.wsgi has it, but shorter
    with Deployment(folder, env, search_rate=1) as running:
        yield running


@pytest.fixture
def deployment(programs: Deployment) -> Deployment:
    """The same programs for every test, with an empty cache."""
    catalogue()
    eventually(lambda: programs.get("/").status == 200)
    wait_for_the_invalidator(programs)
    for page in programs.cache.glob("*/*"):
        page.unlink(missing_ok=True)
    return programs


def wait_for_the_invalidator(deployment: Deployment) -> None:
    """Until it has seen the last commit: it alone brings a page in its present version."""
    deployment.get("/")
    Show.objects.update(title="A Show")
    version = content_state(timezone.now()).page_version.number
    eventually(lambda: cached_version(deployment, "/") == version)


def catalogue() -> None:
    show()
    for number in (1, 2, 3):
        row = episode(
            f"Number {number}", number, technologies=["Redis"], topics=[(60, f"Queues {number}")]
        )
        refresh([row.pk])


def entries(deployment: Deployment, begin: str) -> set[str]:
    """The cache keys of pages whose addresses begin like this."""
    pages = NginxCache(deployment.cache).pages()  # other pages may be stored at any time
    return {page.path for page in pages if page.path.startswith(begin)}


def logged(deployment: Deployment) -> list[dict[str, Any]]:
    lines = (deployment.folder / "access.log").read_text().splitlines()
    return [json.loads(line) for line in lines if line.endswith("}")]


def cached_version(deployment: Deployment, path: str) -> int | None:
    """The content's version in the cached page of this address."""
    page = NginxCache(deployment.cache).page(path)
    return page.version.number if page and page.version else None


def is_cached(deployment: Deployment, path: str) -> bool:
    """Whether nginx answers from its cache."""
    number = deployment.get(path).headers["X-Request-ID"]
    # nginx logs after it has answered.
    eventually(lambda: any(line["id"] == number for line in logged(deployment)))
    return next(line["cache"] for line in logged(deployment) if line["id"] == number) == "HIT"


def fetched(deployment: Deployment) -> list[str]:
    """What the invalidator has fetched."""
    requests = [line for line in logged(deployment) if line["agent"] == "podcast-invalidator"]
    return [line["uri"] for line in requests if line["status"] == 200]


def test_the_cache_key_has_only_parameters_that_the_route_knows(deployment: Deployment):
    deployment.get("/podcast/3-number-3")
    for query in ("utm_source=x", "page=2", "q=1", "t=", "t=%00", "stack=redis"):
        assert deployment.get(f"/podcast/3-number-3?{query}").status == 200
    assert deployment.get("/podcast/?utm_source=x&y=2").status == 200
    assert entries(deployment, "/podcast/?") == set()
    assert entries(deployment, "/podcast/3") == {"/podcast/3-number-3"}
    assert b"Queues 3" in deployment.get("/podcast/3-number-3?t=60&utm_source=x").body
    assert entries(deployment, "/podcast/3") == {"/podcast/3-number-3", "/podcast/3-number-3?t=60"}
    for path in ("/podcast/?stack=redis&stack=django", "/search?q=queues", "/nothing", "/%2e"):
        deployment.get(path)
    assert (
        not entries(deployment, "/podcast/?")
        | entries(deployment, "/search")
        | entries(deployment, "/nothing")
    )


def test_a_page_is_cached_compressed_and_unpacked_for_clients_without_gzip(deployment: Deployment):
    packed = deployment.get("/podcast/", Accept_Encoding="gzip, br, zstd")
    plain = deployment.get("/podcast/")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert b"Number 3" in plain.body
    assert len(list(deployment.cache.glob(f"*/{md5(b'/podcast/').hexdigest()}*"))) == 1
    etag = plain.headers["ETag"]
    assert deployment.get("/podcast/", If_None_Match=etag).status == 304
    assert "X-Accel-Expires" not in plain.headers
    assert "X-Noise" not in packed.headers
    assert "X-Noise" in deployment.get("/search?q=queues", Accept_Encoding="gzip").headers


def test_an_edit_shows_at_once_and_other_episodes_stay_cached(deployment: Deployment):
    for number in (1, 2, 3):
        deployment.get(f"/podcast/{number}-number-{number}")
    other = "/podcast/1-number-1"
    assert is_cached(deployment, other)
    before = cached_version(deployment, other)
    row = Episode.objects.get(number=3)
    row.topics.update(text="Jobs", html="Jobs", plain="Jobs")
    eventually(lambda: b"Jobs" in deployment.get("/podcast/3-number-3").body)
    assert is_cached(deployment, other)
    # After a missed notification it would have been fetched again.
    assert cached_version(deployment, other) == before
    Show.objects.update(title="Another Show")
    eventually(lambda: b"Another Show" in deployment.get(other).body)


def test_the_refresh_port_replaces_the_cached_page(deployment: Deployment):
    path = "/podcast/3-number-3"
    deployment.get(path)
    assert is_cached(deployment, path)
    deployment.kill("invalidator")
    try:
        Episode.objects.get(number=3).topics.update(text="Jobs", html="Jobs", plain="Jobs")
        assert is_cached(deployment, path)  # nobody has purged it
        assert b"Jobs" not in deployment.get(path).body
        assert get(deployment.refresh_port, path).status == 200
        assert is_cached(deployment, path)
        assert b"Jobs" in deployment.get(path).body
    finally:
        deployment.start_invalidator()


def test_purged_pages_are_fetched_again(deployment: Deployment):
    deployment.get("/podcast/")
    before = fetched(deployment).count("/podcast/")
    Show.objects.update(title="Another Show")
    eventually(lambda: fetched(deployment).count("/podcast/") > before)
    assert is_cached(deployment, "/podcast/")
    assert b"Another Show" in deployment.get("/podcast/").body


def test_purged_moments_are_not_fetched_again(deployment: Deployment):
    """An episode has thousands of them; fetching all would never end."""
    moment, longer = "/podcast/3-number-3?t=60", "/podcast/3-number-3/chapters.json"
    for path in (moment, longer):
        deployment.get(path)
    Show.objects.update(title="Another Show")
    eventually(lambda: longer in fetched(deployment))
    assert moment not in fetched(deployment)
    assert b"Another Show" in deployment.get(moment).body


def test_a_scheduled_episode_appears_at_its_minute(deployment: Deployment):
    due = timezone.now() + timedelta(seconds=10)
    row = episode("Number 4", 4, published_at=due)
    assert deployment.get(row.get_absolute_url()).status == 404
    assert b"Number 4" not in deployment.get("/podcast/").body
    assert is_cached(deployment, "/podcast/")
    assert deployment.get("/podcast/").headers["Cache-Control"] == "public, max-age=0, s-maxage=1"
    time.sleep(max(0, (due - timezone.now()).total_seconds()))
    eventually(lambda: b"Number 4" in deployment.get("/podcast/").body)
    assert deployment.get(row.get_absolute_url()).status == 200


def test_a_slow_render_does_not_bring_the_old_page_back(deployment: Deployment):
    """The page waits for a lock, the edit is committed meanwhile, and the page is stored late."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE show_promotion")  # read last of all by an episode's page
        slow = threading.Thread(target=deployment.get, args=["/podcast/3-number-3"])
        slow.start()
        eventually(lambda: is_awaited("show_promotion"))
        cursor.execute("UPDATE topics_topic SET html = 'Jobs', text = 'Jobs', plain = 'Jobs'")
        cursor.execute("COMMIT")
    slow.join()
    eventually(lambda: b"Jobs" in deployment.get("/podcast/3-number-3").body)
    time.sleep(1)
    assert b"Jobs" in deployment.get("/podcast/3-number-3").body


def is_awaited(table: str) -> bool:
    """Whether somebody waits for a lock of this table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [table]
        )
        return cursor.fetchone() is not None


def test_searches_are_limited_and_pages_are_not(deployment: Deployment):
    assert deployment.get("/search?q=queues").status == 200
    paths = [f"/search?q=queues{number}" for number in range(30)]
    with ThreadPoolExecutor(30) as pool:  # at once, however slow the site is
        assert 429 in [each.status for each in pool.map(deployment.get, paths)]
    assert {deployment.get("/podcast/").status for _ in range(60)} == {200}


def test_large_uploads_are_limited(deployment: Deployment):
    """nginx writes them to disk before the site reads them."""
    with ExitStack() as opened:
        uploads = [opened.enter_context(upload(deployment, f"host{n}")) for n in range(5)]
        # nginx refuses two at once and reads the others.
        eventually(lambda: len(select.select(uploads, [], [], 0)[0]) == 2)
        refused = select.select(uploads, [], [], 0)[0]
        assert {each.recv(12) for each in refused} == {b"HTTP/1.1 503"}
    assert deployment.get("/admin/login/").status == 200


def test_large_uploads_of_one_account_leave_room_for_another(deployment: Deployment):
    with ExitStack() as opened:
        own = [opened.enter_context(upload(deployment, "slow")) for _ in range(4)]
        eventually(lambda: len(select.select(own, [], [], 0)[0]) == 2)
        assert {each.recv(12) for each in select.select(own, [], [], 0)[0]} == {b"HTTP/1.1 503"}
        other = opened.enter_context(upload(deployment, "host"))
        assert select.select([other], [], [], 2)[0] == []  # nginx reads it


def upload(deployment: Deployment, username: str) -> socket.socket:
    """A host who sends a recording, slowly."""
    opened = socket.create_connection(("127.0.0.1", deployment.port), 60)
    head = "POST /admin/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 400000000\r\n"
    user, _ = User.objects.get_or_create(username=username)
    with override_settings(SECRET_KEY=REQUIRED["SECRET_KEY"]):
        head += f"Cookie: {bodies.COOKIE}={bodies.cookie_value(user)}\r\n\r\n"
    opened.sendall(head.encode() + bytes(1000))
    return opened


def test_a_killed_worker_costs_no_page(deployment: Deployment):
    stop, statuses = threading.Event(), []

    def ask() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            statuses.append(deployment.get(f"/podcast/3-number-3?t={number}").status)

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for each in askers:
        each.start()
    for answered in (3, 6, 9):
        eventually(lambda: len(workers(deployment)) == 2)
        eventually(partial(more_than, answered, statuses))
        time.sleep(0.5)
        os.kill(workers(deployment)[0], signal.SIGKILL)
    eventually(partial(more_than, 12, statuses))
    stop.set()
    for each in askers:
        each.join()
    assert len(statuses) > 8
    assert set(statuses) == {200}


def more_than(count: int, found: list[int]) -> bool:
    return len(found) > count


def workers(deployment: Deployment) -> list[int]:
    master = deployment.processes["site 0"].pid
    return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


def test_metrics_are_private_and_uploads_are_no_pages(deployment: Deployment):
    assert deployment.get("/metrics").status == 404
    media = Path(deployment.env["MEDIA_ROOT"])
    media.mkdir(exist_ok=True, parents=True)
    (media / "x.svg").write_text("<svg/>")
    answer = deployment.get("/media/x.svg")
    assert answer.headers["Content-Disposition"] == "attachment"


def test_without_the_site_cached_pages_are_served_and_others_are_503(deployment: Deployment):
    assert deployment.get("/podcast/").status == 200
    deployment.processes["site 0"].terminate()
    deployment.processes["site 0"].wait()
    assert deployment.get("/podcast/").status == 200
    gone = deployment.get(NOT_CACHED)
    assert gone.status == 503
    assert gone.headers["Retry-After"] == "5"
    deployment.start_site(0)
    eventually(lambda: get(deployment.port, NOT_CACHED).status == 200)


def test_a_get_is_retried_and_a_post_is_not(tmp_path: Path):
    """As when a container is replaced during a request."""
    with (
        HangsUp(times=4) as site,
        Deployment(tmp_path, {}, sites=0, site_ports=[site.port]) as deployment,
    ):
        assert deployment.get("/podcast/").body == b"Hello"
        assert site.requests == 5
        site.requests = 0
        with closing(HTTPConnection("127.0.0.1", deployment.port, timeout=30)) as visitor:
            visitor.request("POST", "/admin/", body="x")
            assert visitor.getresponse().status == 503
        assert site.requests == 1


class HangsUp:
    """A site that closes the first connections without a word, and then answers."""

    def __init__(self, times: int) -> None:
        self.times, self.requests = times, 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def __enter__(self) -> "HangsUp":
        return self

    def __exit__(self, *error: object) -> None:
        self._listening.close()

    def _run(self) -> None:
        with suppress(OSError):  # closed, as the test is over
            while True:
                visitor, _ = self._listening.accept()
                with visitor:
                    if not visitor.recv(4096):
                        continue  # a check whether the port is open
                    self.requests += 1
                    if self.requests > self.times:
                        visitor.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello")


def test_without_a_database_cached_pages_are_served_until_it_is_back(
    deployment: Deployment, wire: Wire
):
    eventually(lambda: is_cached(deployment, "/podcast/"))
    wire.cut()
    try:
        assert is_cached(deployment, "/podcast/")
        missing = deployment.get(NOT_CACHED)
        assert missing.status == 503
        assert missing.headers["Retry-After"] == "5"
        assert b"Back in a moment" in missing.body
        assert b"<rss" in deployment.get("/podcast/feed.xml?tag=x").body
        health = deployment.get("/health")
        assert (health.status, b"database" in health.body) == (503, True)
        desk = deployment.get("/admin/", Cookie=f"sessionid={'x' * 32}")
        assert (desk.status, b"no database connection" in desk.body) == (503, True)
    finally:
        wire.restore()
    eventually(lambda: deployment.get(NOT_CACHED).status == 200)
    Show.objects.update(title="Another Show")
    eventually(lambda: b"Another Show" in deployment.get("/podcast/").body)


def test_a_slow_database_makes_uncached_pages_503(deployment: Deployment):
    """Cached pages are served, others answer 503, and nothing goes on waiting."""
    eventually(lambda: is_cached(deployment, "/podcast/"))
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE topics_topic")
        try:
            assert is_cached(deployment, "/podcast/")
            waited = deployment.get("/podcast/2-number-2")
        finally:
            cursor.execute("ROLLBACK")
    assert waited.status == 503
    assert waited.headers["Retry-After"] == "5"
    assert deployment.get("/podcast/2-number-2").status == 200


def test_what_narrows_a_list_reaches_its_page(deployment: Deployment):
    Question.objects.create(title="Queues", slug="queues", query="queues")
    listed = {
        "/stack/?category=other": b"<title>Other in production",
        "/guests/?stack=redis": b"Remove the filter with Redis",
        "/questions/queues?stack=redis": b"<title>Queues, with Redis",
    }
    for path, words in listed.items():
        assert words in deployment.get(path).body, path
        assert words in deployment.get(f"{path}&utm_source=x").body, path
        assert words not in deployment.get(path.partition("?")[0]).body, path
    assert b'value="red"' in deployment.get("/stack/?q=red").body
    assert b'value="celery"' in deployment.get("/libraries/?q=celery").body
    # The second page of one that has no second page.
    for path in ("/stack/redis", "/questions/queues", "/guests/", "/libraries/"):
        assert deployment.get(f"{path}?page=2").status == 404, path
    assert entries(deployment, "/stack/?") == {"/stack/?category=other"}
    assert entries(deployment, "/guests/?") == {"/guests/?stack=redis"}
    assert entries(deployment, "/questions/queues?") == {"/questions/queues?stack=redis"}
    assert deployment.get("/stack/redis?utm_source=x").status == 200
    assert "/stack/redis?utm_source=x" not in entries(deployment, "/stack/redis")
