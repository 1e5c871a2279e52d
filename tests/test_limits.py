"""What strangers cost behind a real nginx: bodies, moments, unknown addresses, searches."""

import http.client
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import override_settings

from caching.nginx.cache_files import NginxCache
from episodes.models import Episode
from episodes.tests.factories import episode, show
from podcast import bodies
from tests.nginx_harness import Deployment
from tests.production import REQUIRED, behind_nginx, database_url, eventually, listens

pytestmark = [pytest.mark.production, pytest.mark.django_db(transaction=True)]

PATH = "/podcast/1-number-1"
GIGABYTE = 1_000_000_000
EDGE = "198.51.100.7"


@pytest.fixture
def deployment(collected: str, tmp_path: Path) -> Iterator[Deployment]:
    show()
    episode("Number 1", 1, topics=[(60, "Queues"), (90, "Caches")], seconds=3600)
    tmp_path.chmod(0o755)
    env = behind_nginx(database_url(), collected, tmp_path) | {"LOG_REQUESTS": "1"}
    with Deployment(
        tmp_path, env, search_rate=1, miss_rate=10, trusted_proxies=f"{EDGE} 203.0.113.0/24"
    ) as running:
        eventually(lambda: listens(running))
        yield running


def statuses(
    deployment: Deployment, paths: list[str], addresses: list[str], at_once: int = 1
) -> list[int]:
    """The response to each path, asked for from each address in turn.

    A limit of so many a second shows only if they come `at_once`, however slow the site is.
    """
    with ThreadPoolExecutor(at_once) as pool:
        answers = pool.map(
            lambda path, address: deployment.get(path, X_Forwarded_For=address),
            paths, cycle(addresses),
        )  # fmt: skip
        return [each.status for each in answers]


def stored(deployment: Deployment) -> set[str]:
    return {page.path for page in NginxCache(deployment.cache).pages()}


@override_settings(SECRET_KEY=REQUIRED["SECRET_KEY"])
def cookie(days_ago: int = 0, name: str = "host") -> str:
    user, _ = User.objects.get_or_create(username=name)
    signed = bodies.cookie_value(user)
    if days_ago:
        with pytest.MonkeyPatch.context() as patch:
            long_ago = time.time() - days_ago * bodies.DAY
            patch.setattr("django.core.signing.time.time", lambda: long_ago)
            signed = bodies.cookie_value(user)
    return f"large_bodies={signed}"


@dataclass(frozen=True)
class Sent:
    """The first line of the response, empty while the body is read; and the bytes on the disk."""

    answer: bytes
    spooled: int


def send(deployment: Deployment, port: int, head: str, length: int = GIGABYTE) -> Sent:
    """The beginning of a large body, from a connection that stays open meanwhile."""
    with socket.create_connection(("127.0.0.1", port), 60) as opened:
        request = f"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}"
        opened.sendall(f"{request}Content-Length: {length}\r\n\r\n".encode())
        threading.Thread(target=send_megabytes, args=[opened, 4], daemon=True).start()
        eventually(lambda: is_answered(opened) or spooled(deployment) > 1_000_000)
        answer = opened.recv(12) if is_answered(opened, 2) else b""
        return Sent(answer, spooled(deployment))


def is_answered(opened: socket.socket, seconds: float = 0) -> bool:
    return bool(select.select([opened], [], [], seconds)[0])


def send_megabytes(opened: socket.socket, number: int) -> None:
    with suppress(OSError):
        for _ in range(number):
            opened.sendall(bytes(1_000_000))


def spooled(deployment: Deployment) -> int:
    """Bytes of bodies that nginx has written, to files that have no names any more."""
    master = deployment.processes["nginx"].pid
    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    total = 0
    for file in (each for worker in workers for each in Path(f"/proc/{worker}/fd").iterdir()):
        with suppress(FileNotFoundError):
            total += file.stat().st_size if "/body/" in str(file.readlink()) else 0
    return total


def test_large_bodies_of_strangers_are_refused_before_they_are_written(deployment: Deployment):
    for head in ("", "Cookie: large_bodies=:x:y\r\n", f"Cookie: {cookie(days_ago=46)}\r\n"):
        for port in (deployment.port, deployment.site_ports[0]):
            assert send(deployment, port, head) == Sent(b"HTTP/1.1 413", 0), head
    error_log = (deployment.folder / "error.log").read_text()
    assert "cycle" not in error_log and "unexpected status" not in error_log
    chunked = "Transfer-Encoding: chunked\r\n"
    with socket.create_connection(("127.0.0.1", deployment.port), 60) as opened:
        opened.sendall(f"POST /admin/ HTTP/1.1\r\nHost: 127.0.0.1\r\n{chunked}\r\n".encode())
        assert opened.recv(12) == b"HTTP/1.1 413"
    assert post(deployment, "/admin/login/", bytes(bodies.SMALL)) == 403  # CSRF: it was read
    assert post(deployment, "/podcast/", bytes(bodies.SMALL + 1)) == 413


