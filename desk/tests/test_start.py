"""The desk's first page: its sections, what they say, and that they cost the same for any show."""

import re
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from django import get_version
from django.test import Client
from django.utils import timezone

from desk.start import system_status
from desk.start.published import last_published
from desk.tests.forms import form_data
from episodes.models import Episode
from episodes.tests import factories
from linkcheck.models import Link
from ops.models import BackupRecord
from search.index import refresh
from search.models import Document, GuestWanted, ZeroResultQuery
from search.tests.factories import indexed
from show.models import CallToAction, FollowLink

pytestmark = pytest.mark.django_db
SECTIONS = [
    "New episode", "To do", "Scheduled", "Last published", "Searches without results",
    "System status",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _show(db: None) -> None:
    """A show that lacks nothing."""
    factories.show(copyright="© Nick Janetakis", tagline="How folks run their web apps.")
    FollowLink.objects.create(name="Overcast", url="https://overcast.fm/1")
    CallToAction.objects.create(purpose="correct", label="Wrong?", url="mailto:me@example.org")


def html(host: Client) -> str:
    return host.get("/admin/").content.decode()


def section(page: str, name: str) -> str:
    """The text of a section, without tags."""
    piece = page.split(f">{name}</h2>")[1].split("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", "", piece).split())


def test_the_sections_stand_in_their_order(host: Client) -> None:
    assert re.findall(r"<h2[^>]*>([^<]+)</h2>", html(host)) == SECTIONS


def test_an_empty_desk_says_so(host: Client) -> None:
    page = html(host)
    assert "No draft waits, and no link that was checked is dead." in section(page, "To do")
    assert section(page, "Scheduled") == "Nothing is scheduled."
    assert section(page, "Last published").startswith("Nothing yet.")
    assert section(page, "Searches without results").startswith("None.")


def test_pasted_notes_become_a_draft(host: Client) -> None:
    data = form_data(host.get("/admin/"))
    assert 'action="/admin/paste"' in html(host)
    host.post("/admin/paste", data | {"text": "# A new one\n\nIn this episode …"})
    assert Episode.objects.get().title == "A new one"
    assert "A new one has a text that is not applied" in section(html(host), "To do")


def test_drafts_say_what_they_lack(host: Client) -> None:
    nothing: dict[str, Any] = {"status": "draft", "published_at": None, "seconds": None}
    factories.episode("Bare", None, **nothing)
    factories.episode(
        "Full", 2, status="draft", summary="Two lines.", topics=[(5, "One")], guests=["Ann"],
        technologies=["Django"],
    )  # fmt: skip
    factories.episode("Written", 3, kind="interview", **nothing)
    text = section(html(host), "To do")
    assert "Bare lacks summary, guests, audio, topics, technologies, number, date (" in text
    assert "2: Full is complete (" in text
    assert "3: Written lacks summary, introduction, guests, technologies, date (" in text


def test_the_schedule_is_in_the_shows_time(host: Client) -> None:
    soon = timezone.now() + timedelta(days=2)
    at = soon.replace(month=1, day=5, year=soon.year + 1, hour=3, minute=30)
    factories.episode("Soon", 2, published_at=at)
    text = section(html(host), "Scheduled")
    assert f"4 Jan {at.year}, 22:30: 2: Soon" in text
    assert "Times are in America/New_York." in text
    assert "Soon" not in section(html(host), "Last published")


def test_a_scheduled_episode_with_errors_is_work_to_do(host: Client) -> None:
    """As the checklist let it be scheduled “anyway”."""
    later = timezone.now() + timedelta(days=9)
    row = factories.episode("Soon", 2, published_at=later, topics=[(5, "One"), (4000, "Late")])
    text = section(html(host), "To do")
    assert "2: Soon is scheduled, and its checklist has 1 to fix" in text
    assert "No draft waits" not in text
    row.topics.filter(seconds=4000).delete()
    assert "Soon" not in section(html(host), "To do")
    assert "2: Soon" in section(html(host), "Scheduled")


def arrived() -> dict[str, bool]:
    (only,) = last_published()
    return dict(only.places)


def test_what_was_published_is_looked_for_where_it_should_be(host: Client) -> None:
    row = indexed("A Site & Its “Queues”", 1)
    assert arrived() == {"Page": True, "Feed": True, "Search": True}
    text = section(html(host), "Last published")
    assert "Page ✓ has it Feed ✓ has it Search ✓ has it Texts to send out" in text
    assert f'href="/admin/episodes/episode/{row.pk}/text"' in html(host)
    Document.objects.all().delete()
    assert arrived() == {"Page": True, "Feed": True, "Search": False}
    assert "Search ✗ lacks it" in section(html(host), "Last published")
    refresh([row.pk])
    assert arrived()["Search"]
    # The index still says the former title, or the former date.
    Episode.objects.update(title="Renamed Behind Its Back")
    assert not arrived()["Search"]


def test_an_interview_is_looked_for_in_its_own_feed() -> None:
    indexed("Written", 1, kind="interview")
    assert arrived() == {"Page": True, "Feed": True, "Search": True}


