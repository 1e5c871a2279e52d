"""The episode form in a real browser, under the real Content-Security-Policy."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Dialog, FilePayload, Page, expect

from episodes.models import Episode
from episodes.tests import factories
from guests.models import Guest
from tests.browser.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_rows_move_and_topics_are_added(signed_in: Page, live_server):
    factories.show()
    topics = [(60 * minute, f"Topic {minute}") for minute in range(30)]
    used = ["Django", "Redis", "Docker"]
    episode = factories.episode(topics=topics, technologies=used, seconds=4000)
    signed_in.goto(live_server.url + reverse("admin:episodes_episode_change", args=[episode.pk]))

    signed_in.get_by_role("tab", name="Stack and links").click()
    signed_in.get_by_role("button", name="Move Docker earlier").click()
    expect(signed_in.get_by_role("button", name="Move Docker earlier")).to_be_focused()
    signed_in.get_by_role("button", name="Move Django later").press("Enter")
    signed_in.get_by_role("tab", name="Topics").click()
    signed_in.get_by_text("Add another Topic").click()
    signed_in.locator("#id_topics-31-seconds").fill("1:02:03")
    signed_in.locator("#id_topics-31-text").fill("One more")
    signed_in.locator("#id_topics-0-seconds").fill("soon")
    signed_in.get_by_role("button", name="Save", exact=True).first.click()

    # Refused: the lines stay where they were moved.
    expect(signed_in.locator("#topics-0")).to_contain_text("is not a time such as")
    chosen = signed_in.locator("#uses-group .chip:not([hidden]) bdi")
    expect(chosen).to_have_text(["Docker", "Django", "Redis"])
    signed_in.locator("#id_topics-0-seconds").fill("0:30")
    signed_in.get_by_role("button", name="Save", exact=True).first.click()

    expect(signed_in.locator(".messagelist .success")).to_contain_text("saved.")
    names = list(episode.uses.values_list("technology__name", flat=True))
    assert names == ["Docker", "Django", "Redis"]
    assert list(episode.topics.values_list("seconds", "text"))[-1] == (3723, "One more")
    assert episode.topics.first().seconds == 30


def test_a_form_asks_before_it_loses_what_was_typed(signed_in: Page, live_server):
    factories.show()
    episode = factories.episode(topics=[(0, "Hello")])
    asked: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    signed_in.on("dialog", dismiss)
    form = live_server.url + reverse("admin:episodes_episode_change", args=[episode.pk])
    signed_in.goto(form)
    signed_in.get_by_role("link", name="Home").click()
    expect(signed_in).to_have_url(f"{live_server.url}/admin/")
    signed_in.goto(form)
    signed_in.get_by_role("tab", name="Topics").click()
    signed_in.locator("#id_topics-0-text").fill("Good morning")
    signed_in.get_by_role("link", name="Home").click()
    wait_until(signed_in, lambda: asked)
    expect(signed_in.locator("#id_topics-0-text")).to_have_value("Good morning")
    assert asked == ["beforeunload"]
    signed_in.get_by_role("button", name="Save", exact=True).first.click()
    expect(signed_in.locator(".messagelist .success")).to_contain_text("saved.")
    assert asked == ["beforeunload"]


def test_listed_errors_name_the_field_and_the_row(signed_in: Page, live_server):
    factories.show()
    episode = factories.episode(topics=[(0, "Hello"), (60, "More")])
    signed_in.goto(live_server.url + reverse("admin:episodes_episode_change", args=[episode.pk]))
    signed_in.locator("#id_published_at_0").fill("27.04.2020")
    signed_in.locator("#id_published_at_1").fill("8am")
    signed_in.get_by_role("tab", name="Topics").click()
    signed_in.locator("#id_topics-1-seconds").fill("41m36")
    signed_in.locator("#id_topics-1-text").fill("")
    signed_in.get_by_role("button", name="Save", exact=True).first.click()
    listed = signed_in.locator(".desk-errors li")
    expect(listed.nth(0)).to_have_text(
        re.compile("^Published at: Enter a date such as 2020-04-27. Enter a time such as 08:30.$")
    )
    expect(listed.nth(1)).to_contain_text("Topics, row 2, Time: “41m36” is not a time")
    expect(listed.nth(2)).to_have_text("Topics, row 2, Text: Fill this in.")
    for pane in ("Basics", "Topics"):
        expect(signed_in.get_by_role("tab", name=f"{pane} (has errors)")).to_be_visible()
    listed.nth(2).get_by_role("link").click()
    expect(signed_in.locator("#id_topics-1-text")).to_be_focused()


def test_a_refused_number_and_photo_are_listed_by_their_labels(signed_in: Page, live_server):
    factories.show()
    episode = factories.episode(status=Episode.Status.DRAFT)
    signed_in.goto(live_server.url + reverse("admin:episodes_episode_change", args=[episode.pk]))
    signed_in.locator("#id_number").fill("99999999999")
    signed_in.get_by_role("button", name="Save", exact=True).first.click()
    expect(signed_in.locator(".desk-errors li")).to_have_text(
        "Number: Enter a number up to 2147483647."
    )
    guest = factories.guest("Phil Gyford")
    Guest.objects.filter(pk=guest.pk).update(avatar="guests/none.png")
    signed_in.goto(live_server.url + reverse("admin:guests_guest_change", args=[guest.pk]))
    text: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": b"text"}
    signed_in.locator("#id_avatar").set_input_files(text)
    signed_in.get_by_role("button", name="Save", exact=True).first.click()
    expect(signed_in.locator(".desk-errors li")).to_have_text(re.compile("^Photo: "))


def test_errors_are_listed_with_links_to_the_fields(signed_in: Page, live_server):
    factories.show()
    episode = factories.episode(topics=[(0, "Hello"), (60, "More")])
    signed_in.goto(live_server.url + reverse("admin:episodes_episode_change", args=[episode.pk]))
    signed_in.get_by_role("tab", name="Topics").click()
    signed_in.locator("#id_topics-1-seconds").fill("soon")
    signed_in.get_by_role("tab", name="Basics").click()
    fold = signed_in.locator("details", has=signed_in.locator("#id_season"))
    fold.locator("summary").click()
    signed_in.locator("#id_language").fill("!")
    signed_in.get_by_role("button", name="Save", exact=True).first.click()
    errors = signed_in.locator(".desk-errors")
    expect(errors).to_be_focused()
    expect(errors.get_by_role("link")).to_have_count(2)
    errors.get_by_role("link", name="Language:").click()
    expect(signed_in.locator("#id_language")).to_be_focused()
    errors.get_by_role("link", name="is not a time").click()
    expect(signed_in.locator("#id_topics-1-seconds")).to_be_focused()


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_its_window(signed_in: Page, live_server, width: int):
    factories.show()
    episode = factories.episode(
        topics=[(60, "A topic of a good many words, as long as they get " * 3)],
        libraries=["https://github.com/jschneier/django-storages"],
        references=["https://en.wikipedia.org/wiki/Yak_shaving"],
        guests=["Phil Gyford"],
    )
    signed_in.set_viewport_size({"width": width, "height": 844})
    change = reverse("admin:episodes_episode_change", args=[episode.pk])
    for path in ("/admin/", "/admin/episodes/episode/", change, "/admin/show/show/1/change/"):
        signed_in.goto(live_server.url + path)
        assert signed_in.evaluate("document.documentElement.scrollWidth") <= width, path
