"""The audio's address: one redirect, or a 404 with the reason."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from episodes.models import Enclosure, Episode
from episodes.tests import factories

pytestmark = pytest.mark.django_db


def stored(row: Episode) -> Enclosure:
    row.enclosure.file.save("upload.mp3", ContentFile(b"audio" * 100))
    return row.enclosure


@pytest.mark.parametrize("address", ["/audio/podcast-1.mp3", "/assets/podcast/podcast-1.mp3"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_stored_file_is_one_redirect_away_under_both_addresses(client, address, method):
    enclosure = stored(factories.episode())
    response = getattr(client, method)(address)
    assert response.status_code == 302
    assert response["Location"] == enclosure.file.url
    assert response["Cache-Control"] == "public, max-age=60"
    audio = getattr(client, method)(response["Location"])
    assert audio.status_code == 200
    assert audio["Content-Type"] == "audio/mpeg"
    assert audio["Content-Length"] == "500"


def test_the_stored_key_is_unguessable_and_new_for_every_upload():
    row = factories.episode()
    first, second = str(stored(row).file.name), str(stored(row).file.name)
    assert first != second
    folder, secret, name = first.split("/")
    assert (folder, len(secret), name) == ("audio", 32, "podcast-1.mp3")


def test_without_a_file_the_source_host_has_it(client):
    factories.episode()
    response = client.get("/audio/podcast-1.mp3")
    assert (response.status_code, response["Location"]) == (
        302,
        "https://audio.example.org/podcast-1.mp3",
    )


@pytest.mark.parametrize("host", ["show.example", "www.show.example", "SHOW.example:8443"])
def test_it_never_redirects_to_itself(client, settings, host):
    settings.SITE_URL = "https://show.example"
    row = factories.episode()
    row.enclosure.url = f"http://{host}/assets/podcast/podcast-1.mp3"
    row.enclosure.save()
    response = client.get("/assets/podcast/podcast-1.mp3")
    assert response.status_code == 404
    assert b"We don't have this file yet" in response.content


@pytest.mark.parametrize(
    "state",
    [
        {"status": Episode.Status.DRAFT},
        {"status": Episode.Status.WITHDRAWN},
        {"published_at": timezone.now() + timedelta(hours=1)},
        {"deleted_at": timezone.now()},
    ],
)
def test_only_published_episodes_have_audio(client, state):
    stored(factories.episode(**state))
    response = client.get("/audio/podcast-1.mp3")
    assert (response.status_code, response["Cache-Control"]) == (404, "no-cache")


@pytest.mark.parametrize("name", ["nothing.mp3", "..", "a%0Ab.mp3", "%F0%9F%98%80.mp3"])
def test_other_names_are_404(client, name):
    assert client.get(f"/audio/{name}").status_code == 404


def test_it_takes_one_query(client, django_assert_num_queries):
    factories.episode()
    with django_assert_num_queries(1):
        client.get("/audio/podcast-1.mp3")
