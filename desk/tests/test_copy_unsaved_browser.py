"""What a producer typed while somebody published the draft stays in the browser, to be copied."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.roles import PRODUCER, set_roles
from desk.tests.test_roles import someone
from desk.tests.test_unsaved_browser import typed, wait_until_stored
from episodes.models import Episode
from episodes.tests import factories
from notes.apply import finish_edit

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def become_producer(page: Page, live_server) -> None:
    set_roles()
    client: Client = someone(PRODUCER)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])


def draft() -> Episode:
    factories.show()
    row = factories.episode(
        "A draft", 9, guests=["Phil Gyford"], topics=[(60, "Diaries")],
        status=Episode.Status.DRAFT, published_at=None,
    )  # fmt: skip
    finish_edit(row, None, "test")
    return row


def publish(row: Episode) -> None:
    when = datetime(2020, 1, 1, tzinfo=UTC)
    Episode.objects.filter(pk=row.pk).update(status="published", published_at=when)
    host = User.objects.get(username="nick")
    finish_edit(Episode.objects.get(pk=row.pk), host, "desk")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).first.click()


def expect_kept(page: Page, *lines: str) -> None:
    for line in lines:
        expect(page.locator("#unsaved-text")).to_have_value(line)
    expect(page.get_by_role("button", name="Discard")).to_be_visible()


def test_the_form_of_a_draft_that_was_published(signed_in: Page, live_server):
    row, page = draft(), signed_in
    become_producer(page, live_server)
    address = f"{live_server.url}/admin/episodes/episode/{row.pk}/change/"
    page.goto(address)
    page.locator("#id_summary").fill("About diaries")
    publish(row)
    save(page)
    expect(page.locator("#no-draft")).to_contain_text("Nothing was saved. nick published")
    expect_kept(page, "Summary: About diaries")
    page.goto(address)  # read-only now, and again
    expect_kept(page, "Summary: About diaries")
    page.reload()
    expect_kept(page, "Summary: About diaries")
    page.get_by_role("button", name="Discard").click()
    expect(page.locator("#unsaved")).to_be_hidden()
    assert typed(page) == 0


def test_the_guests_of_a_draft_that_was_published(signed_in: Page, live_server):
    row, page = draft(), signed_in
    become_producer(page, live_server)
    guest = row.appearances.get().guest
    address = f"{live_server.url}/admin/episodes/episode/{row.pk}/guests"
    page.goto(address)
    page.locator(f"#id_in-{guest.pk}-title").fill("Annotates diaries")
    publish(row)
    save(page)
    expect(page.locator("#no-draft")).to_contain_text("nick published the episode")
    expect_kept(page, "Phil Gyford: What they do: Annotates diaries")
    page.goto(address)
    expect_kept(page, "Phil Gyford: What they do: Annotates diaries")


def test_the_text_of_a_draft_that_was_published(signed_in: Page, live_server):
    row, page = draft(), signed_in
    become_producer(page, live_server)
    address = f"{live_server.url}/admin/episodes/episode/{row.pk}/text"
    page.goto(address)
    publish(row)
    box = page.locator("#writing textarea").first
    text = box.input_value().replace("Diaries", "Diaries in Gleam")
    box.fill(text)
    expect(page.locator("#saved")).to_contain_text("nick published the episode")
    expect(page.locator("#saved")).to_contain_text("The text is saved in this browser.")
    expect(page.locator("#saved")).not_to_contain_text("signed out")
    wait_until_stored(page, "Diaries in Gleam")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#no-draft")).to_contain_text("Nothing was saved. nick published")
    expect(page.locator("#typed")).to_have_value(text)
    expect(page.locator("#unsaved")).to_be_hidden()  # not shown twice
    page.goto(address)
    expect_kept(page, text)
