"""The invalidator's loop: late pages, refreshed pages, and a database that goes away."""

from collections.abc import Iterable
from contextlib import closing
from hashlib import md5
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.db import connection

from caching.nginx import content_listener
from caching.nginx import invalidator as loop
from caching.nginx.cache_files import CachedPage
from caching.nginx.content_listener import ContentListener
from caching.nginx.presence import announced
from caching.outages import OUTAGES, is_driver_outage
from caching.tests.factories import invalidator_of, listener
from caching.version import ContentState, PageVersion, read_state
from episodes.models import Episode
from episodes.tests.factories import episode, show
from ops.database import default_database
from show.models import Show

pytestmark = pytest.mark.django_db(transaction=True)


class Clock:
    """The loop's clock, which a test sets."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(loop, "time", clock)
    return clock


def store(folder: Path, path: str, version: PageVersion | None) -> Path:
    """As nginx stores a page that was rendered from this version."""
    assert version
    numbers = f"{version.number:x}-{version.changed_at:x}-{version.newest_due:x}"
    etag = f"{numbers}-5e771465-{version.release}"
    name = md5(path.encode(), usedforsecurity=False).hexdigest()
    file = folder / name[-2:] / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(f'\0\nKEY: {path}\nHTTP/1.1 200 OK\r\nETag: W/"{etag}"\r\n\r\n'.encode())
    return file


def current_version() -> PageVersion:
    content = listener()
    content.listen("starting")
    with closing(content.connection):
        return content.poll().version


def test_a_page_stored_while_the_database_was_away_is_purged(tmp_path: Path, clock: Clock):
    show()
    invalidator = invalidator_of(tmp_path)
    invalidator.listen()
    before = invalidator.version
    Show.objects.update(title="Another Show")
    invalidator.poll()
    late = store(tmp_path, "/", before)
    clock.seconds += loop.LATE_SECONDS * 2
    invalidator.listen()
    invalidator.poll()
    assert not late.exists()


def test_a_start_purges_all_for_a_setting_may_have_changed(tmp_path: Path, clock: Clock):
    show()
    invalidator = invalidator_of(tmp_path)
    page = store(tmp_path, "/", current_version())
    invalidator.listen()
    assert not page.exists()
    page = store(tmp_path, "/", invalidator.version)
    invalidator.listen()  # again, as the database was away
    invalidator.poll()
    assert page.exists()


class Recorder:
    """What an invalidator would fetch from nginx."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def fetch(self, pages: Iterable[CachedPage]) -> None:
        self.paths += [page.path for page in pages]


def test_an_edited_page_is_served_while_it_is_refreshed(tmp_path: Path, clock: Clock):
    show()
    row = episode("Number 1", 1, topics=[(60, "Queues")])
    path = row.get_absolute_url()
    refreshed, refetched = Recorder(), Recorder()
    invalidator = invalidator_of(tmp_path, refreshed, refetched)
    invalidator.listen()
    page, home = (
        store(tmp_path, path, invalidator.version),
        store(tmp_path, "/", invalidator.version),
    )
    invalidator.poll()
    for words, seconds in (("Jobs", loop.REFRESH_SECONDS / 2), ("Tasks", 0)):
        row.topics.update(text=words, html=words, plain=words)
        invalidator.poll()
        assert page.exists()
        clock.seconds += seconds
    assert not home.exists()  # purged with the second edit, although that had pages to refresh, too
    assert (refreshed.paths, refetched.paths) == ([path, path], ["/"])
    clock.seconds += loop.REFRESH_SECONDS / 2  # the second edit doesn't extend it
    invalidator.poll()
    assert not page.exists()
    assert refetched.paths == ["/", path]


def test_old_changes_are_forgotten(tmp_path: Path, clock: Clock):
    """Otherwise hours of edits would make every poll slower than the one before."""
    show()
    row = episode("Number 1", 1, topics=[(60, "Queues")])
    invalidator = invalidator_of(tmp_path)
    invalidator.listen()
    for number in range(20):
        Episode.objects.filter(pk=row.pk).update(introduction=f"Words {number}")
        clock.seconds += loop.LATE_SECONDS / 5
        invalidator.poll()
    own = frozenset({row.get_absolute_url().lstrip("/")})
    assert {change.touched for _, change in invalidator.changes} == {own}
    assert len(invalidator.changes) < 10


def test_a_connection_that_ended_is_noticed_and_the_next_one_listens(tmp_path: Path):
    """As after a failover, where a new connection reaches the other server at once."""
    show()
    invalidator = invalidator_of(tmp_path)
    invalidator.listen()
    disconnect(invalidator.content)
    with pytest.raises(OUTAGES):
        invalidator.poll()
    invalidator.listen()
    Show.objects.update(title="Another Show")
    assert invalidator.content.poll().notifications


def disconnect(content: ContentListener) -> None:
    with closing(default_database().connect()) as other, other.cursor() as cursor:
        gone = content.connection.info.backend_pid
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [gone])


def test_a_database_that_goes_away_during_a_poll_is_no_crash(monkeypatch: pytest.MonkeyPatch):
    show()
    content = listener()
    content.listen("starting")

    def answer_and_disconnect(*arguments: Any) -> ContentState:
        state = read_state(*arguments)
        disconnect(content)
        content.connection.poll()  # reads the server's last message; the next poll finds the end
        return state

    monkeypatch.setattr(content_listener, "read_state", answer_and_disconnect)
    with pytest.raises(psycopg2.Error) as raised:
        content.poll()
    assert is_driver_outage(raised.value)


class LoopEnded(Exception):
    """Ends the loop where it would wait."""


def test_a_cache_that_cannot_be_read_is_announced_until_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    show()
    folder = tmp_path / "pages"
    invalidator = invalidator_of(folder)

    def stop(seconds: float) -> None:
        raise LoopEnded

    monkeypatch.setattr(loop.time, "sleep", stop)
    with pytest.raises(LoopEnded):
        loop.run(invalidator)  # while its folder isn't there
    folder.mkdir()
    missed = store(folder, "/", current_version())
    assert invalidator.state == "can't purge: No such file or directory"
    invalidator.listen()
    assert not missed.exists()
    with connection.cursor() as cursor:
        assert announced(cursor) == [str(invalidator.version.number)]