def test_a_large_body_of_a_host_is_read_within_a_share_of_the_disk(deployment: Deployment):
    """Also 30 days after the session, and while the database is away."""
    for signed in (cookie(), cookie(days_ago=44)):
        assert post(deployment, "/admin/login/", bytes(100_000), Cookie=signed) == 403  # CSRF
        head = f"Cookie: {signed}\r\n"
        sent = send(deployment, deployment.port, head, 400_000_000)
        assert sent.answer == b"" and sent.spooled > 1_000_000
        assert send(deployment, deployment.port, head, 2 * GIGABYTE).answer == b"HTTP/1.1 413"


def opened(
    deployment: Deployment, request: str, number: int, head: str = "", wait: float = 0.5
) -> ExitStack:
    """Connections that announce a body of 90 kB, send a byte of it, and stay open."""
    stack = ExitStack()
    for _ in range(number):
        connection = socket.create_connection(("127.0.0.1", deployment.port), 60)
        stack.enter_context(connection)
        length = 60_000 if request.startswith("GET") else 90_000
        lines = f"{request} HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}Content-Length: {length}\r\n\r\na"
        connection.sendall(lines.encode())
    time.sleep(wait)  # until nginx has read them
    return stack


def test_bodies_that_never_arrive_leave_searches_to_others(deployment: Deployment):
    paths = ("/search?q=a", "/oembed?url=x", "/stack/mine", "/podcast/?stack=a&not=b")
    for path in paths:
        with opened(deployment, f"GET {path}", 8, "X-Forwarded-For: 203.0.113.9\r\n"):
            for other, searched in enumerate(paths):
                address = f"192.0.2.{other}"
                assert deployment.get(searched, X_Forwarded_For=address).status != 503, path


@pytest.mark.parametrize("path", ["/podcast/", "/search?q=a", "/nothing", "/preview/x"])
def test_bodies_of_public_pages_are_refused_unread(deployment: Deployment, path: str):
    for method in ("POST", "GET", "PUT"):
        for head in ("Content-Length: 60000", "Transfer-Encoding: chunked"):
            with socket.create_connection(("127.0.0.1", deployment.port), 60) as connection:
                lines = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}\r\n\r\n"
                connection.sendall(lines.encode())
                assert connection.recv(12) == b"HTTP/1.1 405"


# Ten recordings more, as what asks below may take the place of one.
@pytest.mark.parametrize(("path", "number"), [("/admin/login/", 100), ("/media/large.mp3", 110)])
def test_one_visitor_takes_so_many_of_nginxs_connections(
    deployment: Deployment, tmp_path: Path, path: str, number: int
):
    (tmp_path / "media").mkdir(exist_ok=True)
    with (tmp_path / "media/large.mp3").open("wb") as file:
        file.truncate(100_000_000)  # more than sockets buffer
    request, address = f"GET {path}", "X-Forwarded-For: 2001:db8:9::{}\r\n"
    with ExitStack() as stack:  # slow bodies, or responses that are never read
        for each in range(number):
            stack.enter_context(opened(deployment, request, 1, address.format(each), wait=0))
        same, other = "2001:db8:9::f", "2001:db8:8::f"
        eventually(lambda: deployment.get("/static/x", X_Forwarded_For=same).status == 503)
        assert deployment.get(PATH, X_Forwarded_For=same).status == 503
        assert desk(deployment, same) == 503
        assert deployment.get(PATH, X_Forwarded_For=other).status == 200
        assert desk(deployment, other) == 302
    eventually(lambda: deployment.get(PATH, X_Forwarded_For=same).status == 200)


