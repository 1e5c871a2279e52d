"""Publishing from the checklist, now or at a minute in the show's time zone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from desk.tests.forms import form_data
from episodes.models import Enclosure, Episode
from episodes.tests import factories
from media.tests.recordings import mp3
from notes.apply import finish_edit
from notes.models import Revision

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Episode:
    factories.show()  # in New York
    row = factories.episode(
        "A <b>draft", 9, slug="9-draft", status="draft", published_at=None, topics=[(0, "Hello")]
    )
    finish_edit(row, None, "desk")
    return row


def checklist(episode: Episode) -> str:
    return f"/admin/episodes/episode/{episode.pk}/checklist"


def publish(host: Client, episode: Episode, **data: str) -> str:
    """The page that the host sees then."""
    seen = form_data(host.get(checklist(episode)))["seen"]
    address = f"/admin/episodes/episode/{episode.pk}/publish"
    response: Any = host.post(address, {"seen": seen} | data, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def schedule(host: Client, episode: Episode, day: str, at: str) -> str:
    return publish(host, episode, do="then", when_0=day, when_1=at)


def when() -> datetime:
    moment = Episode.objects.get().published_at
    assert moment
    return moment


def test_published_now(client: Client, host: Client, draft: Episode):
    assert client.get("/podcast/9-draft").status_code == 404
    page = publish(host, draft, do="now")
    assert "“A &lt;b&gt;draft” is published" in page
    assert 'href="/podcast/9-draft">view its page</a>' in page
    assert "Texts to send out" in page
    assert client.get("/podcast/9-draft").status_code == 200
    row = Episode.objects.get()
    assert row.first_published_at == row.published_at
    assert timezone.now() - when() < timedelta(minutes=1)
    assert Revision.objects.latest("number").facts["status"] == "published"
    assert "Publish now" not in host.get(checklist(draft)).content.decode()


@pytest.mark.parametrize(
    ("day", "at", "moment", "shown"),
    [
        # Clocks go forward on 8 March 2026, from 2:00 to 3:00, and back on 1 November.
        ("2026-03-08", "01:59", datetime(2026, 3, 8, 6, 59, tzinfo=UTC), "01:59 EST"),
        ("2026-03-08", "03:00", datetime(2026, 3, 8, 7, 0, tzinfo=UTC), "03:00 EDT"),
        ("2026-11-01", "00:30", datetime(2026, 11, 1, 4, 30, tzinfo=UTC), "00:30 EDT"),
        ("2026-11-01", "02:00", datetime(2026, 11, 1, 7, 0, tzinfo=UTC), "02:00 EST"),
        ("2026-06-01", "", datetime(2026, 6, 1, 4, 0, tzinfo=UTC), "00:00 EDT"),
    ],
)
def test_scheduled_in_the_shows_time_zone(
    client: Client,
    host: Client,
    host_user: User,
    draft: Episode,
    day: str,
    at: str,
    moment: datetime,
    shown: str,
):
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        host.force_login(host_user)
        assert shown in schedule(host, draft, day, at)
        assert when() == moment
    with time_machine.travel(moment - timedelta(seconds=1), tick=False):
        assert client.get("/podcast/9-draft").status_code == 404
        assert b"9-draft" not in b"".join(client.get("/podcast/feed.xml"))
    with time_machine.travel(moment, tick=False):
        assert client.get("/podcast/9-draft").status_code == 200
        assert b"9-draft" in b"".join(client.get("/podcast/feed.xml"))


@pytest.mark.parametrize(
    ("day", "at", "reason"),
    [
        ("2026-03-08", "02:30", "may not exist"),
        ("2026-11-01", "01:30", "may be ambiguous"),
        ("2026-02-28", "12:00", "This date is in the past."),
        ("", "", "Enter a date."),
        ("", "12:00", "Enter a date such as"),
        ("9999-01-01", "12:00", "Enter a year between"),
        ("soon", "12:00", "Enter a date such as"),
        ("2026-04-01", "25:00", "Enter a time such as"),
        ("2026-04-01\0", "<script>", "such as"),
    ],
)
def test_invalid_dates(
    host: Client, host_user: User, draft: Episode, day: str, at: str, reason: str
):
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        host.force_login(host_user)
        assert reason in schedule(host, draft, day, at)
    assert Episode.objects.get().status == "draft"


def test_a_refused_date_stays_in_the_form(host: Client, draft: Episode):
    page = schedule(host, draft, "2020-02-28", "12:30")
    assert 'value="2020-02-28"' in page
    assert 'value="12:30"' in page
    assert 'value="2020-02-28"' not in host.get(checklist(draft)).content.decode()


def test_a_scheduled_episode_is_rescheduled_or_published_at_once(host: Client, draft: Episode):
    year = timezone.now().year + 1
    schedule(host, draft, f"{year}-05-01", "10:00")
    schedule(host, draft, f"{year}-06-01", "10:00")
    assert when() == datetime(year, 6, 1, 14, tzinfo=UTC)
    assert "is published" in publish(host, draft, do="now")
    assert when() <= timezone.now()


def test_an_episode_without_a_number_is_not_published(host: Client, draft: Episode):
    Episode.objects.update(number=None)
    assert ">Enter one</a> first" in host.get(checklist(draft)).content.decode()
    assert "Give the episode its number" in publish(host, draft, do="now")
    assert Episode.objects.get().status == "draft"


def test_a_save_by_someone_else_is_a_conflict(host: Client, draft: Episode):
    finish_edit(Episode.objects.get(), None, "desk")
    address = f"/admin/episodes/episode/{draft.pk}/publish"
    page = host.post(address, {"seen": "1", "do": "now"}, follow=True).content.decode()
    assert "someone else saved this episode meanwhile" in page
    assert Episode.objects.get().status == "draft"


def test_the_page_names_the_time_zone(host: Client, draft: Episode):
    assert "Time zone: America/New_York." in host.get(checklist(draft)).content.decode()


def test_an_unapplied_text_is_mentioned(host: Client, draft: Episode):
    assert "Apply them first" not in host.get(checklist(draft)).content.decode()
    Episode.objects.update(draft_text="# Another title")
    assert "Apply them first" in host.get(checklist(draft)).content.decode()


@pytest.mark.parametrize("status", ["withdrawn", "published"])
def test_withdrawn_and_published_episodes_are_not_published(
    host: Client, draft: Episode, status: str
):
    seen = form_data(host.get(checklist(draft)))["seen"]
    Episode.objects.update(status=status, published_at=factories.FIRST_PUBLISHED)
    assert "Publish now" not in host.get(checklist(draft)).content.decode()
    address = f"/admin/episodes/episode/{draft.pk}/publish"
    response = host.post(address, {"seen": seen, "do": "now"}, follow=True)
    assert response.status_code == 200
    assert Episode.objects.get().published_at == factories.FIRST_PUBLISHED


def test_an_episode_with_a_lost_recording_is_refused(host: Client, draft: Episode):
    audio = Enclosure.objects.get()
    audio.url, audio.chapters_due = "", True
    audio.file.save("a.mp3", ContentFile(mp3(9)))
    default_storage.delete(str(audio.file))
    assert "Not published: the recording could not be stored" in publish(host, draft, do="now")
    assert Episode.objects.get().status == "draft"


def test_publishing_needs_permission(client: Client, draft: Episode, django_user_model):
    client.force_login(django_user_model.objects.create_user("ann", is_staff=True))
    address = f"/admin/episodes/episode/{draft.pk}/publish"
    assert client.post(address, {"seen": "1", "do": "now"}).status_code == 403
    assert Episode.objects.get().status == "draft"


def test_an_unknown_episode_and_get(host: Client, draft: Episode):
    assert host.post("/admin/episodes/episode/999/publish", {"do": "now"}).status_code == 404
    assert host.get(f"/admin/episodes/episode/{draft.pk}/publish").status_code == 405


def test_publishing_without_a_recording_is_said(host: Client, draft: Episode) -> None:
    lacks = "podcast apps list it once you"
    Enclosure.objects.filter(episode=draft).delete()
    page = publish(host, draft, do="now")
    assert lacks in page and "The episode has no recording yet" in page
    assert "Listen to it as a clip" not in page


def test_publishing_with_a_recording_says_nothing_of_it(host: Client, draft: Episode) -> None:
    page = publish(host, draft, do="now")
    assert "podcast apps list it once you" not in page
    assert "The episode has no recording yet" not in page and "Listen to it as a clip" in page
