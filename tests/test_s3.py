"""Uploads on S3, spoken to over HTTP: moto's server on this machine."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import boto3
import pytest
import time_machine
from django.conf import settings as project
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from moto.server import ThreadedMotoServer
from PIL import Image

from episodes.audio_files import remove_discarded
from episodes.models import DiscardedFile, Enclosure, Episode
from episodes.tests import factories
from media import bucket
from media.storages import listing
from media.tests.recordings import mp3
from notes.apply import finish_edit
from ops.storage.orphans import GRACE, OWNER

AUDIO = bytes(range(250)) * 40
BUCKET = "podcast-audio"


# What a bucket of public audio needs: everyone may read its objects, nobody may list them.
EVERYONE_READS = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{BUCKET}/*",
        }
    ],
}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The address of a server with our bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client = boto3.client(
        "s3", "us-east-1", endpoint_url=address, aws_access_key_id="a", aws_secret_access_key="b"
    )
    client.create_bucket(Bucket=BUCKET)
    client.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(EVERYONE_READS))
    yield address
    server.stop()


@pytest.fixture(autouse=True)
def _credentials(monkeypatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


def use_bucket(settings: Any, endpoint: str, **options: Any) -> None:
    """Let uploads go to the bucket."""
    options = {
        "bucket_name": BUCKET,
        "endpoint_url": endpoint,
        "region_name": "us-east-1",
    } | options
    storage = {"BACKEND": "media.bucket.Bucket", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"default": storage}


def uploaded() -> Enclosure:
    enclosure = factories.episode().enclosure
    enclosure.file.save("a.mp3", ContentFile(AUDIO))
    return enclosure


@pytest.mark.django_db
def test_audio_is_one_redirect_away_without_a_signature_and_in_parts(
    client: Client, settings, endpoint: str
):
    use_bucket(settings, endpoint)
    enclosure = uploaded()
    response = client.get("/audio/podcast-1.mp3")
    assert response.status_code == 302
    assert response["Location"] == f"{endpoint}/{BUCKET}/{enclosure.file.name}"

    with urlopen(response["Location"]) as whole:
        assert whole.read() == AUDIO
        assert whole.headers["Content-Type"] == "audio/mpeg"
        assert whole.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    with urlopen(Request(response["Location"], headers={"Range": "bytes=300-309"})) as part:
        assert part.status == 206
        assert part.headers["Content-Range"] == f"bytes 300-309/{len(AUDIO)}"
        assert part.read() == AUDIO[300:310]


@pytest.mark.parametrize("name", ["x.html", "x.mp3.svg", "x", "x.mp3", "x.PNG"])
def test_nothing_in_the_bucket_is_a_page(settings, endpoint: str, name: str):
    use_bucket(settings, endpoint)
    page = SimpleUploadedFile(name, b"<script>", content_type="text/html")
    with urlopen(f"{endpoint}/{BUCKET}/{default_storage.save(name, page)}") as answer:
        found = answer.headers["Content-Type"], answer.headers["Content-Disposition"]
    shown = {"x.mp3": ("audio/mpeg", None), "x.PNG": ("image/png", None)}
    assert found == shown.get(name, ("application/octet-stream", "attachment"))


@pytest.mark.django_db
def test_a_public_domain_stands_in_the_address(client: Client, settings, endpoint: str):
    use_bucket(settings, endpoint, custom_domain="cdn.example.org")
    enclosure = uploaded()
    response = client.get("/audio/podcast-1.mp3")
    assert response["Location"] == f"https://cdn.example.org/{enclosure.file.name}"


def headers_of(address: str) -> dict[str, str]:
    """What an object is served with; empty where there is none."""
    try:
        with urlopen(address) as response:
            return {name: response.headers[name] for name in ("Content-Type", "Cache-Control")}
    except HTTPError as error:
        assert error.code in (403, 404)
        return {}


@pytest.mark.django_db
def test_a_withdrawn_recording_moves_within_the_bucket(
    client: Client, settings, endpoint: str, django_capture_on_commit_callbacks
):
    use_bucket(settings, endpoint)
    row = uploaded().episode
    finish_edit(row, None, "desk")
    before = client.get("/audio/podcast-1.mp3")["Location"]
    headers = headers_of(before)
    assert headers["Content-Type"] == "audio/mpeg"

    row.status = Episode.Status.WITHDRAWN
    row.save()
    with django_capture_on_commit_callbacks(execute=True):
        finish_edit(row, None, "desk")
    assert headers_of(before) == {}
    assert client.get("/audio/podcast-1.mp3").status_code == 404

    row.status = Episode.Status.PUBLISHED
    row.save()
    finish_edit(row, None, "desk")
    after = client.get("/audio/podcast-1.mp3")["Location"]
    assert after != before
    assert headers_of(after) == headers
    with urlopen(after) as whole:
        assert whole.read() == AUDIO


@pytest.mark.django_db
def test_a_bucket_that_fails_keeps_the_recording_and_a_later_try_removes_the_old_one(
    settings, endpoint: str, django_capture_on_commit_callbacks
):
    use_bucket(settings, endpoint)
    enclosure = uploaded()
    name = str(enclosure.file)
    finish_edit(enclosure.episode, None, "desk")
    use_bucket(settings, "http://127.0.0.1:1")  # where nothing listens
    enclosure.episode.status = Episode.Status.WITHDRAWN
    enclosure.episode.save()
    with pytest.raises(OSError, match=f"at http://127.0.0.1:1 couldn't copy “{name}”"):
        finish_edit(enclosure.episode, None, "desk")
    assert Enclosure.objects.get().file.name == name

    with django_capture_on_commit_callbacks() as callbacks:
        enclosure.delete()
        finish_edit(Episode.objects.get(), None, "desk")
    with pytest.raises(OSError, match="couldn't delete"):
        callbacks[-1]()
    use_bucket(settings, endpoint)
    assert default_storage.exists(name)
    call_command("tick")
    assert not default_storage.exists(name)
    assert remove_discarded() == ""


@pytest.mark.django_db
def test_what_no_row_names_is_removed_days_later(settings, endpoint: str):
    use_bucket(settings, endpoint)
    default_storage.delete(OWNER)  # of another test's installation
    named, unnamed = str(uploaded().file.name), f"audio/{'0' * 32}/b.mp3"
    default_storage.save(unnamed, ContentFile(AUDIO))
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for day in range(GRACE.days + 2):
            call_command("tick")
            assert day >= GRACE.days or default_storage.exists(unnamed)
            clock.shift(timedelta(days=1))
    assert default_storage.exists(named)
    assert not default_storage.exists(unnamed)


def test_an_upload_never_replaces_another(settings, endpoint: str):
    use_bucket(settings, endpoint)
    names = [default_storage.save("guests/ann.png", ContentFile(data)) for data in (b"1", b"2")]
    assert names[0] != names[1]
    assert [default_storage.open(name).read() for name in names] == [b"1", b"2"]


def test_signed_addresses_are_of_version_4(settings, endpoint: str):
    use_bucket(settings, endpoint, querystring_auth=True)
    query = parse_qs(urlsplit(default_storage.url("audio/a.mp3")).query)
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Credential"][0].endswith("/us-east-1/s3/aws4_request")
    assert "AWSAccessKeyId" not in query


def test_a_missing_bucket_is_named(settings, endpoint: str):
    use_bucket(settings, endpoint, bucket_name="nobody-made-this")
    with pytest.raises(OSError, match=f"“nobody-made-this” at {endpoint} .*NoSuchBucket"):
        default_storage.save("a.mp3", ContentFile(AUDIO))


def test_an_endpoint_that_refuses_is_named(settings):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{unused.getsockname()[1]}"
        use_bucket(settings, endpoint)
        with pytest.raises(OSError, match=f"{endpoint} couldn't store “a.mp3”: Could not connect"):
            default_storage.save("a.mp3", ContentFile(AUDIO))


def test_an_endpoint_that_never_answers_is_given_up(settings, monkeypatch):
    monkeypatch.setattr(bucket, "READ_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        use_bucket(settings, f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(OSError, match="Read timeout"):
            default_storage.save("a.mp3", ContentFile(AUDIO))


def test_the_environment_alone_moves_uploads_to_s3():
    """As production does it: another process, nothing but variables."""
    script = (
        "import django; django.setup()\n"
        "from django.core.files.storage import default_storage\n"
        "print(default_storage.url('audio/a.mp3'))\n"
    )
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "podcast.settings",
        "AWS_STORAGE_BUCKET_NAME": BUCKET,
        "AWS_S3_CUSTOM_DOMAIN": "cdn.example.org",
        "AWS_S3_REGION_NAME": "us-east-1",
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=project.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "https://cdn.example.org/audio/a.mp3"


@pytest.mark.django_db
def test_an_export_brings_the_buckets_files_and_an_import_puts_them_there(
    settings, endpoint: str, tmp_path: Path
):
    use_bucket(settings, endpoint)
    factories.show()
    row = factories.episode()
    row.enclosure.file.save("1.mp3", ContentFile(AUDIO))
    default_storage.save("pictures/deep/er/drawing.png", ContentFile(b"drawing"))
    name = str(row.enclosure.file)
    call_command("export_catalogue", str(tmp_path / "export"), stdout=StringIO())
    media = tmp_path / "export" / "media"
    assert (media / name).read_bytes() == AUDIO
    assert (media / "pictures" / "deep" / "er" / "drawing.png").read_bytes() == b"drawing"
    default_storage.delete(name)
    call_command("import_jekyll", str(tmp_path / "export"), stdout=StringIO())
    with default_storage.open(name) as stored:
        assert stored.read() == AUDIO


@pytest.mark.django_db
def test_a_recording_is_handed_in_published_and_replaced_in_the_bucket(
    host: Client, settings, endpoint: str, django_capture_on_commit_callbacks
):
    use_bucket(settings, endpoint)
    factories.show()
    row = factories.episode(status="draft", seconds=None, topics=[(0, "One"), (60, "Two")])
    finish_edit(row, None, "desk")
    desk, first, second = f"/admin/episodes/episode/{row.pk}", mp3(90), mp3(99)
    with django_capture_on_commit_callbacks(execute=True):
        host.post(f"{desk}/audio", {"file": SimpleUploadedFile("take 1.mp3", first)})
    handed_in = str(Enclosure.objects.get().file)
    assert default_storage.open(handed_in).read() == first
    with django_capture_on_commit_callbacks(execute=True):
        host.post(f"{desk}/publish", {"seen": "2", "do": "now"})
    assert not default_storage.exists(handed_in)
    published = heard(host)
    assert published.endswith(first)
    assert published.count(b"CHAP") == 2
    assert len(published) == Enclosure.objects.get().bytes

    file = SimpleUploadedFile("take 2.mp3", second)
    shown: Any = host.post(f"{desk}/audio", {"file": file}, follow=True)
    new, seen = shown.context_data["token"], shown.context_data["episode"].edit_number
    assert heard(host) == published
    with django_capture_on_commit_callbacks(execute=True):
        answered = {"new": new, "seen": seen, "where": "nothing"}
        host.post(f"{desk}/audio/change", answered)
    assert heard(host).endswith(second)


def heard(client: Client) -> bytes:
    """What apps get at the address they know."""
    with urlopen(client.get(Enclosure.objects.get().path)["Location"]) as answer:
        return answer.read()


@pytest.mark.django_db
def test_a_photos_renditions_are_stored_and_removed_in_the_bucket(
    client: Client, settings, endpoint: str
):
    use_bucket(settings, endpoint)
    factories.show()
    row = factories.episode(guests=["Zoë Lee"]).guests.get()
    content = BytesIO()
    Image.new("RGB", (200, 300)).save(content, "PNG")
    row.avatar.save("zoë.png", ContentFile(content.getvalue()))
    call_command("make_renditions", stdout=StringIO())
    name = str(row.avatar)
    stored = [file.name for file in listing("renditions/")]
    assert sorted(stored) == [
        f"renditions/{name}/{width}.webp" for width in (128, 192, 200, 64, 96)
    ]
    address = re.search(r'srcset="(\S+) 64w', client.get("/guests/").content.decode())
    assert address is not None
    with urlopen(address[1]) as answer:
        assert answer.headers["Content-Type"] == "image/webp"
        assert Image.open(BytesIO(answer.read())).size == (64, 64)
    row.avatar = ""
    row.save()
    DiscardedFile.objects.create(name=name)
    remove_discarded()
    assert list(listing("renditions/")) == []
    assert not default_storage.exists(name)
