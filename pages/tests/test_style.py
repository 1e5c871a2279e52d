"""The page that shows the site's style."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from episodes.tests.factories import show
from pages.tests.factories import catalogue

pytestmark = pytest.mark.django_db
SHEET = (Path(settings.BASE_DIR) / "static" / "css" / "site.css").read_text()


def test_it_shows_every_colour_of_the_style_sheet(client: Client) -> None:
    show()
    html = client.get("/colophon/style").content.decode()
    light = SHEET[SHEET.index(":root") :].split("}", 1)[0]
    stated = dict(re.findall(r"--([a-z]+): (#[0-9a-f]+);", light))
    assert {"show", "warm", "page", "mark"} <= stated.keys()
    for name, value in stated.items():
        assert f'fill="var(--{name})"' in html
        assert value in html


def test_its_components_are_those_of_pages(client: Client) -> None:
    (row,) = catalogue(1)
    html = client.get("/colophon/style").content.decode()
    for part in ('class="card"', 'class="timeline"', 'class="portraits"', 'class="moment"'):
        assert part in html
    card = card_in(html).replace("h3 dir", "h2 dir").replace("/h3", "/h2")
    assert card.split() == card_in(client.get("/podcast/").content.decode()).split()
    assert row.title in card


def card_in(html: str) -> str:
    found = re.search(r'<article class="card">.*?</article>', html, re.DOTALL)
    assert found, "no card"
    return found[0]


def test_it_is_for_people_alone(client: Client) -> None:
    show()
    assert 'name="robots" content="noindex' in client.get("/colophon/style").content.decode()
    assert "colophon/style" not in client.get("/sitemap-pages.xml").content.decode()
    assert 'href="/colophon/style"' in client.get("/colophon").content.decode()


def test_pages_preload_the_face_that_headings_are_set_in(client: Client) -> None:
    """So that it is there before the first words are drawn, and no line breaks anew."""
    show()
    html = client.get("/").content.decode()
    (face,) = re.findall(r'rel="preload" href="/static/(fonts/[^"]+)" as="font"', html)
    assert f'url("../{face}")' in SHEET
    assert (Path(settings.BASE_DIR) / "static" / face).stat().st_size <= 40_000
    assert (Path(settings.BASE_DIR) / "static" / "fonts" / "OFL.txt").exists()
