"""A row of a list of moments, or of an episode's topics: its words, and what it offers."""

import re

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from pages.tests.factories import catalogue, full_episode

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "Best tips? Reduce miscommunication and use what Django and its services offer you"
OFFERS = ["Play", "Star", "Add", "Share"]
LISTS = [
    "/questions/best-tips", "/questions/", "/stack/django", "/stack/django/moments", "/",
    "/search?q=services", "/guests/guest-5", "/podcast/5-episode-5",
]  # fmt: skip


@pytest.fixture
def site(live_server: LiveServer) -> str:
    catalogue(3)
    full_episode(5, topics=[(100, "Why Django"), (1526, "Recap"), (2000, WORDS)])
    return live_server.url


def offers(row: Locator) -> list[tuple[str, float, float]]:
    """The first word of each button's name from left to right, with its left and upper edge."""
    found = row.locator(":scope > button").evaluate_all(
        """all => all.map(each => {
            const { x, y } = each.getBoundingClientRect();
            return [each.getAttribute("aria-label").split(" ")[0], x, y];
        })"""
    )
    return sorted(found, key=lambda each: each[1])


def row_with(page: Page, words: str) -> Locator:
    row = page.locator("main .topics > li").filter(has_text=words).first
    expect(row.locator(".share-moment")).to_be_attached()
    return row


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_what_a_row_offers_is_in_one_order_and_line(
    site: str, browser_page: Page, subtests: pytest.Subtests, width: int
) -> None:
    page = browser_page
    page.set_viewport_size({"width": width, "height": 844})
    for path in LISTS:
        with subtests.test(path):
            page.goto(site + path)
            row = row_with(page, WORDS)
            page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
            row.hover()  # an episode's topic shows all then
            names, lefts, tops = zip(*offers(row), strict=True)
            has_buttons_to_play = "/podcast/" not in path
            assert list(names) == OFFERS[not has_buttons_to_play :]
            assert max(tops) - min(tops) <= 2
            words = row.locator("[dir]").first.bounding_box()
            box, time = row.bounding_box(), row.locator(".time").bounding_box()
            assert words
            assert box
            assert time
            if box["width"] < 570:
                assert words["width"] >= 0.93 * box["width"]
                assert words["y"] >= time["y"] + time["height"] - 2
                assert abs(tops[0] - time["y"]) < 16
            else:
                assert words["x"] > time["x"] + time["width"]
                assert words["x"] + words["width"] <= lefts[0] + 2


@pytest.mark.parametrize("width", [390, 1280])
def test_a_topics_row_plays_where_lists_have_their_button(
    site: str, browser_page: Page, width: int
) -> None:
    page = browser_page
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{site}/podcast/5-episode-5")
    row = row_with(page, WORDS)
    row.scroll_into_view_if_needed()
    star = row.locator(".star").bounding_box()
    assert star
    page.mouse.click(star["x"] - star["width"] / 2, star["y"] + star["height"] / 2)
    expect(row).to_have_attribute("data-sounds", re.compile("playing|paused"))
    expect(page).to_have_url(re.compile(r"\?t=2000$"))


def test_a_moments_link_is_copied_from_its_row(site: str, browser_page: Page) -> None:
    page = browser_page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    for path in ("/questions/best-tips", "/podcast/5-episode-5?t=2000"):
        page.goto(site + path)
        page.evaluate("navigator.clipboard.writeText('')")
        row_with(page, WORDS).get_by_role("button", name=f"Share 33:20 {WORDS}").click()
        expect(page.locator("#status")).to_have_text("Link copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == f"{site}/podcast/5-episode-5?t=2000"


def test_a_row_is_shared_by_the_systems_sheet(site: str, browser_page: Page) -> None:
    page = browser_page
    page.add_init_script(
        "navigator.share = data => { window.shared = data; return Promise.resolve(); }"
    )
    page.goto(f"{site}/questions/best-tips")
    row_with(page, WORDS).get_by_role("button", name="Share 33:20").click()
    page.wait_for_function("() => window.shared")
    assert page.evaluate("window.shared") == {
        "title": f"33:20 {WORDS} · Episode 5",
        "url": f"{site}/podcast/5-episode-5?t=2000",
    }


def test_where_copying_is_blocked_the_link_is_shown(site: str, browser_page: Page) -> None:
    page = browser_page
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
    shown: list[str] = []

    def answer(dialog: Dialog) -> None:
        shown.append(dialog.default_value)
        dialog.dismiss()

    page.on("dialog", answer)
    page.goto(f"{site}/questions/best-tips")
    with page.expect_event("dialog"):
        row_with(page, WORDS).get_by_role("button", name="Share 33:20").click()
    assert shown == [f"{site}/podcast/5-episode-5?t=2000"]
