"""Two machines with the site and two with nginx: any of them may go, and none shows what was."""

import http.client
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count, cycle

import pytest

from deploy.nginx.harness import Got, Running
from episodes.tests.factories import episode, show
from show.models import Show
from tests.production import behind_a_front, database_url, eventually

pytestmark = [pytest.mark.production, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def fronts(collected: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Running]]:
    show()
    for number in (1, 2, 3):
        episode(f"Number {number}", number, topics=[(60, f"Queues {number}")])
    folder = tmp_path_factory.mktemp("machines")
    env = behind_a_front(database_url(), collected, folder)
    with (
        Running(folder / "one", env, sites=2) as one,
        Running(folder / "two", env, sites=0, site_ports=one.site_ports) as two,
    ):
        logs = [each.folder / "keeper.log" for each in (one, two)]
        eventually(lambda: all("Listening" in log.read_text() for log in logs), 30)
        yield [one, two]


def test_any_machine_may_go(fronts: list[Running]) -> None:
    one, two = fronts
    with visitors(fronts) as seen:
        for number in (0, 1):
            more(seen)
            one.kill(f"site {number}")
            more(seen)
            one.start_site(number)
        for front in fronts:
            front.kill("nginx")
            more(seen)
            front.start_nginx()
        # A deploy: one after the other stops when it has answered what it was asked.
        for number in (0, 1):
            process = one.processes.pop(f"site {number}")
            process.send_signal(signal.SIGTERM)
            process.wait()
            one.start_site(number)
            more(seen)
        Show.objects.update(title="Another Show")
        eventually(lambda: all(b"Another" in each.get("/podcast/").body for each in fronts), 5)
    assert set(seen) == {200}


def more(seen: list[int]) -> None:
    """Wait until some more were answered."""
    goal = len(seen) + 20
    eventually(lambda: len(seen) >= goal, 60)


@contextmanager
def visitors(fronts: list[Running]) -> Iterator[list[int]]:
    """Some who ask for pages, kept and made anew, until the end: every status they got."""
    seen: list[int] = []
    stop = threading.Event()

    def ask(turn: int) -> None:
        for number in count():
            if stop.is_set():
                return
            path = f"/podcast/{number % 3 + 1}-number-{number % 3 + 1}"
            seen.append(get_of(fronts, turn + number, f"{path}?t={number // 2}").status)

    askers = [threading.Thread(target=ask, args=[turn]) for turn in range(3)]
    for each in askers:
        each.start()
    try:
        yield seen
    finally:
        stop.set()
        for each in askers:
            each.join()


def get_of(fronts: list[Running], turn: int, path: str) -> Got:
    """From one front, or from another where that one is gone: as what balances them does."""
    for front in cycle([fronts[turn % 2], fronts[(turn + 1) % 2]]):
        with suppress(OSError, http.client.HTTPException):
            return front.get(path)
    raise AssertionError
