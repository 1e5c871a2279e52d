"""What nginx writes down, as the site and its counting read it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from deploy.nginx.running import Running
from episodes.models import Episode
from episodes.tests.factories import episode, show
from ops.downloads.counting import count_downloads
from ops.models import DayOfDownloads
from tests.production import REQUIRED, database_url

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
    return [json.loads(line) for line in file.read_text().splitlines() if line.startswith("{")]


def test_one_number_from_end_to_end_and_no_more_than_is_needed(front: Running, heard: Episode):
    answers = [front.get("/robots.txt") for _ in "12"]
    numbers = [answer.headers["X-Request-ID"] for answer in answers]
    assert all(re.fullmatch(r"[0-9a-f]{32}", number) for number in numbers)
    front.get("/search.json?q=my-illness")
    told = lines(front.folder / "access.log")
    asked = [line for line in told if line["uri"] == "/robots.txt" and line["agent"] != "front"]
    assert [line["id"] for line in asked] == numbers
    # The second was kept by nginx; its number is its own all the same.
    assert [line["kept"] for line in asked] == ["MISS", "HIT"]
    own = [line["request_id"] for line in lines(front.folder / "site 0.log") if "path" in line]
    assert own.count(numbers[0]) == 1 and numbers[1] not in own
    text = (front.folder / "access.log").read_text()
    assert "my-illness" not in text and '"/search.json"' in text
    assert "127.0.0.1" not in text

    token = front.get("/metrics", Authorization="Bearer token")
    assert token.status == 404 and b"podcast_" not in token.body


def test_downloads_are_counted_from_it(front: Running, heard: Episode):
    path = heard.enclosure.file.url
    assert front.get(path, User_Agent="Googlebot/2.1", Range="bytes=0-").status == 206
    assert front.get(path, User_Agent=PLAYER, Range="bytes=0-1").status == 206
    assert front.get(path, User_Agent=PLAYER, Range="bytes=0-449999").status == 206
    log = front.folder / "access.log"
    assert count_downloads(log).downloads == 0
    assert front.get(path, User_Agent=PLAYER, Range="bytes=450000-").status == 206
    assert front.get(path, User_Agent=PLAYER).status == 200
    tally = count_downloads(log)
    assert (tally.downloads, tally.bad_lines) == (1, 0)
    assert DayOfDownloads.objects.get().episode == heard
    assert {line["address"] for line in lines(log) if "/media/" in line["uri"]} == {"127.0.0.1"}
