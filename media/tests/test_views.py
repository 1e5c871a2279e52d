"""Uploads over HTTP, as players and hostile clients request them."""

import os
import threading
import tracemalloc
from pathlib import Path

import pytest
from django.test import Client

from media import views
from media.ranges import BLOCK

# No upload needs a row, but 404 pages do, and the end of a request looks at the open connection.
pytestmark = pytest.mark.django_db

AUDIO = bytes(range(251)) * 4000  # about 1 MB, and no byte tells its position modulo 256
PATH = "/media/audio/secret/a.mp3"


@pytest.fixture(autouse=True)
def upload(settings) -> Path:
    file = settings.MEDIA_ROOT / "audio" / "secret" / "a.mp3"
    file.parent.mkdir(parents=True)
    file.write_bytes(AUDIO)
    return file


def body(response) -> bytes:
    content = b"".join(response) if response.streaming else response.content
    response.close()
    return content


def get(client: Client, path: str = PATH, **headers: str):
    return client.get(path, headers={key.replace("_", "-"): headers[key] for key in headers})


def test_a_whole_file(client):
    response = get(client, accept_encoding="gzip, br, zstd")
    assert response.status_code == 200
    assert body(response) == AUDIO
    assert response["Content-Type"] == "audio/mpeg"
    assert response["Content-Length"] == str(len(AUDIO))
    assert response["Accept-Ranges"] == "bytes"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "Content-Encoding" not in response
    assert "immutable" in response["Cache-Control"]
    assert response.cookies == {}


@pytest.mark.parametrize(
    ("wanted", "start", "stop"),
    [
        ("bytes=0-", 0, len(AUDIO)),
        ("bytes=500000-", 500_000, len(AUDIO)),
        ("bytes=100000-100099", 100_000, 100_100),
        ("bytes=-128", len(AUDIO) - 128, len(AUDIO)),
        (f"bytes=5-{10**15}", 5, len(AUDIO)),
    ],
)
def test_a_part_of_it(client, wanted, start, stop):
    response = get(client, range=wanted, accept_encoding="gzip")
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {start}-{stop - 1}/{len(AUDIO)}"
    assert response["Content-Length"] == str(stop - start)
    assert "Content-Encoding" not in response
    assert body(response) == AUDIO[start:stop]


def test_a_player_that_seeks(client):
    """Chromium: everything from 0, closed after a while; the file's tail; then the moment."""
    first = get(client, range="bytes=0-")
    beginning = next(iter(first))
    first.close()
    assert len(beginning) == BLOCK and AUDIO.startswith(beginning)
    version = first["ETag"]
    tail = get(client, range=f"bytes={len(AUDIO) - 100}-", if_range=version)
    assert (tail.status_code, body(tail)) == (206, AUDIO[-100:])
    moment = get(client, range="bytes=400000-", if_range=version)
    assert (moment.status_code, body(moment)) == (206, AUDIO[400_000:])


def test_a_range_past_the_end(client):
    response = get(client, range=f"bytes={len(AUDIO)}-")
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(AUDIO)}"


@pytest.mark.parametrize("wanted", ["bytes=5-2", "bytes=0-1,5-6", "seconds=1-2", "bytes=x"])
def test_what_is_no_single_range_gives_the_whole_file(client, wanted):
    response = get(client, range=wanted)
    assert (response.status_code, body(response)) == (200, AUDIO)
    assert "Content-Range" not in response


def test_head_tells_the_size_and_knows_no_ranges(client):
    response = client.head(PATH, headers={"Range": "bytes=5-9"})
    assert (response.status_code, response.content) == (200, b"")
    assert response["Content-Length"] == str(len(AUDIO))
    assert response["Accept-Ranges"] == "bytes"


def test_what_the_client_has_is_not_sent_again(client):
    response = get(client)
    body(response)
    for condition in (
        {"if_none_match": response["ETag"]},
        {"if_modified_since": response["Last-Modified"]},
    ):
        again = get(client, **condition)
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == response["ETag"]
    assert get(client, if_match='"other"').status_code == 412


@pytest.mark.parametrize("header", ["ETag", "Last-Modified"])
def test_if_range_gives_the_part_while_the_file_is_the_same(client, upload, header):
    first = get(client)
    body(first)
    same = get(client, range="bytes=5-9", if_range=first[header])
    assert (same.status_code, body(same)) == (206, AUDIO[5:10])
    upload.write_bytes(b"another version")
    os.utime(upload, (1_000_000_000, 1_000_000_000))
    changed = get(client, range="bytes=5-9", if_range=first[header])
    assert (changed.status_code, body(changed)) == (200, b"another version")


def test_an_empty_file(client, upload):
    upload.write_bytes(b"")
    for wanted, status in (("", 200), ("bytes=-5", 200), ("bytes=0-", 416)):
        response = get(client, range=wanted)
        assert (response.status_code, body(response)) == (status, b"")


@pytest.mark.parametrize(
    "path",
    [
        "../settings.py",
        "audio/../../settings.py",
        "%2e%2e/settings.py",
        "/etc/passwd",
        "audio",
        "audio/secret/",
        "link.py",
        "audio/secret/a.mp3/x",
        pytest.param("a" * 5000, id="too long for a name"),
        "nothing.mp3",
    ],
)
def test_nothing_but_files_below_the_media_folder(client, settings, path):
    outside = settings.MEDIA_ROOT.parent / "settings.py"
    outside.write_text("SECRET")
    (settings.MEDIA_ROOT / "link.py").symlink_to(outside)
    assert client.get(f"/media/{path}", follow=True).status_code == 404


def test_nul_in_a_name(client):
    assert client.get("/media/a%00.mp3").status_code == 400


def test_only_audio_video_and_pictures_are_shown(client, settings):
    for name, shown in (("a.html", False), ("a.svg", False), ("a.PNG", True), ("a.txt", False)):
        (settings.MEDIA_ROOT / name).write_text("<script>alert(1)</script>" * 50)
        response = get(client, f"/media/{name}", accept_encoding="gzip")
        body(response)
        assert (response["Content-Type"] != "application/octet-stream") is shown
        assert (response.get("Content-Disposition") != "attachment") is shown
        assert "Content-Encoding" not in response


def test_memory_does_not_grow_with_the_file(client, upload):
    with upload.open("wb") as file:
        file.truncate(200_000_000)
    tracemalloc.start()
    response = get(client)
    sent = sum(map(len, response))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    response.close()
    assert sent == 200_000_000
    assert peak < 20 * BLOCK


@pytest.fixture
def one_stream(monkeypatch) -> threading.BoundedSemaphore:
    slots = threading.BoundedSemaphore(1)
    monkeypatch.setattr(views, "streams", slots)
    return slots


def test_too_many_streams_are_told_to_come_back(client, one_stream):
    first = get(client)
    refused = get(client, range="bytes=0-")
    assert refused.status_code == 503
    assert int(refused["Retry-After"]) > 0
    assert "Content-Range" not in refused
    first.close()
    assert (get(client).status_code, one_stream._value) == (200, 0)


def test_small_parts_and_questions_need_no_slot(client, one_stream):
    first = get(client)
    assert get(client, range="bytes=0-1").status_code == 206
    assert client.head(PATH).status_code == 200
    assert get(client, if_none_match=first["ETag"]).status_code == 304
    first.close()


@pytest.mark.parametrize("blocks", [0, 1, 100])
def test_a_listener_who_leaves_frees_the_slot_and_the_file(client, one_stream, blocks):
    response = get(client)
    for _ in zip(range(blocks), response, strict=False):
        pass
    response.close()
    response.close()
    assert one_stream.acquire(blocking=False)
