"""What nginx writes down, as the site and its counting read it."""

import http.client
import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from deploy.nginx.harness import Running
from episodes.models import Episode
from episodes.tests.factories import episode, show
from ops.downloads.counting import count_downloads
from ops.models import DayOfDownloads
from tests.production import REQUIRED, database_url, eventually

pytestmark = [pytest.mark.production, pytest.mark.django_db(transaction=True)]

PLAYER = "AntennaPod/3.1.0"


@pytest.fixture
def heard(settings, tmp_path: Path) -> Episode:
    settings.MEDIA_ROOT = tmp_path / "media"
    show()
    row = episode("Heard", 1)
    row.enclosure.url, row.enclosure.seconds, row.enclosure.bytes = "", 60, 900_000
    row.enclosure.file.save("heard.mp3", ContentFile(bytes(900_000)), save=False)
    row.enclosure.save()
    tmp_path.chmod(0o755)
    return row


@pytest.fixture
def front(heard: Episode, tmp_path: Path) -> Iterator[Running]:
    env = REQUIRED | {
        "DATABASE_URL": database_url(),
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": "http://127.0.0.1",
        "MEDIA_ROOT": str(tmp_path / "media"),
        "METRICS_TOKEN": "token",
        "LOG_REQUESTS": "1",
    }
    with Running(tmp_path / "front", env) as running:
        yield running


def lines(file: Path) -> list[dict]:
    told = file.read_text().splitlines()
    return [json.loads(line) for line in told if line.startswith("{") and line.endswith("}")]


def test_one_number_from_end_to_end_and_no_more_than_is_needed(front: Running, heard: Episode):
    answers = [front.get("/robots.txt") for _ in "123"]
    numbers = [answer.headers["X-Request-ID"] for answer in answers]
    assert re.fullmatch(r"[0-9a-f]{32}", numbers[0])
    assert len(set(numbers)) == 3
    front.get("/search.json?q=my-illness")
    log = front.folder / "access.log"
    eventually(
        lambda: set(numbers) <= {line["id"] for line in lines(log)} and "/search" in log.read_text()
    )
    asked = {line["id"]: line for line in lines(log)}
    assert {asked[number]["uri"] for number in numbers} == {"/robots.txt"}
    # The second and third were kept by nginx; their numbers are their own all the same.
    assert [asked[number]["kept"] for number in numbers] == ["MISS", "HIT", "HIT"]
    own = [line["request_id"] for line in lines(front.folder / "site 0.log") if "path" in line]
    assert own.count(numbers[0]) == 1 and not {*numbers[1:]} & {*own}
    text = log.read_text()
    assert "my-illness" not in text and '"/search.json"' in text
    assert "127.0.0.1" not in text

    token = front.get("/metrics", Authorization="Bearer token")
    assert token.status == 404 and b"podcast_" not in token.body


def test_addresses_that_open_something_are_in_no_log(front: Running):
    for path in ("/preview/s3cr3t", "/%70review/s3cr3t/audio", "/admin/sign-in/s3cr3t?x=1"):
        front.get(path)
    log = front.folder / "access.log"
    hidden = {"/preview/...": 2, "/admin/sign-in/...": 1}
    eventually(lambda: Counter(line["uri"] for line in lines(log)) >= Counter(hidden))
    for file in front.folder.glob("*.log"):
        assert "s3cr3t" not in file.read_text(), file
    front.kill("site 0")
    for path in (
        "/preview/s3cr3t", "/%70review/s3cr3t", "/x/../preview/s3cr3t", "/x//../../preview/s3cr3t",
        "/admin/%73ign-in/s3cr3t", "/./admin/sign-in/s3cr3t",
    ):  # fmt: skip
        assert front.get(path).status == 503
    hidden = {"/preview/...": 3, "/admin/sign-in/...": 1, "/maintenance.html": 5}
    eventually(lambda: Counter(line["uri"] for line in lines(log)) >= Counter(hidden))
    assert "s3cr3t" not in log.read_text()


def test_links_to_sign_in_are_tried_slowly(front: Running):
    tries = [post(front, "/admin/sign-in/made-up") for _ in range(30)]
    assert 429 in tries
    # nginx's own log would say who it was, and what the link was.
    assert "made-up" not in (front.folder / "error.log").read_text()


def post(front: Running, path: str) -> int:
    asked = http.client.HTTPConnection("127.0.0.1", front.port, timeout=30)
    with closing(asked):
        asked.request("POST", path, body="")
        return asked.getresponse().status


def test_downloads_are_counted_from_it(front: Running, heard: Episode):
    path = heard.enclosure.file.url
    assert front.get(path, User_Agent="Googlebot/2.1", Range="bytes=0-").status == 206
    assert front.get(path, User_Agent=PLAYER, Range="bytes=0-1").status == 206
    assert front.get(path, User_Agent=PLAYER, Range="bytes=0-449999").status == 206
    log = front.folder / "access.log"

    def asked() -> int:  # nginx answers first, and writes then
        return sum(line["uri"] == path for line in lines(log))

    eventually(lambda: asked() == 3)
    assert count_downloads(log).downloads == 0
    assert front.get(path, User_Agent=PLAYER, Range="bytes=450000-").status == 206
    assert front.get(path, User_Agent=PLAYER).status == 200
    eventually(lambda: asked() == 5)
    tally = count_downloads(log)
    assert (tally.downloads, tally.bad_lines) == (1, 0)
    assert DayOfDownloads.objects.get().episode == heard
    assert {line["address"] for line in lines(log) if "/media/" in line["uri"]} == {"127.0.0.1"}
