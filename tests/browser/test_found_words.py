"""A result leads to its place in the page, and the words found are marked there."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from pages.tests.factories import catalogue, full_episode

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FILLER = "\n\n".join(["They said what they run and how."] * 60)
PLACE = "A handful of hands moved *all of it* to RabbitMQ. Nobody’s hands hurt."
TEXT = f"{FILLER}\n\n{PLACE}\n\n{FILLER}"
MARKED = "[...(CSS.highlights.get('found') ?? [])].map((range) => range.toString())"


@pytest.fixture
def site(live_server: LiveServer) -> str:
    catalogue(1)
    full_episode(7, introduction=TEXT)
    return live_server.url


def test_a_hit_in_text_leads_to_its_place(site: str, browser_page: Page) -> None:
    browser_page.goto(site + "/search?q=rabbitmq+hands")
    browser_page.evaluate("window.marked = true")
    browser_page.locator(".results .moment a").first.click()
    expect(browser_page.locator("h1")).to_have_text("Episode 7")
    assert browser_page.evaluate("window.marked") is True  # no load
    browser_page.wait_for_function(f"() => {MARKED}.join() === 'hands,RabbitMQ,hands'")
    expect(browser_page.get_by_text("to RabbitMQ.")).to_be_in_viewport(ratio=1)


def test_the_marks_go_with_the_page(site: str, browser_page: Page) -> None:
    browser_page.goto(site + "/search?q=rabbitmq+hands")
    browser_page.locator(".results .moment a").first.click()
    expect(browser_page.locator("h1")).to_have_text("Episode 7")
    browser_page.get_by_role("link", name="Questions").first.click()
    expect(browser_page.locator("h1")).to_contain_text("Questions")
    browser_page.wait_for_function(f"() => {MARKED}.length === 0")


def test_the_words_of_a_moment_are_marked_too(site: str, browser_page: Page) -> None:
    browser_page.goto(site + "/search?q=recap")
    browser_page.get_by_role("link", name="25:26").first.click()
    expect(browser_page.locator("main h1")).to_contain_text("Episode")
    browser_page.wait_for_function(f"() => {MARKED}.includes('Recap')")
    assert browser_page.evaluate(f"new Set({MARKED}).size") == 1


def test_without_javascript_the_browser_finds_the_text(site: str, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(site + "/search?q=rabbitmq")
    page.locator(".results .moment a").first.click()
    page.wait_for_url("**/podcast/7-episode-7*")
    expect(page.get_by_text("to RabbitMQ.")).to_be_in_viewport()
    page.context.close()
