"""The site's own stack, listed like an episode's."""

from importlib.metadata import version

import django
import pytest
from django.test import Client

from episodes.tests.factories import episode, show
from notes.apply import finish_edit
from pages.templatetags.formatting import icon
from pages.views.colophon import LIBRARIES
from show.models import ContentVersion


@pytest.fixture
def html(client: Client, db) -> str:
    show()
    row = episode("One", 1, technologies=["Django"], topics=[(60, "Queues"), (90, "Caches")])
    finish_edit(row, None, "desk")
    return client.get("/colophon").content.decode()


def test_technologies_link_to_their_pages(html: str):
    link = f'<a href="/stack/django">{icon("Django")}Django</a>'
    assert f"{link} {django.get_version()}: the framework" in html
    # No published episode uses it, so it has no page here.
    name = f"{icon('PostgreSQL')}PostgreSQL"
    assert f'<a href="https://www.postgresql.org" rel="noopener">{name}</a> 1' in html
    for name, _, homepage in LIBRARIES:
        assert f'<a href="{homepage}" rel="noopener">{name}</a> {version(name)}' in html


@pytest.mark.parametrize("header", [{"X-Cache-Managed": "1"}, {"X-Front": "kept"}])
def test_only_installed_technologies_are_listed(client: Client, html: str, settings, header: dict):
    assert not any(name in html for name in ("nginx", "Sentry", "S3", "Prometheus"))
    settings.SENTRY_DSN, settings.METRICS_TOKEN = "http://key@127.0.0.1/1", "token"
    html = client.get("/colophon", headers=header).content.decode()
    assert "nginx" in html and "Sentry" in html and "Prometheus" in html


def test_figures_are_current(client: Client, html: str):
    assert "1 episode with 2 moments" in html
    assert "1 saved version of" in html
    ContentVersion.objects.update_or_create(id=1, defaults={"number": 4321})
    assert "4321 edits" in client.get("/colophon").content.decode()


def test_the_page_is_linked_and_in_the_sitemap(client: Client, html: str):
    assert '<link rel="canonical" href="http://testserver/colophon">' in html
    assert '<a href="/colophon">Colophon</a>' in client.get("/").content.decode()
    assert (
        "<loc>http://testserver/colophon</loc>"
        in client.get("/sitemap-indexes.xml").content.decode()
    )
