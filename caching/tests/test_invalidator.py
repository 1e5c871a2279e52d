"""The loop beside nginx: what it still looks for, and what it does without the database."""

from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from hashlib import md5
from pathlib import Path
from typing import cast

import pytest
from django.db import InterfaceError, OperationalError, connection

from caching.http import ContentState, content_state
from caching.nginx import invalidator as loop
from caching.nginx.cache_files import Cache, CachedPage, State
from caching.nginx.invalidator import Keeper, ask
from caching.nginx.refetch import Refetcher
from episodes.models import Episode
from episodes.tests.factories import episode, show
from ops.backups.postgres import own_database
from show.models import Show

pytestmark = pytest.mark.django_db(transaction=True)


class Clock:
    """The loop's, which a test puts forward."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(loop, "time", clock)
    return clock


def store(folder: Path, path: str, state: State | None) -> Path:
    """As nginx keeps a page that was made from this content."""
    assert state
    etag = f"{state.version:x}-{state.changed_at:x}-{state.newest_due:x}-{state.release}"
    name = md5(path.encode(), usedforsecurity=False).hexdigest()
    file = folder / name[-2:] / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(f'\0\nKEY: {path}\nHTTP/1.1 200 OK\r\nETag: W/"{etag}"\r\n\r\n'.encode())
    return file


def test_a_page_stored_while_the_database_was_away_is_dropped(tmp_path: Path, clock: Clock):
    show()
    keeper = Keeper(Cache(tmp_path))
    keeper.listen()
    before = keeper.state
    Show.objects.update(title="Another Show")
    keeper.look()
    late = store(tmp_path, "/", before)
    clock.seconds += loop.LATE_SECONDS * 2
    keeper.listen()
    keeper.look()
    assert not late.exists()


def test_a_start_keeps_nothing_that_another_setting_may_have_made(tmp_path: Path, clock: Clock):
    show()
    keeper = Keeper(Cache(tmp_path))
    page = store(tmp_path, "/", ask().state)
    keeper.listen()
    assert not page.exists()
    page = store(tmp_path, "/", keeper.state)
    keeper.listen()  # again, as the database was away
    keeper.look()
    assert page.exists()


class Asked:
    """What a keeper would ask nginx for."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def fetch(self, pages: Iterable[CachedPage]) -> None:
        self.paths += [page.path for page in pages]


def test_an_edited_page_is_left_while_it_is_made_anew(tmp_path: Path, clock: Clock):
    show()
    row = episode("Number 1", 1, topics=[(60, "Queues")])
    path = row.get_absolute_url()
    anew, again = Asked(), Asked()
    keeper = Keeper(Cache(tmp_path), cast(Refetcher, anew), cast(Refetcher, again))
    keeper.listen()
    page, home = store(tmp_path, path, keeper.state), store(tmp_path, "/", keeper.state)
    keeper.look()
    for words, seconds in (("Jobs", loop.RENEWING_SECONDS / 2), ("Tasks", 0)):
        row.topics.update(text=words, html=words, plain=words)
        keeper.look()
        assert page.exists()
        clock.seconds += seconds
    assert not home.exists()  # dropped with the second edit, though that had pages to renew, too
    assert (anew.paths, again.paths) == ([path, path], ["/"])
    clock.seconds += loop.RENEWING_SECONDS / 2  # the second edit gives no further delay
    keeper.look()
    assert not page.exists()
    assert again.paths == ["/", path]


def test_what_no_page_can_be_older_than_is_forgotten(tmp_path: Path, clock: Clock):
    """Edits that follow one another for hours would make each look longer than the one before."""
    show()
    row = episode("Number 1", 1, topics=[(60, "Queues")])
    keeper = Keeper(Cache(tmp_path))
    keeper.listen()
    for number in range(20):
        Episode.objects.filter(pk=row.pk).update(introduction=f"Words {number}")
        clock.seconds += loop.LATE_SECONDS / 5
        keeper.look()
    own = frozenset({row.get_absolute_url().lstrip("/")})
    assert {change.touched for _, change in keeper.changes} == {own}
    assert len(keeper.changes) < 10


def test_a_connection_made_anew_is_no_listener(tmp_path: Path):
    """As after a failover, where the next question reaches the other server at once."""
    show()
    keeper = Keeper(Cache(tmp_path))
    keeper.listen()
    with closing(own_database().connect()) as other, other.cursor() as cursor:
        gone = connection.connection.info.backend_pid
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [gone])
    with pytest.raises((InterfaceError, OperationalError)):
        keeper.look()
    keeper.listen()
    Show.objects.update(title="Another Show")
    assert ask().told


def test_a_database_that_goes_while_it_is_asked_is_no_crash(monkeypatch: pytest.MonkeyPatch):
    show()

    def answer_and_go(now: datetime) -> ContentState:
        fresh = content_state(now)
        gone = connection.connection.info.backend_pid
        with closing(own_database().connect()) as other, other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [gone])
        connection.connection.poll()  # reads the server's last words, and the next one its end
        return fresh

    monkeypatch.setattr(loop, "content_state", answer_and_go)
    try:
        with pytest.raises(OperationalError):
            ask()
    finally:
        connection.close()
