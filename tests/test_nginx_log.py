"""nginx's log: what it has, and what it leaves out."""

import http.client
import json
import re
import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from caching.nginx.cache_files import NginxCache
from episodes.models import Episode
from episodes.tests.factories import episode, show
from ops.downloads.counting import count_downloads
from ops.models import DailyDownloads, DailyFigure, DailyMoment, FigureKind
from tests.nginx_harness import Deployment
from tests.production import REQUIRED, database_url, eventually, listens

pytestmark = [pytest.mark.production, pytest.mark.django_db(transaction=True)]

PLAYER = "AntennaPod/3.1.0"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def recorded(settings, tmp_path: Path) -> Episode:
    settings.MEDIA_ROOT = tmp_path / "media"
    show()
    row = episode("Recorded", 1)
    row.enclosure.url, row.enclosure.seconds, row.enclosure.bytes = "", 60, 900_000
    row.enclosure.file.save("recorded.mp3", ContentFile(bytes(900_000)), save=False)
    row.enclosure.save()
    tmp_path.chmod(0o755)
    return row


@pytest.fixture
def deployment(recorded: Episode, collected: str, tmp_path: Path) -> Iterator[Deployment]:
    env = REQUIRED | {
        "DATABASE_URL": database_url(),
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": "http://127.0.0.1",
        "MEDIA_ROOT": str(tmp_path / "media"),
        "STATIC_ROOT": collected,
        "METRICS_TOKEN": "token",
        "LOG_REQUESTS": "1",
    }
    with Deployment(tmp_path / "deployment", env) as running:
        eventually(lambda: listens(running))
        yield running


def lines(file: Path) -> list[dict]:
    text_lines = file.read_text().splitlines()
    return [json.loads(line) for line in text_lines if line.startswith("{") and line.endswith("}")]


def test_one_request_id_in_both_logs_and_no_personal_data(
    deployment: Deployment, recorded: Episode
):
    answers = [deployment.get("/robots.txt")]
    eventually(lambda: bool(NginxCache(deployment.cache).page("/robots.txt")))
    answers += [deployment.get("/robots.txt") for _ in "23"]
    numbers = [answer.headers["X-Request-ID"] for answer in answers]
    assert re.fullmatch(r"[0-9a-f]{32}", numbers[0])
    assert len(set(numbers)) == 3
    deployment.get("/search.json?q=my-illness")
    log = deployment.folder / "access.log"
    eventually(
        lambda: set(numbers) <= {line["id"] for line in lines(log)} and "/search" in log.read_text()
    )
    by_id = {line["id"]: line for line in lines(log)}
    assert {by_id[number]["uri"] for number in numbers} == {"/robots.txt"}
    # The second and third came from nginx's cache, with request IDs of their own.
    assert [by_id[number]["cache"] for number in numbers] == ["MISS", "HIT", "HIT"]
    sites = deployment.folder / "site 0.log"
    eventually(lambda: numbers[0] in sites.read_text())
    own = [line["request_id"] for line in lines(sites) if "path" in line]
    assert own.count(numbers[0]) == 1 and not {*numbers[1:]} & {*own}
    text = log.read_text()
    assert "my-illness" not in text and '"/search.json"' in text
    assert "127.0.0.1" not in text

    token = deployment.get("/metrics", Authorization="Bearer token")
    assert token.status == 404 and b"podcast_" not in token.body


def test_a_line_is_short_whatever_a_stranger_sends(deployment: Deployment):
    log = deployment.folder / "access.log"
    for value in ('"' * 4000, "\x01" * 4000):
        for start in ("GET /robots.txt", "GET /media/" + "%22" * 2000, f"{'M' * 4000} /admin/"):
            send_raw(
                deployment,
                f"{start} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {value}\r\n"
                f"Range: {value}\r\nSec-Purpose: {value}\r\nConnection: close\r\n\r\n",
            )
    deployment.get("/media/end")
    # Each of nginx's workers writes its own lines after a while.
    eventually(lambda: "/media/end" in log.read_text() and len(of_strangers(log)) >= 7)
    assert len(of_strangers(log)) == 7
    assert len(lines(log)) == len(log.read_text().splitlines())
    assert max(map(len, log.read_bytes().splitlines())) < 2000


def of_strangers(log: Path) -> list[str]:
    """The invalidator may fetch what they had cached."""
    written = log.read_text().splitlines()
    return [line for line in written if '"agent":"podcast-invalidator"' not in line]


def send_raw(deployment: Deployment, request: str) -> None:
    with socket.create_connection(("127.0.0.1", deployment.port), 60) as opened:
        opened.sendall(request.encode())
        while opened.recv(65536):
            pass


