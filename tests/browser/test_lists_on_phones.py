"""What lists and an episode's head show on a phone: all of the words, and every face."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from pages.tests.factories import catalogue, full_episode

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SENTENCE = "Hear how two people run a site on a computer that fits into a pocket. "


@pytest.fixture
def phone(live_server: LiveServer, browser_page: Page) -> Page:
    catalogue(0)
    for number in range(1, 12):  # more than the home page shows as recent
        full_episode(number, technologies=[f"Main {number}"], summary=SENTENCE * 4)
    browser_page.set_viewport_size({"width": 390, "height": 844})
    browser_page.goto(live_server.url)
    return browser_page


def test_an_episodes_own_page_has_its_whole_description(phone: Page) -> None:
    phone.goto(phone.url + "podcast/1-episode-1")
    lead = phone.locator(".lead")
    expect(lead).to_have_text(SENTENCE.strip() + f" {SENTENCE}" * 3)
    assert lead.evaluate("each => each.scrollHeight <= each.clientHeight + 1")


def test_the_next_card_of_where_to_start_peeks_in(phone: Page) -> None:
    row = phone.locator(".start-here .cards")
    cards = row.locator(".card")
    expect(cards).to_have_count(4)
    left = cards.nth(1).evaluate("each => each.getBoundingClientRect().left")
    assert left < 390 - 32
    ends = cards.evaluate_all("all => all.map(each => each.getBoundingClientRect().bottom)")
    below = phone.get_by_role("heading", name="Moments to try").bounding_box()
    assert below and below["y"] - max(ends) < 48


@pytest.mark.parametrize("place", [".start-here .faces", ".newest .faces", ".from .faces"])
def test_two_faces_hardly_touch(phone: Page, place: str) -> None:
    faces = phone.locator(place).first
    distance, width = faces.evaluate(
        """each => {
            const [a, b] = [...each.children].map(face => face.getBoundingClientRect());
            return [Math.hypot(a.x - b.x, a.y - b.y), a.width];
        }"""
    )
    assert distance > 0.9 * width
