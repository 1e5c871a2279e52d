"""One visitor with slow requests leaves nginx's connections to others."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from tests.nginx_harness import Deployment, free_port
from tests.production import eventually

pytestmark = [pytest.mark.production, pytest.mark.slow]

FILE = "/static/site.css"
SLOW_BODIES = (
    "POST /podcast/", "GET /podcast/", "GET /search?q=a", "POST /admin/login/",
    "PUT /static/site.css", "GET /static/none.css", "DELETE /media/large.wav", "POST /metrics",
)  # fmt: skip


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    with nginx(tmp_path, connections=150) as running:
        yield running


@contextmanager
def nginx(tmp_path: Path, connections: int) -> Iterator[Deployment]:
    """An nginx with few connections and no site: what it serves itself has to be there."""
    static, media = tmp_path / "static", tmp_path / "media"
    static.mkdir()
    media.mkdir()
    (static / "site.css").write_text("body {}")
    with (media / "large.wav").open("wb") as file:
        file.truncate(50_000_000)
    env = {"STATIC_ROOT": str(static), "MEDIA_ROOT": str(media)}
    with Deployment(
        tmp_path / "nginx", env, sites=0, site_ports=[free_port()], connections=connections
    ) as running:
        yield running


@contextmanager
def slow(deployment: Deployment, request: str, head: str, number: int = 500) -> Iterator[None]:
    """One visitor's requests, each with a byte of its body now and then, and unread answers."""
    done = threading.Event()
    with ExitStack() as stack:
        opened = []
        for _ in range(number):
            one = stack.enter_context(socket.socket())
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.settimeout(5)
            with suppress(OSError):
                one.connect(("127.0.0.1", deployment.port))
                one.sendall(f"{request} HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}\r\nx".encode())
                opened.append(one)
        sending = threading.Thread(target=dribble, args=[opened, done])
        sending.start()
        stack.callback(sending.join)
        stack.callback(done.set)
        yield


def dribble(opened: list[socket.socket], done: threading.Event) -> None:
    while not done.wait(0.5):
        for one in opened:
            with suppress(OSError):
                one.sendall(b"x")


def is_served(deployment: Deployment, address: str) -> bool:
    try:
        return deployment.get(FILE, X_Forwarded_For=address).status == 200
    except OSError:
        return False


def are_served(deployment: Deployment) -> bool:
    """Whether nginx answers others, whichever of its workers gets the request."""
    return all(is_served(deployment, f"192.0.2.{number}") for number in range(20))


@pytest.mark.parametrize("request_line", SLOW_BODIES)
def test_slow_bodies_of_one_visitor(deployment: Deployment, request_line: str):
    head = "X-Forwarded-For: 203.0.113.9\r\nContent-Length: 60000\r\n"
    with slow(deployment, request_line, head):
        eventually(lambda: are_served(deployment))


@pytest.mark.parametrize("request_line", ["POST /podcast/", "POST /admin/login/"])
def test_slow_bodies_of_unknown_or_great_length(deployment: Deployment, request_line: str):
    visitor = "X-Forwarded-For: 203.0.113.9\r\n"
    for more in ("Transfer-Encoding: chunked\r\n", "Content-Length: 900000\r\n"):
        with slow(deployment, request_line, visitor + more):
            eventually(lambda: are_served(deployment))


def test_slow_downloads_of_one_visitor(deployment: Deployment):
    with slow(deployment, "GET /media/large.wav", "X-Forwarded-For: 203.0.113.9\r\n"):
        eventually(lambda: are_served(deployment))
        assert not is_served(deployment, "203.0.113.9")
    eventually(lambda: is_served(deployment, "203.0.113.9"))


def test_an_ordinary_number_of_slow_downloads_is_served(deployment: Deployment):
    with slow(deployment, "GET /media/large.wav", "X-Forwarded-For: 203.0.113.9\r\n", 60):
        assert is_served(deployment, "203.0.113.9")


def test_slow_downloads_of_an_ipv6_network_of_48_bits(tmp_path: Path):
    """A customer of some providers has 65,536 networks of 64 bits."""
    with nginx(tmp_path, connections=600) as deployment, ExitStack() as stack:
        for part in range(7):
            head = f"X-Forwarded-For: 2001:db8:1:{part}::1\r\n"
            stack.enter_context(slow(deployment, "GET /media/large.wav", head, 80))
        eventually(lambda: not is_served(deployment, "2001:db8:1:99::1"))
        assert is_served(deployment, "2001:db8:2::1")
        assert are_served(deployment)
        stack.close()
        eventually(lambda: is_served(deployment, "2001:db8:1:99::1"))