def test_secret_addresses_are_in_no_log(deployment: Deployment):
    for path in ("/preview/s3cr3t", "/%70review/s3cr3t/audio", "/admin/sign-in/s3cr3t?x=1"):
        deployment.get(path)
    log = deployment.folder / "access.log"
    hidden = {"/preview/...": 2, "/admin/sign-in/...": 1}
    eventually(lambda: Counter(line["uri"] for line in lines(log)) >= Counter(hidden))
    for file in deployment.folder.glob("*.log"):
        assert "s3cr3t" not in file.read_text(), file
    deployment.kill("site 0")
    for path in (
        "/preview/s3cr3t", "/%70review/s3cr3t", "/x/../preview/s3cr3t", "/x//../../preview/s3cr3t",
        "/admin/%73ign-in/s3cr3t", "/./admin/sign-in/s3cr3t",
    ):  # fmt: skip
        assert deployment.get(path).status == 503
    hidden = {"/preview/...": 3, "/admin/sign-in/...": 1, "/maintenance.html": 5}
    eventually(lambda: Counter(line["uri"] for line in lines(log)) >= Counter(hidden))
    assert "s3cr3t" not in log.read_text()


def test_a_secret_in_a_long_and_odd_address_is_in_no_log(deployment: Deployment):
    """nginx would give up matching it after so many steps, and log it as it came."""
    log = deployment.folder / "access.log"
    for number, length in ((20, 4000), (80, 8000), (300, 8000)):
        odd = "/" + "%2541" * number + "/"
        odd += ("a" * 200 + "/../") * ((length - len(odd)) // 205)
        deployment.get(odd)
    eventually(lambda: len(of_strangers(log)) == 3)
    assert {json.loads(line)["uri"] for line in of_strangers(log)} == {"/..."}
    assert "pcre" not in (deployment.folder / "error.log").read_text()


def test_guessing_sign_in_links_is_limited(deployment: Deployment):
    with ThreadPoolExecutor(30) as pool:  # all within the seconds that the limit is for
        tries = list(pool.map(lambda _: post(deployment, "/admin/sign-in/made-up"), range(30)))
    assert 429 in tries
    # The error log would have the address and the link.
    assert "made-up" not in (deployment.folder / "error.log").read_text()


def post(deployment: Deployment, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", deployment.port, timeout=30)
    with closing(connection):
        connection.request("POST", path, body="")
        return connection.getresponse().status


def test_downloads_are_counted_from_the_log(deployment: Deployment, recorded: Episode):
    path = recorded.enclosure.file.url
    assert deployment.get(path, User_Agent="Googlebot/2.1", Range="bytes=0-").status == 206
    assert deployment.get(path, User_Agent=PLAYER, Range="bytes=0-1").status == 206
    assert deployment.get(path, User_Agent=PLAYER, Range="bytes=0-449999").status == 206
    log = deployment.folder / "access.log"

    def logged() -> int:  # nginx logs after it has answered
        return sum(line["uri"] == path for line in lines(log))

    eventually(lambda: logged() == 3)
    assert count_downloads(log).downloads == 0
    assert deployment.get(path, User_Agent=PLAYER, Range="bytes=450000-").status == 206
    assert deployment.get(path, User_Agent=PLAYER).status == 200
    eventually(lambda: logged() == 5)
    tally = count_downloads(log)
    assert (tally.downloads, tally.bad_lines) == (1, 0)
    assert DailyDownloads.objects.get().episode == recorded
    assert {line["address"] for line in lines(log) if "/media/" in line["uri"]} == {"127.0.0.1"}


def test_of_what_linked_here_the_log_has_only_the_host(deployment: Deployment, recorded: Episode):
    """And counting finds it there, with the moment that was opened."""
    referrers = (
        "https://www.lobste.rs/s/secret-story?token=s3cr3t", "android-app://com.example.reader/",
        "https://user:s3cr3t@example.org/",  # pragma: allowlist secret
        "https://evil.example\\s3cr3t", "s3cr3t",
        "https://" + "s3cr3t." * 30 + "example/",
    )  # fmt: skip
    page = f"{recorded.get_absolute_url()}?t=5"
    for referrer in referrers:
        assert deployment.get(page, User_Agent=BROWSER, Referer=referrer).status == 200
    deployment.get("/robots.txt")
    log = deployment.folder / "access.log"
    eventually(lambda: '"/robots.txt"' in log.read_text() and len(of_page(log, page)) == 6)
    found = [line["referrer"] for line in of_page(log, page)]
    assert sorted(found) == ["", "", "", "", "com.example.reader", "www.lobste.rs"]
    assert "s3cr3t" not in log.read_text()
    assert count_downloads(log).bad_lines == 0
    sites = DailyFigure.objects.filter(kind=FigureKind.REFERRER).by_name()
    assert sites == {"com.example.reader": 1, "lobste.rs": 1}
    assert DailyMoment.objects.total() == 6


def of_page(log: Path, page: str) -> list[dict]:
    return [line for line in lines(log) if line["uri"] == page and line["agent"] == BROWSER]


def test_of_static_files_only_failures_are_in_the_log(deployment: Deployment):
    """Some twenty come with each first visit, and nothing counts them."""
    found = deployment.get("/static/staticfiles.json")
    assert found.status == 200
    assert deployment.get("/static/none.css").status == 404
    assert deployment.get("/robots.txt").status == 200
    log = deployment.folder / "access.log"
    eventually(lambda: "/robots.txt" in log.read_text())
    assert [(each["uri"], each["status"]) for each in lines(log) if "/static/" in each["uri"]] == [
        ("/static/none.css", 404)
    ]
