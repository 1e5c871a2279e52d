"""The search box by keyboard: suggestions, `/`; results on a phone."""

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from pages.tests.factories import catalogue, full_episode
from tests.browser.axe import violations
from tests.browser.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Key = Literal["Home", "End", "ArrowLeft"]


@pytest.fixture
def site(live_server: LiveServer) -> str:
    catalogue(1)
    for number in (11, 12, 13):
        full_episode(number, title="Platform")
    return live_server.url


@pytest.fixture
def page(site: str, browser_page: Page) -> Iterator[Page]:
    console_messages: list[str] = []
    browser_page.on("console", lambda message: console_messages.append(message.text))
    browser_page.on("pageerror", lambda error: console_messages.append(str(error)))
    browser_page.set_viewport_size({"width": 390, "height": 844})
    browser_page.goto(site + "/")
    expect(browser_page.get_by_role("combobox")).to_be_visible()
    browser_page.evaluate("window.marked = true")
    yield browser_page
    assert [each for each in console_messages if "Failed to load resource" not in each] == []


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search episodes and moments")


def options(page: Page) -> Locator:
    return page.get_by_role("option")


def propose(page: Page, text: str = "pl") -> None:
    """Type, and wait for the three episodes of that title, the newest first."""
    box(page).press_sequentially(text)
    expect(options(page)).to_have_count(3)


def expect_active(page: Page, number: int | None) -> None:
    """The option that Enter follows has this number, and is marked as active."""
    expect(page.locator("[aria-selected=true]")).to_have_count(0 if number is None else 1)
    if number is None:
        expect(box(page)).not_to_have_attribute("aria-activedescendant", re.compile(""))
    else:
        named = options(page).nth(number).get_attribute("id") or "none"
        expect(box(page)).to_have_attribute("aria-activedescendant", named)
    expect(box(page)).to_be_focused()


def test_suggestions_are_a_listbox_of_groups(page: Page) -> None:
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    propose(page)
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    expect(box(page)).to_have_attribute("aria-controls", "suggestions")
    expect(page.get_by_role("listbox", name="Suggestions")).to_be_visible()
    expect(page.get_by_role("group", name="Episodes").get_by_role("option")).to_have_text(
        ["#13 Platform", "#12 Platform", "#11 Platform"]
    )
    expect(page.locator("#status")).to_have_text("3 suggestions")
    expect_active(page, None)


def test_arrows_go_round_by_way_of_the_box(page: Page) -> None:
    propose(page)
    for key, active in [
        ("ArrowDown", 0), ("ArrowDown", 1), ("ArrowDown", 2), ("ArrowDown", None),
        ("ArrowUp", 2), ("ArrowUp", 1), ("ArrowUp", 0), ("ArrowUp", None),
    ]:  # fmt: skip
        page.keyboard.press(key)
        expect_active(page, active)


