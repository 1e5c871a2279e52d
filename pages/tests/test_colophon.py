"""The site's own stack, told like an episode's."""

from importlib.metadata import version

import django
import pytest
from django.test import Client

from episodes.tests.factories import episode, show
from notes.publish import finish_edit
from pages.views.colophon import LIBRARIES
from show.models import ContentVersion


@pytest.fixture
def told(client: Client, db) -> str:
    show()
    row = episode("One", 1, technologies=["Django"], topics=[(60, "Queues"), (90, "Caches")])
    finish_edit(row, None, "desk")
    return client.get("/colophon").content.decode()


def test_what_runs_here_leads_to_its_page(told: str):
    assert f'<a href="/stack/django">Django</a> {django.get_version()}: the framework' in told
    # No published episode tells of it, so that it has no page here.
    assert '<a href="https://www.postgresql.org" rel="noopener">PostgreSQL</a> 1' in told
    for name, _, homepage in LIBRARIES:
        assert f'<a href="{homepage}" rel="noopener">{name}</a> {version(name)}' in told


@pytest.mark.parametrize("header", [{"X-Cache-Managed": "1"}, {"X-Front": "kept"}])
def test_only_what_runs_here_is_named(client: Client, told: str, settings, header: dict):
    assert not any(name in told for name in ("nginx", "Sentry", "S3", "Prometheus"))
    settings.SENTRY_DSN, settings.METRICS_TOKEN = "http://key@127.0.0.1/1", "token"
    told = client.get("/colophon", headers=header).content.decode()
    assert "nginx" in told and "Sentry" in told and "Prometheus" in told


def test_numbers_are_of_this_moment(client: Client, told: str):
    assert "1 episode with 2 moments" in told
    assert "1 saved version of" in told
    ContentVersion.objects.update_or_create(id=1, defaults={"number": 4321})
    assert "4321 edits" in client.get("/colophon").content.decode()


def test_it_is_found(client: Client, told: str):
    assert '<link rel="canonical" href="http://testserver/colophon">' in told
    assert '<a href="/colophon">Colophon</a>' in client.get("/").content.decode()
    assert (
        "<loc>http://testserver/colophon</loc>"
        in client.get("/sitemap-indexes.xml").content.decode()
    )
