"""What a save changes for visitors is said, and one button takes it back."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from desk.tests.forms import errors, form_data
from episodes.models import Episode
from episodes.tests import factories
from notes.apply import finish_edit

pytestmark = pytest.mark.django_db
ADD = "/admin/episodes/episode/add/"
NOW = {"published_at_0": "2024-05-01", "published_at_1": "10:00"}


def address(episode: Episode, page: str) -> str:
    return f"/admin/episodes/episode/{episode.pk}/{page}"


def save(host: Client, url: str, **changes: str) -> str:
    """The page that the host sees then."""
    response: Any = host.post(url, form_data(host.get(url)) | changes, follow=True)
    assert response.redirect_chain, errors(response)
    return response.content.decode()


def message(page: str) -> str:
    return page.partition('class="messagelist"')[2].partition("</ul>")[0]


def press_undo(host: Client, episode: Episode, page: str) -> str:
    data = form_data_of(message(page))
    response: Any = host.post(address(episode, "take-back"), data, follow=True)
    return message(response.content.decode())


def form_data_of(html: str) -> dict[str, str]:
    def value(name: str) -> str:
        return html.partition(f'name="{name}" value="')[2].partition('"')[0]

    return {name: value(name) for name in ("seen", "to")}


@pytest.fixture
def public() -> Episode:
    factories.show()
    row = factories.episode("Public", 8, slug="8-public")
    finish_edit(row, None, "desk")
    return Episode.objects.get()


def test_a_new_episode_that_is_public_at_once_says_so_and_can_be_a_draft(host: Client):
    factories.show()
    page = save(host, ADD, title="Quick one", number="75", status="published", **NOW)
    assert "Visitors see it now, and the checklist has " in message(page)
    assert "/checklist" in message(page)
    assert "Make it a draft" in message(page)

    assert "it is a draft" in press_undo(host, Episode.objects.get(), page)

    assert not Episode.objects.published().exists()


def test_a_wrong_year_takes_it_away_in_words_and_back(host: Client, public: Episode):
    page = save(host, address(public, "change/"), published_at_0="2199-04-27")
    assert "Visitors no longer see it: it is scheduled for" in message(page)

    assert "visitors see it again" in press_undo(host, public, page)

    assert Episode.objects.published().get().published_at == public.published_at


def test_withdrawing_is_said_and_undone(host: Client, public: Episode):
    page = save(host, address(public, "change/"), status="withdrawn")
    assert "its page shows only your notice" in message(page)
    press_undo(host, public, page)
    assert Episode.objects.published().exists()


def test_a_save_that_changes_nothing_for_visitors_has_no_undo(host: Client, public: Episode):
    page = save(host, address(public, "change/"), title="Other words")
    assert "Undo" not in message(page)
    assert "saved" in message(page)


def test_publishing_the_wrong_one_is_undone(host: Client, public: Episode):
    Episode.objects.update(status="draft", published_at=None)
    finish_edit(Episode.objects.get(), None, "desk")
    seen = form_data(host.get(address(public, "checklist")))["seen"]
    done: Any = host.post(address(public, "publish"), {"seen": seen, "do": "now"}, follow=True)
    assert Episode.objects.published().exists()

    press_undo(host, public, done.content.decode())

    assert Episode.objects.get().status == "draft"


def test_a_schedule_is_undone(host: Client, public: Episode):
    Episode.objects.update(status="draft", published_at=None)
    finish_edit(Episode.objects.get(), None, "desk")
    seen = form_data(host.get(address(public, "checklist")))["seen"]
    day = f"{timezone.now() + timedelta(days=9):%Y-%m-%d}"
    data = {"seen": seen, "do": "then", "when_0": day, "when_1": ""}
    done: Any = host.post(address(public, "publish"), data, follow=True)
    assert Episode.objects.scheduled().exists()
    press_undo(host, public, done.content.decode())
    assert Episode.objects.get().published_at is None


def test_another_save_since_is_not_overwritten(host: Client, public: Episode):
    page = save(host, address(public, "change/"), status="withdrawn")
    save(host, address(public, "change/"), notice="See part two.")
    assert "somebody saved this episode meanwhile" in press_undo(host, public, page)
    assert Episode.objects.get().is_withdrawn


def test_the_bin_is_left_by_the_button_in_the_message(
    host: Client, client: Client, public: Episode
):
    done: Any = host.post(address(public, "delete/"), {"post": "yes"}, follow=True)
    told = message(done.content.decode())
    assert f'action="{address(public, "restore")}"' in told
    back: Any = host.post(address(public, "restore"), follow=True)
    assert "Visitors see it again" in message(back.content.decode())
    assert client.get("/podcast/8-public").status_code == 200


def test_the_form_of_an_episode_in_the_bin_restores_it(host: Client, public: Episode):
    host.post(address(public, "delete/"), {"post": "yes"})
    page = host.get(address(public, "change/")).content.decode()
    assert f'action="{address(public, "restore")}"' in page
    host.post(address(public, "restore"))
    again: Any = host.post(address(public, "restore"), follow=True)
    assert "isn’t in the bin" in again.content.decode()
    assert address(public, "restore") not in again.content.decode()


def test_a_draft_out_of_the_bin_is_said_to_be_none_for_visitors(host: Client, public: Episode):
    Episode.objects.update(status="draft")
    finish_edit(Episode.objects.get(), None, "desk")
    host.post(address(public, "delete/"), {"post": "yes"})
    back: Any = host.post(address(public, "restore"), follow=True)
    assert "was restored" in message(back.content.decode())
    assert "Visitors" not in message(back.content.decode())


def test_a_published_episode_says_where_it_is_taken_offline(host: Client, public: Episode):
    page = host.get(address(public, "texts")).content.decode()
    assert f'href="{address(public, "change/")}#id_status"' in page
    Episode.objects.update(status="draft")
    assert "Take it offline" not in host.get(address(public, "texts")).content.decode()


def test_before_a_public_episode_goes_to_the_bin_a_pause_is_offered(host: Client, public: Episode):
    asked = host.get(address(public, "delete/")).content.decode()
    assert "apps and search engines drop it soon" in asked and "take it offline" in asked
    Episode.objects.update(status="draft")
    assert "take it offline" not in host.get(address(public, "delete/")).content.decode()


def test_a_page_in_the_bin_promises_nothing_of_ever(host: Client, client: Client, public: Episode):
    host.post(address(public, "delete/"), {"post": "yes"})
    gone = client.get("/podcast/8-public")
    assert gone.status_code == 410
    assert "for good" not in gone.content.decode()
