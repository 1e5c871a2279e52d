"""Two sites behind two nginx: any of them may fail, and edits show on both."""

import http.client
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count, cycle

import pytest

from episodes.tests.factories import episode, show
from show.models import Show
from tests.nginx_harness import Deployment, Response
from tests.production import behind_nginx, database_url, eventually, listens

pytestmark = [pytest.mark.production, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def deployments(
    collected: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Deployment]]:
    show()
    for number in (1, 2, 3):
        episode(f"Number {number}", number, topics=[(60, f"Queues {number}")])
    folder = tmp_path_factory.mktemp("machines")
    env = behind_nginx(database_url(), collected, folder)
    with (
        Deployment(folder / "one", env, sites=2) as one,
        Deployment(folder / "two", env, sites=0, site_ports=one.site_ports) as two,
    ):
        eventually(lambda: listens(one) and listens(two))
        yield [one, two]


def test_any_machine_may_fail(deployments: list[Deployment]) -> None:
    one, two = deployments
    with visitors(deployments) as statuses:
        for number in (0, 1):
            more(statuses)
            one.kill(f"site {number}")
            more(statuses)
            one.start_site(number)
        for deployment in deployments:
            deployment.kill("nginx")
            more(statuses)
            deployment.start_nginx()
        # A deploy: one after the other finishes its requests and stops.
        for number in (0, 1):
            process = one.processes.pop(f"site {number}")
            process.send_signal(signal.SIGTERM)
            process.wait()
            one.start_site(number)
            more(statuses)
        Show.objects.update(title="Another Show")
        eventually(lambda: all(b"Another" in each.get("/podcast/").body for each in deployments))
    assert set(statuses) == {200}


def more(statuses: list[int]) -> None:
    """Wait until some more were answered."""
    goal = len(statuses) + 20
    eventually(lambda: len(statuses) >= goal)


@contextmanager
def visitors(deployments: list[Deployment]) -> Iterator[list[int]]:
    """Visitors who request cached and uncached pages until the end, and every status they got."""
    statuses: list[int] = []
    stop = threading.Event()

    def ask(turn: int) -> None:
        for number in count():
            if stop.is_set():
                return
            path = f"/podcast/{number % 3 + 1}-number-{number % 3 + 1}"
            statuses.append(get_of(deployments, turn + number, f"{path}?t={number // 2}").status)

    askers = [threading.Thread(target=ask, args=[turn]) for turn in range(3)]
    for each in askers:
        each.start()
    try:
        yield statuses
    finally:
        stop.set()
        for each in askers:
            each.join()


def get_of(deployments: list[Deployment], turn: int, path: str) -> Response:
    """From either nginx, as through a load balancer."""
    for deployment in cycle([deployments[turn % 2], deployments[(turn + 1) % 2]]):
        with suppress(OSError, http.client.HTTPException):
            return deployment.get(path)
    raise AssertionError