def test_searches_of_all_visitors_are_limited_together(deployment: Deployment):
    """While the site hangs, six wait, and others are refused at once."""
    master = deployment.processes["site 0"].pid
    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    addresses = [f"192.0.2.{number}" for number in range(20)]
    for worker in workers:
        os.kill(int(worker), signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(20) as pool:
            answers = [
                pool.submit(deployment.get, "/search?q=a", X_Forwarded_For=each)
                for each in addresses
            ]
            refused = [each.result().status for each in islice(as_completed(answers), 14)]
            for worker in workers:
                os.kill(int(worker), signal.SIGCONT)
            assert refused == [503] * 14
            assert sorted(each.result().status for each in answers) == [200] * 6 + [503] * 14
    finally:
        for worker in workers:
            os.kill(int(worker), signal.SIGCONT)


@pytest.mark.parametrize("head", ["", "Cookie: large_bodies=:x:y\r\n"], ids=["none", "forged"])
def test_strangers_leave_the_places_of_large_bodies_to_hosts(deployment: Deployment, head: str):
    signed = cookie()
    with opened(deployment, "POST /admin/x", 6, head):
        assert large_save(deployment, signed) == 403  # CSRF: it was read
    with opened(deployment, "POST /admin/x", 3, f"Cookie: {signed}\r\n"):
        eventually(lambda: large_save(deployment, signed) == 503)
        assert post(deployment, "/admin/login/", bytes(bodies.SMALL), Cookie=signed) == 403
    eventually(lambda: large_save(deployment, signed) == 403)


def test_a_former_user_takes_no_places_of_large_bodies(deployment: Deployment):
    former, changed = cookie(name="former"), cookie(name="changed")
    assert large_save(deployment, former) == large_save(deployment, changed) == 403  # CSRF
    User.objects.filter(username="former").update(is_active=False)
    User.objects.filter(username="changed").update(password="!new")
    for signed in (former, changed):
        assert large_save(deployment, signed) == 413


def large_save(deployment: Deployment, signed: str) -> int:
    return post(deployment, "/admin/x/", bytes(100_000), Cookie=signed)


def test_the_desk_answers_each_visitor_so_often(deployment: Deployment):
    assert {desk(deployment, "192.0.2.1") for _ in range(100)} == {302}
    eventually(lambda: desk_in_a_hurry(deployment, "192.0.2.1") == 429)
    assert {desk(deployment, f"192.0.2.{number}") for number in range(2, 9)} == {302}


def desk_in_a_hurry(deployment: Deployment, address: str) -> int:
    """After requests that wait for no answer: they come fast, however slow the site is."""
    for _ in range(30):
        with socket.create_connection(("127.0.0.1", deployment.port), 60) as hurried:
            hurried.sendall(
                b"GET /admin/x/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                b"X-Forwarded-For: " + address.encode() + b"\r\n\r\n"
            )
    return desk(deployment, address)


def desk(deployment: Deployment, address: str) -> int:
    return deployment.get("/admin/x%2Fy/?q=%2F", X_Forwarded_For=address).status


def test_only_nginx_asks_the_site_about_bodies(deployment: Deployment):
    for path, status in (("/admin/login/", 200), (PATH, 200), ("/search?q=a", 200)):
        assert deployment.get(path, X_Body_Bytes="5").status == status, path


def post(deployment: Deployment, path: str, body: bytes, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", deployment.port, timeout=30)
    with closing(connection):
        connection.request("POST", path, body, headers)
        return connection.getresponse().status


def test_only_the_moments_of_topics_are_stored(deployment: Deployment):
    one = ["192.0.2.1"]
    for query, status in (
        ("t=60", 200), ("t=61", 200), ("t=60,90", 200), ("t=0", 200), ("t=1:00", 301),
        ("t=1m0s", 301), ("t=060", 301), ("t=3601", 302), ("t=1%3A00", 301), ("t=99999999", 302),
    ):  # fmt: skip
        assert statuses(deployment, [f"{PATH}?{query}"], one) == [status], query
    assert {path for path in stored(deployment) if "t=" in path} == {f"{PATH}?t=60"}
    moved = deployment.get(f"{PATH}?t=1:00")
    assert moved.headers["Location"] == f"{PATH}?t=60"
    assert b"Play from 1:01: Queues" in deployment.get(f"{PATH}?t=61").body
    for query in ("", "?t=60", "?t=61"):
        etag = deployment.get(PATH + query).headers["ETag"]
        assert deployment.get(PATH + query, If_None_Match=etag).status == 304, query


@pytest.mark.parametrize(
    "junk", [PATH + "?t={}", "/nothing-{}", "/podcast/nothing-{}", "/{}", "/health?{}"]
)
def test_what_is_not_stored_is_limited_and_cached_pages_are_not(deployment: Deployment, junk: str):
    network = [f"2001:db8:1:2:{number:x}::1" for number in range(1, 200)]
    paths = [junk.format(number) for number in range(1000, 1200)]
    answers = statuses(deployment, paths, network, at_once=50)
    assert 20 <= sum(each != 429 for each in answers) < 150
    assert set(statuses(deployment, [PATH] * 60, ["192.0.2.2"])) == {200}
    assert set(statuses(deployment, [f"{PATH}?t=60"] * 60, ["192.0.2.2"])) == {200}
    for other in ("2001:db8:1:3::1", "192.0.2.3", "::ffff:192.0.2.4"):
        assert deployment.get("/nothing", X_Forwarded_For=other).status == 404
    assert not [path for path in stored(deployment) if path not in (PATH, f"{PATH}?t=60")]


def test_an_edit_is_visible_at_once_while_a_stranger_asks_for_junk(deployment: Deployment):
    junk = [f"{PATH}?t={number}" for number in range(100, 400)]
    assert 429 in statuses(deployment, junk, ["2001:db8::1"], at_once=50)
    deployment.get(PATH, X_Forwarded_For="192.0.2.2")
    assert len(stored(deployment)) <= 2
    Episode.objects.get().topics.update(text="Jobs", html="Jobs", plain="Jobs")
    eventually(lambda: b"Jobs" in deployment.get(PATH, X_Forwarded_For="192.0.2.2").body)


@pytest.mark.parametrize("behind_cdn", [False, True], ids=["direct", "CDN"])
def test_searches_are_limited_by_network_and_behind_a_cdn_by_visitor(
    deployment: Deployment, behind_cdn: bool
):
    edge = f", {EDGE}" if behind_cdn else ""
    one_network = [f"2001:db8:0:1:{number:x}::{number:x}{edge}" for number in range(1, 61)]
    paths = [f"/search?q=queues{number}" for number in range(60)]
    assert 429 in statuses(deployment, paths, one_network, at_once=50)
    others = [f"2001:db8:0:{number:x}::1{edge}" for number in range(2, 32)]
    others += [f"192.0.2.{number}{edge}" for number in range(30)]
    assert 429 not in statuses(deployment, paths, others)


SPELLINGS = (
    "/preview/s3cr3t", "//preview/s3cr3t", "/preview//s3cr3t", "///preview///s3cr3t",
    "/./preview/s3cr3t", "/preview/./s3cr3t", "/x/../preview/s3cr3t", "/preview/x/../s3cr3t",
    "/%2Fpreview/s3cr3t", "/preview%2fs3cr3t", "/preview%2Fs3cr3t/audio", "/%70review/s3cr3t",
    "/PREVIEW/s3cr3t", "/Preview/s3cr3t", "/x%2f..%2fpreview%2fs3cr3t", "//preview//s3cr3t/audio",
    "/preview/s3cr3t/", "/preview/s3cr3t.html", "/preview/%73%33cr3t", "/preview/s3cr3t/audio",
    "/%2e/preview/s3cr3t", "/preview/%2e%2e/preview/s3cr3t", "/index.html/../preview/s3cr3t",
    "/tags/../preview/s3cr3t", "//admin//sign-in//s3cr3t", "/admin/sign-in%2Fs3cr3t",
    "/admin/./sign-in/s3cr3t", "/x/preview/s3cr3t", "/preview/\\s3cr3t", "/preview/;/s3cr3t",
    "/preview/%zz/s3cr3t", "/preview/s3cr3t%00",
    "/preview/../preview/s3cr3t",
)  # fmt: skip
TOKEN = "s3cr3t_0123456789-abcdefABCDEF"
MISTYPED = (
    "/preview\\{}", "/%5Cpreview/{}", "/%2570review/{}", "/preview;/{}", "/preview%252F{}",
    "/preview/%0a{}", "/preview/%20{}", "/a%22/preview/%22{}", "/admin/preview/{}",
    "/preview{}", "/preview-{}", "/preview/x%20/{}", "/previe%77;{}", "/p%2552eview%2F{}",
    "/admin/sign-in\\{}", "/admin/sign-in%252F{}", "/admin/sign%252Din/{}", "/sign-in;x/{}",
    "/preview%3F{}", "/preview%253F{}", "/preview%25252F{}", "/preview/%22%20{}/audio",
)  # fmt: skip


def test_no_spelling_of_a_secret_address_gets_into_a_log(deployment: Deployment):
    """Those that don't reach its page are masked as well: somebody may mistype one."""
    mistyped = [path.format(TOKEN) for path in MISTYPED]
    for turn, path in enumerate([*SPELLINGS, *mistyped]):
        deployment.get(path, X_Forwarded_For=f"192.0.2.{turn}")
        post(deployment, path, bytes(bodies.SMALL + 1))  # refused by nginx itself
    deployment.get("/done")
    logs = [deployment.folder / "access.log", deployment.folder / "site 0.log"]
    for log in logs:
        eventually(lambda log=log: "/done" in log.read_text())  # type: ignore[misc]
        leaked = [line for line in log.read_text().splitlines() if "s3cr3t" in line]
        assert not leaked, leaked


def test_public_addresses_are_logged_in_full(deployment: Deployment):
    paths = (
        "/media/preview-of-the-new-recordings.mp3", "/audio/1-a-preview-of-things-to-come.mp3",
        "/podcast/1-a-preview-of-things-to-come-soon", "/guests/somebody-with-a-very-long-name",
    )  # fmt: skip
    for path in paths:
        deployment.get(f"{path}?preview=x")
    log = deployment.folder / "access.log"
    eventually(lambda: all(f'"uri":"{path}"' in log.read_text() for path in paths))
