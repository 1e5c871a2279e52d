"""Large bodies: from whom the site takes them, and how much of the disk they may fill."""

import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from accounts.models import DeskSession
from episodes.models import Episode
from episodes.tests.factories import episode, show
from media.uploads import RESERVED
from podcast import bodies
from tests.production import python

LARGE = "x" * (bodies.SMALL + 1)
LOGIN = "/admin/login/"


def asked(client: Client, announced: str) -> int:
    return client.get("/admin/", headers={"X-Body-Bytes": announced}).status_code


def is_refused(client: Client) -> bool:
    response = client.post(LOGIN, {"username": LARGE, "password": "x"})
    is_page = "This is too large" in response.text
    assert (response.status_code == 413) == is_page
    return is_page


@pytest.fixture
def signed_in(host_user: Any) -> Client:
    """A host's browser, signed in by the form."""
    show()
    client = Client()
    client.post(LOGIN, {"username": "nick", "password": "password", "next": "/admin/"})
    return client


def test_strangers_send_small_bodies(db: None):
    show()
    stranger = Client()
    assert is_refused(stranger)
    assert asked(stranger, "65537") == 403
    stranger.get(LOGIN)
    stranger.get("/")
    assert bodies.COOKIE not in stranger.cookies
    for forged in ("", "1", ":1xXsep:wDYYYvsERndnBezikbAiAFtGqRvlKmSjk241-LIZUQ8"):
        stranger.cookies[bodies.COOKIE] = forged
        assert is_refused(stranger) and asked(stranger, "65537") == 403


def test_the_desk_gives_a_cookie_that_outlives_the_session(
    signed_in: Client, settings, monkeypatch: pytest.MonkeyPatch
):
    morsel = signed_in.cookies[bodies.COOKIE]
    assert morsel["httponly"] and morsel["samesite"] == "Lax" and morsel["path"] == "/"
    assert morsel["max-age"] >= settings.SESSION_COOKIE_AGE + 30 * bodies.DAY
    DeskSession.objects.all().delete()
    assert not is_refused(signed_in)
    end = time.time() + settings.SESSION_COOKIE_AGE
    for days, refused in ((30, False), (32, True)):
        monkeypatch.setattr(
            "django.core.signing.time.time", lambda days=days: end + days * bodies.DAY
        )
        assert is_refused(signed_in) is refused


def test_it_ends_with_the_account_and_its_password(signed_in: Client, host_user: Any):
    data = {"old_password": "password"} | dict.fromkeys(
        ("new_password1", "new_password2"), "a fair way to Tipperary"
    )
    former = signed_in.cookies[bodies.COOKIE].value
    signed_in.post("/admin/password_change/", data)
    assert signed_in.cookies[bodies.COOKIE].value != former
    assert not is_refused(signed_in)
    thief = Client()
    thief.cookies[bodies.COOKIE] = former
    assert is_refused(thief) and asked(thief, "65537") == 403
    host_user.__class__.objects.update(is_active=False)
    assert is_refused(signed_in)


def test_a_page_of_the_desk_renews_it_once_a_day(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
):
    first = signed_in.cookies[bodies.COOKIE].value
    assert bodies.COOKIE not in signed_in.get("/admin/").cookies
    later = time.time() + 2 * bodies.DAY
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert signed_in.get("/admin/").cookies[bodies.COOKIE].value != first


@pytest.mark.django_db(transaction=True)
def test_a_long_text_comes_back_while_the_database_is_away(host: Client, monkeypatch):
    show()
    row = episode(status=Episode.Status.DRAFT)
    away = monkeypatch.context()
    with away as patch:
        patch.setitem(connection.settings_dict, "PORT", "1")
        patch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        connection.close()
        answer = host.post(f"/admin/episodes/episode/{row.pk}/text/", {"text": LARGE})
    connection.close()
    assert answer.status_code == 503
    assert LARGE in answer.text


def test_nginx_is_told_to_leave_a_share_of_the_disk(host: Client, monkeypatch, settings):
    total = 1_000_000_000
    disk = SimpleNamespace(total=total, free=total // RESERVED + 3_000_000)
    monkeypatch.setattr("shutil.disk_usage", lambda folder: disk)
    assert asked(host, "1000000 ") == 204
    assert asked(host, "1000001 ") == 403
    settings.UPLOAD_MAX_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 900_000
    assert asked(host, "900001 ") == 403
    for unknown in ("", " ", " chunked", "12 chunked", "-1", "x", "٣"):
        assert asked(host, unknown) == 403


def test_a_file_never_takes_the_last_share_of_the_disk(host: Client, monkeypatch):
    show()
    total = 1_000_000
    for free, refused in ((50_000, False), (40_000, True), (-10_000, True)):
        disk = SimpleNamespace(total=total, free=total // RESERVED + free)
        monkeypatch.setattr("shutil.disk_usage", lambda folder, disk=disk: disk)
        file = SimpleUploadedFile("a.mp3", bytes(50_000))
        assert (host.post(LOGIN, {"file": file}).status_code == 413) is refused


def test_tls_ties_the_cookie_to_the_host():
    told = "import django; django.setup(); from podcast import bodies; print(bodies.COOKIE)"
    assert python("-c", told).stdout == "__Host-large_bodies\n"
