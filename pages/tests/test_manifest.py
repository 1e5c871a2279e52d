"""The web app manifest: the show's names, icons as large as they say, and a share target."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from episodes.tests.factories import show
from pages.tests.factories import catalogue

pytestmark = pytest.mark.django_db


def test_every_page_names_it(client: Client) -> None:
    catalogue(1)
    link = '<link rel="manifest" href="/manifest.webmanifest">'
    for path in ("/", "/podcast/1-episode-1", "/search"):
        assert link in client.get(path).content.decode(), path


def test_it_has_what_installing_needs(client: Client) -> None:
    show(title="Rätsel & <Co>", description="What they say.", language="de")
    response = client.get("/manifest.webmanifest")
    assert response.headers["Content-Type"] == "application/manifest+json"
    assert "ETag" in response.headers
    manifest = json.loads(response.content)
    assert manifest["name"] == "Rätsel & <Co>"
    assert manifest["lang"] == "de"
    assert manifest["start_url"] == manifest["scope"] == "/"
    assert manifest["display"] == "standalone"
    found = {(each["sizes"], each["purpose"]) for each in manifest["icons"]}
    assert found >= {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    for each in manifest["icons"]:
        path = Path(settings.BASE_DIR, each["src"].removeprefix("/"))
        with Image.open(path) as image:
            assert f"{image.width}x{image.height}" == each["sizes"]
            assert image.format == "PNG"


def test_its_links_lead_to_pages(client: Client) -> None:
    catalogue(1)
    manifest = json.loads(client.get("/manifest.webmanifest").content)
    for each in manifest["shortcuts"]:
        assert client.get(each["url"]).status_code == 200, each


@pytest.mark.parametrize("shared", [{"text": "recap"}, {"title": "Recap", "text": ""}])
def test_what_is_shared_is_searched_for(client: Client, shared: dict[str, str]) -> None:
    catalogue(1)
    target = json.loads(client.get("/manifest.webmanifest").content)["share_target"]
    assert target["method"] == "GET"
    query = {target["params"][name]: value for name, value in shared.items()}
    assert "Episode 1" in client.get(target["action"], query).content.decode()


def test_without_a_show_it_still_answers(client: Client) -> None:
    assert client.get("/manifest.webmanifest").status_code == 200
