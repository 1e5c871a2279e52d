"""Everything can be reached, seen and operated by keyboard."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from pages.tests.factories import catalogue, full_episode

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATHS = [
    "/",
    "/podcast/?stack=django&stack=redis",
    "/podcast/1-episode-1?t=25:26",
    "/interviews/1-interview-1",
    "/stack/",
    "/stack/django",
    "/stack/mine?stack=django",
    "/guests/ann-other",
    "/search?q=recap",
    "/follow?feed=/stack/django/feed.xml",
    "/stack/djagno",
]

# Numbers what a pointer can operate, without charts: their tables have the same links.
NUMBER = """() => {
  for (const each of document.querySelectorAll("details")) each.open = true;
  const all = [...document.querySelectorAll("a[href], audio, button, input, select, summary")];
  const seen = all.filter((each) => each.checkVisibility() && each.type !== "hidden"
    && !each.closest("svg"));
  seen.forEach((each, place) => { each.dataset.place = place });
  return seen.length;
}"""
FOCUSED = """() => {
  const each = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(each);
  const box = each.getBoundingClientRect();
  const isMarked = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  const isInView = box.bottom > 0 && box.top < innerHeight && box.left >= 0;
  return [each.dataset.place ?? null, each.outerHTML.slice(0, 80), isMarked && isInView];
}"""


@pytest.fixture
def site(live_server: LiveServer) -> str:
    catalogue(3)
    return live_server.url


@pytest.mark.parametrize("path", PATHS)
def test_tab_reaches_everything_in_order(site: str, browser_page: Page, path: str) -> None:
    page = browser_page
    page.emulate_media(reduced_motion="reduce")  # no smooth scrolling to wait for
    page.goto(site + path)
    count = page.evaluate(NUMBER)
    reached: list[int] = []
    unseen: list[str] = []
    for _ in range(count * 3):  # players and scrolling charts have tab stops of their own
        page.keyboard.press("Tab")
        place, html, is_seen = page.evaluate(FOCUSED)
        if not is_seen and not html.startswith(("<body", "<audio")):
            unseen.append(html)
        if place is not None and int(place) not in reached:
            reached.append(int(place))
        if len(reached) == count:
            break
    assert reached == list(range(count))
    assert unseen == []


def test_the_first_stop_skips_to_the_content(site: str, browser_page: Page) -> None:
    browser_page.goto(site + "/stack/")
    browser_page.keyboard.press("Tab")
    expect(browser_page.get_by_text("Skip to the content")).to_be_in_viewport()
    browser_page.keyboard.press("Enter")
    browser_page.keyboard.press("Tab")
    assert browser_page.evaluate("document.activeElement.closest('main') !== null")


def test_a_list_is_filtered_by_keyboard(site: str, browser_page: Page) -> None:
    page = browser_page
    page.goto(site + "/podcast/")
    page.locator(".filter summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    choice = page.locator("#filter-stack")
    for _ in range(choice.locator("option").count()):  # letters would have to follow quickly
        if choice.input_value() == "tool-2":
            break
        page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Filter").press("Enter")
    expect(page).to_have_url(site + "/podcast/?stack=tool-2")
    expect(page.locator("main h1")).to_be_focused()
    chip = page.get_by_role("link", name="Remove the filter with Tool 2")
    chip.press("Enter")
    expect(page).to_have_url(site + "/podcast/")


def test_a_moment_plays_by_keyboard(site: str, browser_page: Page) -> None:
    browser_page.goto(site + "/podcast/1-episode-1")
    browser_page.locator("a.time", has_text="25:26").press("Enter")
    expect(browser_page).to_have_url(site + "/podcast/1-episode-1?t=1526")
    assert browser_page.evaluate("document.querySelector('#player audio').currentTime") == 1526
    assert browser_page.evaluate("document.activeElement.textContent") == "25:26"


def test_technologies_are_ticked_by_keyboard(site: str, browser_page: Page) -> None:
    browser_page.goto(site + "/stack/mine")
    browser_page.get_by_label("Redis").press("Space")
    browser_page.keyboard.press("Enter")
    expect(browser_page).to_have_url(site + "/stack/mine?stack=redis")
    expect(browser_page.get_by_role("heading", name="Closest to Redis")).to_be_visible()


def test_guests_are_jumped_to_by_letter(site: str, browser_page: Page) -> None:
    names = [f"{letter} Guest {number:02}" for letter in "ABC" for number in range(25)]
    full_episode(9, guests=names)
    browser_page.goto(site + "/guests/")
    browser_page.get_by_role("link", name="C", exact=True).press("Enter")
    expect(browser_page).to_have_url(site + "/guests/#of-c-guest-00")
    expect(browser_page.locator("#of-c-guest-00")).to_be_in_viewport()