def test_dead_links_and_their_places(host: Client) -> None:
    place = {"what": "episode", "label": "7: Seven", "path": "/admin/episodes/episode/7/change/"}
    Link.objects.create(url="https://dead.example/", gone=2, places=[place])
    Link.objects.create(url="https://ill.example/", failed_days=1, failing_since=timezone.now())
    page = html(host)
    assert "Dead: https://dead.example/ in 7: Seven" in section(page, "To do")
    assert "Replace the dead link" in section(page, "To do")
    assert 'href="/admin/episodes/episode/7/change/"' in page
    assert "ill.example" not in page


def test_technologies_without_homepage_by_use(host: Client) -> None:
    factories.technology("Done", homepage="https://done.example/")
    for number in range(8):
        factories.technology(f"Tech {number}")
    factories.episode(technologies=["Tech 7"])
    text = section(html(host), "To do")
    first = "Tech 7, Tech 0, Tech 1, Tech 2, Tech 3, Tech 4"
    assert f"These technologies have no homepage: {first}, all 8" in text
    page: Any = host.get("/admin/stack/technology/?lacks=homepage")
    assert page.context_data["cl"].result_count == 8


def test_searches_without_results_and_what_to_do(host: Client) -> None:
    ZeroResultQuery.objects.create(query="gleam & co", count=3, last_on=date(2026, 1, 2))
    page = html(host)
    assert "gleam &amp; co, 3 times, last 2 Jan 2026" in section(page, "Searches without results")
    for path in (
        "stack/technologyname/add/?name=gleam+%26+co",
        "search/synonymgroup/add/?words=gleam+%26+co%2C+",
        "search/guestwanted/add/?subject=gleam+%26+co",
    ):
        assert f'href="/admin/{path}"' in page
    path = "/admin/search/guestwanted/add/?subject=gleam+%26+co"
    data = form_data(host.get(path))
    assert data["subject"] == "gleam & co"
    host.post(path, data | {"subject": "Gleam & Co"})
    assert GuestWanted.objects.get().subject == "Gleam & Co"
    # It is on its way: the list is of what nobody has answered.
    assert "gleam" not in section(html(host), "Searches without results").lower()


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_the_system_status(host: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.RELEASE = "2026-11-25"
    monkeypatch.setattr(system_status.shutil, "disk_usage", lambda path: Usage(100, 95, 5))
    text = section(html(host), "System status")
    assert "No verified backup yet." in text
    assert f"{settings.VERSION} (2026-11-25), Django {get_version()}" in text
    assert system_status.system_status()[1].is_warning
    monkeypatch.setattr(system_status.shutil, "disk_usage", lambda path: Usage(100, 85, 15))
    assert not system_status.system_status()[1].is_warning
    settings.RELEASE = settings.VERSION
    assert system_status.system_status()[2].text.startswith(
        f"{settings.VERSION}, Django {get_version()}"
    )
    settings.S3_BUCKET = "audio"
    assert system_status.system_status()[1].text == "Files are in the bucket audio."


@pytest.mark.parametrize(("days", "warning"), [(1, False), (3, True)])
def test_a_backup_says_its_age(days: int, warning: bool) -> None:
    backup(days)
    backup(0, checked_at=None)  # nobody knows what that is worth
    line = system_status.system_status()[0]
    assert line.text.replace("\xa0", " ").startswith(f"Verified, {days} day")
    assert line.is_warning is warning


def test_a_damaged_backup_is_told_beside_the_last_good_one() -> None:
    backup(0, problem="audio/1.mp3 is missing")
    assert system_status.system_status()[0] == system_status.StatusLine(
        "Backup", "No verified backup yet.", True
    )
    backup(1)
    line = system_status.system_status()[0]
    assert line.text.startswith("The newest checked one is damaged; the last verified is 1")
    backup(0, name="an hour later", checked_at=None)
    assert system_status.system_status()[0] == line
    assert line.is_warning


def backup(days: int, **values: Any) -> BackupRecord:
    """One that was made so long ago, and verified."""
    made_at = timezone.now() - timedelta(days=days, minutes=1)
    values = {"name": str(days), "made_at": made_at, "checked_at": made_at} | values
    return BackupRecord.objects.create(**values)


@pytest.mark.parametrize("count", [1, 7])
def test_it_costs_the_same_for_any_show(
    host: Client, count: int, django_assert_num_queries: Any
) -> None:
    later = timezone.now() + timedelta(days=9)
    for number in range(1, count + 1):
        factories.episode(f"Draft {number}", None, status="draft", published_at=None, seconds=None)
        factories.episode(f"Later {number}", 100 + number, published_at=later)
        indexed(f"Out {number}", number, technologies=[f"Tech {number}"])
        Link.objects.create(url=f"https://{number}.example/", gone=2)
        ZeroResultQuery.objects.create(query=f"miss {number}", last_on=date(2026, 1, 2))
    with django_assert_num_queries(27):
        page = html(host)
    assert f"Draft {count}" in page
    assert f"Later {count}" in page