def test_enter_follows_the_active_option_without_a_reload(site: str, page: Page) -> None:
    propose(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(site + "/podcast/12-platform")
    expect(page.locator("main h1")).to_have_text("Platform")
    assert page.evaluate("window.marked") is True


def test_back_from_a_suggestion_finds_what_was_typed(site: str, page: Page) -> None:
    propose(page)
    options(page).nth(1).click()
    expect(page).to_have_url(site + "/podcast/12-platform")
    page.go_back()
    expect(page).to_have_url(site + "/")
    expect(box(page)).to_have_value("pl")
    expect(box(page)).to_be_focused()
    expect(options(page)).to_have_count(0)


def test_enter_without_an_active_option_searches(site: str, page: Page) -> None:
    propose(page)
    page.keyboard.press("Enter")
    expect(page).to_have_url(site + "/search?q=pl")
    expect(options(page)).to_have_count(0)
    assert page.evaluate("window.marked") is True
    # The new page's box has suggestions, too.
    box(page).fill("")
    propose(page, "platform")


def test_escape_closes_first_and_an_arrow_opens_again(page: Page) -> None:
    propose(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    expect(box(page)).to_have_value("pl")
    page.keyboard.press("ArrowUp")
    expect_active(page, 2)


@pytest.mark.parametrize("key", ["Home", "End", "ArrowLeft"])
def test_keys_that_move_the_caret_go_back_to_the_box(page: Page, key: Key) -> None:
    propose(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press(key)
    expect_active(page, None)
    caret = page.evaluate("document.getElementById('q').selectionStart")
    assert caret == {"Home": 0, "End": 2, "ArrowLeft": 1}[key]


def test_typing_resets_the_active_option(site: str, page: Page) -> None:
    propose(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.type("a")
    page.keyboard.press("Enter")
    expect(page).to_have_url(site + "/search?q=pla")


def test_leaving_the_box_closes(page: Page) -> None:
    propose(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Search")).to_be_focused()
    expect(page.get_by_role("listbox")).to_have_count(0)


def test_a_click_follows(site: str, page: Page) -> None:
    propose(page)
    options(page).nth(2).click()
    expect(page).to_have_url(site + "/podcast/11-platform")
    assert page.evaluate("window.marked") is True


def test_a_moment_is_scrolled_to(site: str, page: Page) -> None:
    box(page).press_sequentially("recap of aw")
    expect(page.get_by_role("group", name="Moments").locator("mark").first).to_have_text("Recap")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/podcast/1-episode-1\?t=1526$"))


def test_one_letter_fetches_nothing_and_several_fetch_once(page: Page) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url.partition("/search")[2]))
    # Letters come quickly one after the other, however slow the machine is.
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    box(page).press_sequentially("p")
    page.clock.run_for(250)
    page.wait_for_timeout(250)
    assert requested == []
    box(page).press_sequentially("latform")
    page.clock.run_for(250)
    expect(options(page)).to_have_count(3)
    assert requested == ["/suggest?q=platform"]


def test_a_late_response_to_former_text_is_ignored(page: Page) -> None:
    held: list[Route] = []
    page.route("**/suggest?q=re", lambda route: held.append(route))
    box(page).press_sequentially("re")
    wait_until(page, lambda: held)
    assert len(held) == 1
    box(page).press_sequentially("dis")
    expect(page.get_by_role("group", name="Technologies")).to_be_visible()
    held[0].fulfill(body='<div><a role="option" href="/late">Late</a></div>')
    page.wait_for_timeout(250)
    expect(options(page).first).to_have_text("Redis")


def test_without_suggestions_the_form_still_searches(site: str, page: Page) -> None:
    page.route("**/suggest?*", lambda route: route.abort())
    box(page).press_sequentially("recap")
    page.wait_for_timeout(250)
    page.keyboard.press("Enter")
    expect(page).to_have_url(site + "/search?q=recap")


def test_suggestions_are_escaped(page: Page) -> None:
    full_episode(9, title="<img src=x onerror=alert(1)> Ninefold")
    box(page).press_sequentially("ninef")
    expect(options(page).first).to_have_text("#9 <img src=x onerror=alert(1)> Ninefold")
    expect(page.locator("#suggestions img")).to_have_count(0)


def test_slash_focuses_the_search_box(page: Page) -> None:
    page.keyboard.press("/")
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("")
    page.keyboard.type("a/b")  # in a field it is a letter
    expect(box(page)).to_have_value("a/b")


def test_slash_on_a_page_without_a_box_goes_to_the_search_page(site: str, page: Page) -> None:
    page.get_by_role("link", name="Guests").first.click()
    expect(page.locator("main h1")).to_have_text("Guests")
    page.keyboard.press("Control+/")
    page.keyboard.press("Alt+/")
    expect(page).to_have_url(site + "/guests/")
    page.keyboard.press("/")
    expect(page).to_have_url(site + "/search")
    expect(box(page)).to_be_focused()
    assert page.evaluate("window.marked") is True


def test_slash_can_be_switched_off(site: str, page: Page) -> None:
    page.goto(site + "/search")
    choice = page.get_by_role("checkbox", name="Keyboard shortcuts: / opens search")
    expect(choice).to_be_checked()
    choice.uncheck()
    page.locator("main h1").click()
    page.keyboard.press("/")
    expect(box(page)).not_to_be_focused()
    page.goto(site + "/search")
    expect(choice).not_to_be_checked()
    page.keyboard.press("/")
    expect(box(page)).not_to_be_focused()
    choice.check()
    page.locator("main h1").click()
    page.keyboard.press("/")
    expect(box(page)).to_be_focused()


def test_without_javascript_it_is_a_plain_box(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + "/search")
    expect(page.get_by_role("searchbox", name="Search episodes and moments")).to_be_visible()
    expect(page.get_by_role("checkbox")).to_have_count(0)
    expect(page.get_by_role("listbox")).to_have_count(0)
    context.close()


def test_searches_are_not_prefetched(site: str, page: Page) -> None:
    page.goto(site + "/search")
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.get_by_role("link", name="Django", exact=True).hover()
    page.wait_for_timeout(200)
    assert [url for url in requested if "/search?" in url] == []


def test_axe_finds_nothing_in_open_suggestions(site: str, browser_page: Page) -> None:
    page = browser_page
    page.goto(site + "/search")
    box(page).press_sequentially("re")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert violations(page, "suggestions", widths=[390]) == []


def test_a_phone_shows_the_first_episode_with_two_moments(site: str, page: Page) -> None:
    full_episode(4, topics=[(60, "Docker in short"), (90, "Docker at length, and why it went")])
    page.goto(site + "/search?q=dokcer+django")
    first = page.locator(".results > li").first
    second_moment = first.locator(".moment").nth(1).bounding_box()
    assert second_moment is not None
    assert second_moment["y"] + second_moment["height"] < 844
    for name in (".search", ".count", ".direct"):
        expect(page.locator(name)).to_be_in_viewport()
