"""Public audio and images are open to every site; pages, the desk and previews aren't."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from desk.models import PreviewLink
from episodes.models import Episode
from episodes.tests import factories
from pages.tests.factories import full_episode
from show.models import Redirect
from topics.models import Transcript

pytestmark = pytest.mark.django_db
PAGE = "/podcast/9-episode-9"
CARD = re.compile(r"/cards/[0-9a-f]+\.png")
EXPOSED = {"Accept-Ranges", "Content-Range", "Content-Length", "ETag", "Last-Modified"}


@pytest.fixture
def recording(settings: Any) -> str:
    """The stored file's address. The episode has a transcript and its audio a former address."""
    factories.show()
    row = full_episode(9)
    row.enclosure.file.save(row.enclosure.name, ContentFile(b"x" * 5000))
    Transcript.objects.create(episode=row)
    Redirect.objects.create(old_path="/wp-content/9.mp3", new_path=row.enclosure.path)
    return row.enclosure.file.url


def card_path(page: str) -> str:
    """The path of the social card that a page names."""
    found = CARD.search(page)
    assert found
    return found[0]


def is_open(answer: Any) -> bool:
    headers = answer.headers
    exposed = {name.strip() for name in headers.get("Access-Control-Expose-Headers", "").split(",")}
    assert "Access-Control-Allow-Credentials" not in headers
    return (
        headers.get("Cross-Origin-Resource-Policy") == "cross-origin"
        and headers.get("Access-Control-Allow-Origin") == "*"
        and exposed >= EXPOSED
    )


def test_public_files_are_open(client: Client, recording: str) -> None:
    addresses = (
        "/audio/podcast-9.mp3", "/assets/podcast/podcast-9.mp3", recording,
        "/wp-content/9.mp3", f"{PAGE}/chapters.json", f"{PAGE}/transcript.vtt",
        f"{PAGE}/transcript.json", "/podcast/feed.xml", "/stack/redis/feed.xml",
        f"/oembed?url=http://127.0.0.1:8000{PAGE}", "/oembed", "/search.json?q=queues",
        card_path(client.get(PAGE).text),
    )  # fmt: skip
    for path in addresses:
        for send in (client.get, client.head):
            answer = send(path, headers={"origin": "https://player.example"})
            assert answer.status_code in (200, 301, 302, 400, 404), path
            assert is_open(answer), (path, answer.headers)


def test_ranges_are_open_too(client: Client, recording: str) -> None:
    for sent, status in (("bytes=0-99", 206), ("bytes=9999-", 416)):
        answer = client.get(recording, headers={"range": sent, "origin": "https://player.example"})
        assert (answer.status_code, is_open(answer)) == (status, True)
    again = client.get(recording, headers={"if-none-match": answer.headers.get("ETag", "*")})
    assert (again.status_code, is_open(again)) == (304, True)


def test_browsers_may_ask_first(client: Client, recording: str) -> None:
    asked = {
        "origin": "https://player.example",
        "access-control-request-method": "GET",
        "access-control-request-headers": "range,if-range",
    }
    for path in (
        "/audio/podcast-9.mp3",
        recording,
        f"{PAGE}/chapters.json",
        card_path(client.get(PAGE).text),
    ):
        answer = client.options(path, headers=asked)
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer["Access-Control-Allow-Headers"] == "*"
        assert "GET" in answer["Access-Control-Allow-Methods"]
        assert is_open(answer)


def test_pages_and_the_desk_stay_closed(client: Client, host: Client, recording: str) -> None:
    draft = factories.episode("Unannounced", 10, status=Episode.Status.DRAFT)
    draft.enclosure.file.save("10.mp3", ContentFile(b"x" * 5000))
    tomorrow = timezone.now() + timedelta(days=1)
    link = PreviewLink.objects.create(episode=draft, expires_at=tomorrow, recipient="Ann")
    addresses = (
        "/", PAGE, f"{PAGE}/embed", "/nothing-here", "/admin/", "/admin/login/",
        "/admin/jsi18n/", f"/preview/{link.token}", f"/preview/{link.token}/audio",
        f"/preview/{link.token}/chapters.json", f"/admin/preview/{draft.pk}/audio",
        f"/admin/preview/{draft.pk}/chapters.json", "/.well-known/change-password",
        "/admin/autocomplete/?app_label=episodes&model_name=appearance&field_name=guest&term=a",
    )  # fmt: skip
    for path in addresses:
        for visitor in (client, host):
            answer = visitor.get(path, headers={"origin": "https://player.example"})
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin", path
            assert "Access-Control-Allow-Origin" not in answer.headers, path
    assert host.get(f"/admin/preview/{draft.pk}/audio").status_code == 302
