"""nginx before the site, with the keeper beside it: fresh at once, and calm when things fail."""

import json
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from datetime import timedelta
from hashlib import md5
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from caching.nginx.cache_files import Cache
from deploy.nginx.harness import Running, get
from episodes.models import Episode
from episodes.tests.factories import episode, show
from search.index import refresh
from show.models import Show
from tests.production import behind_a_front, eventually
from tests.wire import Wire

pytestmark = [pytest.mark.production, pytest.mark.django_db(transaction=True)]


# A moment that no other test asks for: the keeper fetches none again by itself.
NOT_KEPT = "/podcast/1-number-1?t=59"


@pytest.fixture(scope="module")
def wire(django_db_setup: None) -> Wire:
    return Wire()


@pytest.fixture(scope="module")
def programs(
    collected: str, wire: Wire, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("front")
    env = behind_a_front(wire.url, collected, folder)
    env |= {"PGOPTIONS": "-c lock_timeout=3000"}  # as podcast.wsgi has it, but shorter
    with Running(folder, env, questions=1) as running:
        yield running


@pytest.fixture
def front(programs: Running) -> Running:
    """The same programs for each test, which find nothing of what was kept for another."""
    catalogue()
    eventually(lambda: programs.get("/").status == 200, 20)
    eventually(lambda: "Listening" in (programs.folder / "keeper.log").read_text(), 20)
    for page in programs.cache.glob("*/*"):
        page.unlink(missing_ok=True)
    return programs


def catalogue() -> None:
    show()
    for number in (1, 2, 3):
        row = episode(
            f"Number {number}", number, technologies=["Redis"], topics=[(60, f"Queues {number}")]
        )
        refresh([row.pk])


def entries(front: Running, begin: str) -> set[str]:
    """What pages are kept under whose addresses begin like this."""
    pages = Cache(front.cache).pages()  # others may be made anew just now
    return {page.path for page in pages if page.path.startswith(begin)}


def logged(front: Running) -> list[dict[str, Any]]:
    told = (front.folder / "access.log").read_text().splitlines()
    return [json.loads(line) for line in told if line.endswith("}")]


def kept(front: Running, path: str) -> bool:
    """Whether nginx has the page, and answers with it."""
    number = front.get(path).headers["X-Request-ID"]
    # nginx answers first, and writes then.
    eventually(lambda: any(line["id"] == number for line in logged(front)))
    return next(line["kept"] for line in logged(front) if line["id"] == number) == "HIT"


def fetched(front: Running) -> list[str]:
    """What the keeper has asked for, and got."""
    asked = [line for line in logged(front) if line["agent"] == "front"]
    return [line["uri"] for line in asked if line["status"] == 200]


def test_pages_are_kept_under_what_their_route_knows(front: Running):
    front.get("/podcast/3-number-3")
    for query in ("utm_source=x", "page=2", "q=1", "t=", "t=%00", "stack=redis"):
        assert front.get(f"/podcast/3-number-3?{query}").status == 200
    assert front.get("/podcast/?utm_source=x&y=2").status == 200
    assert entries(front, "/podcast/?") == set()
    assert entries(front, "/podcast/3") == {"/podcast/3-number-3"}
    assert b"Queues 3" in front.get("/podcast/3-number-3?t=60&utm_source=x").body
    assert entries(front, "/podcast/3") == {"/podcast/3-number-3", "/podcast/3-number-3?t=60"}
    for path in ("/podcast/?stack=redis&stack=django", "/search?q=queues", "/nothing", "/%2e"):
        front.get(path)
    assert not entries(front, "/podcast/?") | entries(front, "/search") | entries(front, "/nothing")


def test_a_page_is_stored_once_and_unpacked_for_who_cant_read_it(front: Running):
    packed = front.get("/podcast/", Accept_Encoding="gzip, br, zstd")
    plain = front.get("/podcast/")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert b"Number 3" in plain.body
    assert len(list(front.cache.glob(f"*/{md5(b'/podcast/').hexdigest()}*"))) == 1
    etag = plain.headers["ETag"]
    assert front.get("/podcast/", If_None_Match=etag).status == 304
    assert "X-Accel-Expires" not in plain.headers
    assert "X-Noise" not in packed.headers
    assert "X-Noise" in front.get("/search?q=queues", Accept_Encoding="gzip").headers


def test_an_edit_is_seen_at_once_and_leaves_other_episodes_kept(front: Running):
    for number in (1, 2, 3):
        front.get(f"/podcast/{number}-number-{number}")
    assert kept(front, "/podcast/1-number-1")
    row = Episode.objects.get(number=3)
    row.topics.update(text="Jobs", html="Jobs", plain="Jobs")
    eventually(lambda: b"Jobs" in front.get("/podcast/3-number-3").body, 1)
    assert kept(front, "/podcast/1-number-1")
    Show.objects.update(title="Another Show")
    eventually(lambda: b"Another Show" in front.get("/podcast/1-number-1").body, 1)


def test_what_is_asked_for_at_the_keepers_door_takes_the_place_of_what_is_kept(front: Running):
    path = "/podcast/3-number-3"
    front.get(path)
    assert kept(front, path)
    front.kill("keeper")
    try:
        Episode.objects.get(number=3).topics.update(text="Jobs", html="Jobs", plain="Jobs")
        assert kept(front, path)  # nobody has dropped it
        assert b"Jobs" not in front.get(path).body
        assert get(front.door, path).status == 200
        assert kept(front, path)
        assert b"Jobs" in front.get(path).body
    finally:
        front.start_keeper()


def test_what_was_dropped_is_fetched_again(front: Running):
    front.get("/podcast/")
    before = fetched(front).count("/podcast/")
    Show.objects.update(title="Another Show")
    eventually(lambda: fetched(front).count("/podcast/") > before, 3)
    assert kept(front, "/podcast/")
    assert b"Another Show" in front.get("/podcast/").body


def test_moments_are_fetched_again_by_who_asks_for_them(front: Running):
    """There are thousands of an episode: whoever asked for all would be asking for ever."""
    moment, longer = "/podcast/3-number-3?t=60", "/podcast/3-number-3/chapters.json"
    for path in (moment, longer):
        front.get(path)
    Show.objects.update(title="Another Show")
    eventually(lambda: longer in fetched(front), 3)
    assert moment not in fetched(front)
    assert b"Another Show" in front.get(moment).body


def test_a_scheduled_episode_appears_at_its_minute(front: Running):
    due = timezone.now() + timedelta(seconds=4)
    row = episode("Number 4", 4, published_at=due)
    assert front.get(row.get_absolute_url()).status == 404
    assert b"Number 4" not in front.get("/podcast/").body
    assert kept(front, "/podcast/")
    assert front.get("/podcast/").headers["Cache-Control"] == "public, max-age=0, s-maxage=1"
    time.sleep(max(0, (due - timezone.now()).total_seconds()))
    eventually(lambda: b"Number 4" in front.get("/podcast/").body, 1.5)
    assert front.get(row.get_absolute_url()).status == 200


def test_a_slow_render_cant_bring_the_old_page_back(front: Running):
    """The page waits for a lock, the edit is committed meanwhile, and the page is stored late."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE show_promotion")  # read last of all by an episode's page
        slow = threading.Thread(target=front.get, args=["/podcast/3-number-3"])
        slow.start()
        time.sleep(1)
        cursor.execute("UPDATE topics_topic SET html = 'Jobs', text = 'Jobs', plain = 'Jobs'")
        cursor.execute("COMMIT")
    slow.join()
    time.sleep(1)
    assert b"Jobs" in front.get("/podcast/3-number-3").body


def test_questions_are_limited_and_pages_arent(front: Running):
    asked = [front.get(f"/search?q=queues{number}").status for number in range(30)]
    assert 429 in asked
    assert asked[0] == 200
    assert {front.get("/podcast/").status for _ in range(60)} == {200}


def test_recordings_are_handed_in_few_at_a_time(front: Running):
    """nginx writes them to its disk before the site can ask who that is."""
    with ExitStack() as opened:
        handed = [opened.enter_context(hand_in(front)) for _ in range(5)]
        # Those that are refused are told at once; the others are being read.
        eventually(lambda: len(select.select(handed, [], [], 0)[0]) == 2)
        refused = select.select(handed, [], [], 0)[0]
        assert {each.recv(12) for each in refused} == {b"HTTP/1.1 503"}
    assert front.get("/admin/login/").status == 200


def hand_in(front: Running) -> socket.socket:
    """Somebody who sends a gigabyte, slowly."""
    opened = socket.create_connection(("127.0.0.1", front.port), 10)
    head = "POST /admin/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000000\r\n\r\n"
    opened.sendall(head.encode() + bytes(1000))
    return opened


def test_a_worker_killed_costs_no_page(front: Running):
    stop, seen = threading.Event(), []

    def ask() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            seen.append(front.get(f"/podcast/3-number-3?t={number}").status)

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for each in askers:
        each.start()
    for _ in range(3):
        eventually(lambda: len(workers(front)) == 2, 20)
        time.sleep(0.5)
        os.kill(workers(front)[0], signal.SIGKILL)
    time.sleep(1)
    stop.set()
    for each in askers:
        each.join()
    assert len(seen) > 8
    assert set(seen) == {200}


def workers(front: Running) -> list[int]:
    master = front.processes["site 0"].pid
    return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


def test_no_metrics_and_no_foreign_scripts_from_outside(front: Running):
    assert front.get("/metrics").status == 404
    media = Path(front.env["MEDIA_ROOT"])
    media.mkdir(exist_ok=True, parents=True)
    (media / "x.svg").write_text("<svg/>")
    answer = front.get("/media/x.svg")
    assert answer.headers["Content-Disposition"] == "attachment"


def test_the_site_gone_shows_kept_pages_and_says_so_elsewhere(front: Running):
    assert front.get("/podcast/").status == 200
    front.processes["site 0"].terminate()
    front.processes["site 0"].wait()
    assert front.get("/podcast/").status == 200
    gone = front.get(NOT_KEPT)
    assert gone.status == 503
    assert gone.headers["Retry-After"] == "5"
    front.start_site(0)
    eventually(lambda: get(front.port, NOT_KEPT).status == 200, 2)


def test_a_get_is_asked_again_and_a_post_isnt(tmp_path: Path):
    """As where the servers' names lead elsewhere just while one of them is tried."""
    with HangsUp(times=4) as site, Running(tmp_path, {}, sites=0, site_ports=[site.port]) as front:
        assert front.get("/podcast/").body == b"Hello"
        assert site.asked == 5
        site.asked = 0
        with closing(HTTPConnection("127.0.0.1", front.port, timeout=30)) as visitor:
            visitor.request("POST", "/podcast/", body="x")
            assert visitor.getresponse().status == 503
        assert site.asked == 1


class HangsUp:
    """A site that closes the first connections without a word, and then answers."""

    def __init__(self, times: int) -> None:
        self.times, self.asked = times, 0
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
                        continue  # only looked whether somebody listens
                    self.asked += 1
                    if self.asked > self.times:
                        visitor.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello")


def test_without_a_database_what_is_kept_is_shown_and_all_comes_back(front: Running, wire: Wire):
    eventually(lambda: kept(front, "/podcast/"))
    wire.cut()
    try:
        assert kept(front, "/podcast/")
        missing = front.get(NOT_KEPT)
        assert missing.status == 503
        assert missing.headers["Retry-After"] == "5"
        assert b"Back in a moment" in missing.body
        assert b"<rss" in front.get("/podcast/feed.xml?tag=x").body
        health = front.get("/health")
        assert (health.status, b"database" in health.body) == (503, True)
        desk = front.get("/admin/", Cookie=f"sessionid={'x' * 32}")
        assert (desk.status, b"database went away" in desk.body) == (503, True)
    finally:
        wire.mend()
    eventually(lambda: front.get(NOT_KEPT).status == 200, 2)
    Show.objects.update(title="Another Show")
    eventually(lambda: b"Another Show" in front.get("/podcast/").body, 3)


def test_a_database_that_keeps_one_waiting_is_waited_for_so_long(front: Running):
    """Pages that are kept aren't concerned, others say so, and nothing is left waiting."""
    eventually(lambda: kept(front, "/podcast/"))
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE topics_topic")
        try:
            assert kept(front, "/podcast/")
            waited_for = front.get("/podcast/2-number-2")
        finally:
            cursor.execute("ROLLBACK")
    assert waited_for.status == 503
    assert waited_for.headers["Retry-After"] == "5"
    assert front.get("/podcast/2-number-2").status == 200
