"""What is fixed by publication, and how corrections are announced."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from desk.tests.forms import errors, form_data
from episodes.models import Episode
from episodes.tests import factories
from show.models import Redirect

pytestmark = pytest.mark.django_db
ADD = "/admin/episodes/episode/add/"


def url_of(episode: Episode) -> str:
    return f"/admin/episodes/episode/{episode.pk}/change/"


def save(host: Client, url: str, **changes: str) -> None:
    response: Any = host.post(url, form_data(host.get(url)) | changes)
    assert response.status_code == 302, errors(response)


def published() -> Episode:
    return factories.episode(
        "Published", 8, slug="8-published", first_published_at=factories.FIRST_PUBLISHED
    )


def test_a_new_episode_proposes_its_number(host: Client):
    factories.show()
    published()
    factories.episode("Interview", 2, kind="interview", seconds=None)
    assert form_data(host.get(ADD))["number"] == "9"
    assert form_data(host.get(f"{ADD}?kind=interview"))["number"] == "3"
    save(host, ADD, title="New one")
    assert Episode.objects.get(title="New one").slug == "9-new-one"
    save(host, ADD, title="In writing", kind="interview")
    assert Episode.objects.get(title="In writing").slug == "3-in-writing"


def test_before_publication_the_address_follows_number_and_title(host: Client):
    factories.show()
    row = factories.episode("A Site", 8, slug="8-a-site", status="draft")
    save(host, url_of(row), number="9", title="Another Site")
    assert Episode.objects.get().slug == "9-another-site"
    save(host, url_of(row), title="another site!")
    assert Episode.objects.get().slug == "9-another-site"
    save(host, url_of(row), slug="my-own")
    save(host, url_of(row), title="Third")
    assert Episode.objects.get().slug == "my-own"
    assert not Redirect.objects.exists()


def test_a_scheduled_episode_may_still_change(host: Client):
    factories.show()
    later = timezone.now() + timedelta(days=1)
    row = factories.episode("A", 8, published_at=later, first_published_at=later)
    save(host, url_of(row), number="9", guid="mine")
    row.refresh_from_db()
    assert (row.number, row.guid, row.slug) == (9, "mine", "9-a")


def test_the_number_of_an_episode_that_is_a_draft_again_can_change(host: Client):
    """As after a press of “Publish” by mistake: apps that saw it meanwhile go by the GUID."""
    factories.show()
    row = published()
    assert "You can&#x27;t publish without it." not in host.get(url_of(row)).text
    assert "It changes only while the episode is a draft." in host.get(url_of(row)).text
    Episode.objects.update(status="draft")
    guid = row.guid
    save(host, url_of(row), number="9", guid="mine", kind="interview")
    row.refresh_from_db()
    assert (row.number, row.kind, row.guid, row.slug) == (9, "podcast", guid, "8-published")
    assert form_data(host.get(ADD))["number"] == "10"


def test_after_publication_number_and_guid_are_fixed_and_an_old_address_redirects(host: Client):
    factories.show()
    row = published()
    guid = row.guid
    save(host, url_of(row))
    save(host, url_of(row), number="9", kind="interview", guid="mine", slug="8-new", title="Other")
    row.refresh_from_db()
    assert (row.number, row.kind, row.guid, row.slug) == (8, "podcast", guid, "8-new")
    assert Redirect.objects.get().new_path == "/podcast/8-new"
    save(host, url_of(row), title="Yet another")
    row.refresh_from_db()
    assert row.slug == "8-new"


def test_a_correction_is_dated_on_request(host: Client):
    factories.show()
    row = published()
    save(host, url_of(row), title="Published, too")
    assert Episode.objects.get().updated_on is None
    save(host, url_of(row), is_correction="on")
    updated_on = Episode.objects.get().updated_on
    assert updated_on
    assert timezone.now() - updated_on < timedelta(minutes=1)


def test_a_changed_note_is_dated_unless_the_host_types_a_date(host: Client):
    factories.show()
    row = published()
    save(host, url_of(row), correction="The time of one topic.")
    row.refresh_from_db()
    assert row.updated_on
    assert timezone.now() - row.updated_on < timedelta(minutes=1)
    typed = {"updated_on_0": "2021-02-03", "updated_on_1": "04:05"}
    save(host, url_of(row), correction="The times of two topics.", **typed)
    row.refresh_from_db()
    assert row.updated_on.isoformat() == "2021-02-03T09:05:00+00:00"


def test_a_draft_has_nothing_to_correct(host: Client):
    factories.show()
    row = factories.episode("Draft", 8, status="draft")
    assert "This is a correction" not in host.get(url_of(row)).content.decode()
    save(host, url_of(row), is_correction="on")
    row.refresh_from_db()
    assert row.updated_on is None


def test_page_feed_and_search_engines_show_the_correction(client: Client, host: Client):
    factories.show()
    row = published()
    typed = {"updated_on_0": "2021-02-03", "updated_on_1": "04:05"}
    save(host, url_of(row), correction="Time & place of <one> topic.", **typed)
    page = client.get("/podcast/8-published").content.decode()
    assert "Time &amp; place of &lt;one&gt; topic." in page
    assert '"dateModified": "2021-02-03T04:05:00-05:00"' in page
    assert '"correction": "Time \\u0026 place of \\u003cone\\u003e topic."' in page
    feed = client.get("/podcast/feed.xml").getvalue().decode()
    assert "<atom:updated>2021-02-03T04:05:00-05:00</atom:updated>" in feed
    assert "Updated February 3, 2021. Time &amp;amp; place of &amp;lt;one&amp;gt; topic." in feed
    twin = client.get("/podcast/8-published.md").content.decode()
    assert "- Correction: Time & place of \\<one\\> topic." in twin


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("slug", "8-published", "Another episode has this address. It is “8: Published”."),
        ("number", "8", "Another episode has this number. It is “8: Published”."),
    ],
)
def test_what_is_taken_is_said_at_its_field(host: Client, field: str, value: str, said: str):
    factories.show()
    published()
    row = factories.episode("Draft", 9, slug="9-draft", status="draft")
    refused: Any = host.post(url_of(row), form_data(host.get(url_of(row))) | {field: value})
    assert refused.status_code == 200
    assert refused.context_data["adminform"].form.errors[field] == [said]


def test_a_taken_address_of_a_public_episode_keeps_what_was_typed(host: Client):
    factories.show()
    published()
    row = factories.episode(
        "Other", 9, slug="9-other", first_published_at=factories.FIRST_PUBLISHED
    )
    typed = form_data(host.get(url_of(row))) | {"slug": "8-published", "summary": "Typed."}
    refused: Any = host.post(url_of(row), typed)
    assert refused.status_code == 200
    assert "slug" in refused.context_data["adminform"].form.errors
    assert form_data(refused)["summary"] == "Typed."
