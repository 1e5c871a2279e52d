"""The episode form in a real browser, under the real Content-Security-Policy."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from episodes.tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(browser_page: Page, live_server, host) -> Page:
    """A browser page signed in as the host."""
    session = host.cookies["sessionid"].value
    browser_page.context.add_cookies(
        [{"name": "sessionid", "value": session, "url": live_server.url}]
    )
    return browser_page


def test_lines_move_and_topics_are_added(desk: Page, live_server):
    factories.show()
    topics = [(60 * minute, f"Topic {minute}") for minute in range(30)]
    episode = factories.episode(topics=topics, technologies=["Django", "Redis", "Docker"])
    complaints: list[str] = []
    desk.on("pageerror", lambda error: complaints.append(str(error)))
    desk.on(
        "console", lambda said: complaints.append(said.text) if "Security" in said.text else None
    )
    desk.goto(live_server.url + reverse("admin:episodes_episode_change", args=[episode.pk]))

    desk.locator("#uses-2").get_by_role("button", name="Move up").click()
    expect(desk.locator("#uses-2").get_by_role("button", name="Move up")).to_be_focused()
    desk.locator("#uses-0").get_by_role("button", name="Move down").press("Enter")
    desk.get_by_text("Add another Topic").click()
    desk.locator("#id_topics-31-seconds").fill("1:02:03")
    desk.locator("#id_topics-31-text").fill("One more")
    desk.locator("#id_topics-0-seconds").fill("soon")
    desk.get_by_role("button", name="Save", exact=True).first.click()

    # Refused: the lines stand as they were moved.
    expect(desk.locator("#topics-0")).to_contain_text("is not a time such as")
    chosen = desk.locator("#uses-group tr.form-row select option:checked")
    expect(chosen).to_have_text(["Docker", "Django", "Redis"])
    desk.locator("#id_topics-0-seconds").fill("0:30")
    desk.get_by_role("button", name="Save", exact=True).first.click()

    expect(desk.locator(".messagelist .success")).to_contain_text("was changed successfully")
    names = list(episode.uses.values_list("technology__name", flat=True))
    assert names == ["Docker", "Django", "Redis"]
    assert list(episode.topics.values_list("seconds", "text"))[-1] == (3723, "One more")
    assert episode.topics.first().seconds == 30
    assert complaints == []


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_its_window(desk: Page, live_server, width: int):
    factories.show()
    episode = factories.episode(
        topics=[(60, "A topic of a good many words, as long as they get " * 3)],
        libraries=["https://github.com/jschneier/django-storages"],
        references=["https://en.wikipedia.org/wiki/Yak_shaving"],
        guests=["Phil Gyford"],
    )
    desk.set_viewport_size({"width": width, "height": 844})
    change = reverse("admin:episodes_episode_change", args=[episode.pk])
    for path in ("/admin/", "/admin/episodes/episode/", change, "/admin/show/show/1/change/"):
        desk.goto(live_server.url + path)
        assert desk.evaluate("document.documentElement.scrollWidth") <= width, path
