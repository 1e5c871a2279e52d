"""A hub is notified once of each public change."""

from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from episodes.models import Episode
from episodes.tests import factories
from feeds.models import HubNotification
from feeds.tests.parse import all_of, channel
from feeds.websub import notify_hub
from notes.apply import finish_edit
from show.models import Show

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"


class Hub:
    """A local hub: its notifications, and the status it answers."""

    def __init__(self) -> None:
        self.notified: list[str] = []
        self.status = 204
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                assert form["hub.mode"] == ["publish"]
                assert form["hub.url"] == form["hub.topic"]
                hub.notified += form["hub.url"]
                self.send_response(hub.status)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Silent."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def hub(settings) -> Iterator[Hub]:
    made = Hub()
    settings.SITE_URL = SITE
    factories.show(hub=f"{made.url}/hub")
    Thread(target=made.server.serve_forever, daemon=True).start()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_each_feed_is_notified_once_until_it_changes(hub: Hub):
    row = factories.episode()
    call_command("tick")
    feeds = [f"{SITE}/podcast/feed.xml", f"{SITE}/interviews/feed.xml"]
    assert hub.notified == feeds
    call_command("tick")
    assert hub.notified == feeds
    finish_edit(row, None, "desk")
    call_command("tick")
    assert hub.notified == [*feeds, feeds[0]]


def test_drafts_are_not_notified_and_scheduled_ones_when_due(hub: Hub):
    due = timezone.now() + timedelta(hours=1)
    notify_hub()
    hub.notified.clear()
    finish_edit(factories.episode("Draft", 1, status=Episode.Status.DRAFT), None, "desk")
    factories.episode("Scheduled", 2, published_at=due)
    notify_hub()
    assert hub.notified == []
    with time_machine.travel(due):
        assert notify_hub() == f"Notified {hub.url}/hub of /podcast/feed.xml"
    assert hub.notified == [f"{SITE}/podcast/feed.xml"]


def test_a_rolled_back_edit_is_not_notified(hub: Hub):
    notify_hub()
    hub.notified.clear()
    with transaction.atomic():
        factories.episode()
        transaction.set_rollback(True)
    notify_hub()
    assert hub.notified == []


@pytest.mark.parametrize("status", [500, 404, 302])
def test_a_failing_hub_is_retried_with_backoff(hub: Hub, status: int):
    factories.episode()
    hub.status = status
    now = timezone.now()
    asked = []
    for minute in range(8):
        before = len(hub.notified)
        with time_machine.travel(now + timedelta(minutes=minute, seconds=1), tick=False):
            assert notify_hub() == ""
        asked += [minute] if len(hub.notified) > before else []
    assert asked == [0, 1, 3, 7]
    assert str(status) in HubNotification.objects.get(path="/podcast/feed.xml").reason
    hub.status = 202
    with time_machine.travel(now + timedelta(days=1), tick=False):
        assert "/podcast/feed.xml" in notify_hub()
        assert notify_hub() == ""


def test_an_unreachable_hub_is_reported(hub: Hub, settings):
    hub.server.server_close()
    assert notify_hub() == ""
    assert "No answer" in HubNotification.objects.get(path="/podcast/feed.xml").reason
    settings.SITE_URL = "https://show.example"
    HubNotification.objects.all().delete()
    assert notify_hub() == ""
    assert "private network" in HubNotification.objects.get(path="/podcast/feed.xml").reason


def test_the_feed_names_its_hub(hub: Hub, client):
    factories.episode(technologies=["Django"])
    links = {each.get("rel"): each.get("href") for each in all_of(channel(client), "atom:link")}
    assert links["hub"] == f"{hub.url}/hub"
    of_part = channel(client, "/stack/django/feed.xml")
    assert [each.get("rel") for each in all_of(of_part, "atom:link")] == ["self"]
    Show.objects.update(hub="")
    assert notify_hub() == ""
    assert [each.get("rel") for each in all_of(channel(client), "atom:link")] == ["self"]
