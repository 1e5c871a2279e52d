"""The list of technologies: filtered by letters while typing, folded into one line on phones."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from pages.tests.factories import full_episode
from pages.views.stack import FIRST

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_letters_filter_the_list_also_where_it_is_folded(
    live_server: LiveServer, browser_page: Page
) -> None:
    many = [f"Tool {number:03}" for number in range(FIRST)]
    full_episode(1, technologies=[*many, "Post CSS", "PostgreSQL", "C#", "C"])
    full_episode(2, technologies=many)  # so that the others are folded
    page = browser_page
    page.goto(live_server.url + "/stack/")
    rows = page.locator("#by-use li:visible")
    expect(rows).to_have_count(FIRST)
    field = page.get_by_label("Filter by name")
    field.press_sequentially("post")
    expect(rows).to_have_count(2)
    expect(page.get_by_role("link", name="PostgreSQL")).to_be_visible()
    expect(page.locator("#status")).to_have_text("2 technologies")
    field.fill("c#")
    expect(rows).to_have_count(1)
    field.fill("quokka")
    expect(page.get_by_text("No guest has named such a technology")).to_be_visible()
    field.fill("")
    expect(rows).to_have_count(FIRST)
    expect(page.get_by_text("No guest has named such a technology")).to_be_hidden()
    field.fill("post")
    field.press("Enter")  # as without the module
    expect(page).to_have_url(live_server.url + "/stack/?q=post")
    expect(rows).to_have_count(2)


def test_a_phone_shows_one_line_of_the_stack(live_server: LiveServer, browser_page: Page) -> None:
    names = ["Django", "PostgreSQL", "Amazon Elastic Container Service", "Redis", "Celery"]
    row = full_episode(1, technologies=names)
    page = browser_page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + row.get_absolute_url())
    chips = page.locator("section:has(> #stack) li:visible")
    expect(chips).to_have_text(["Django", "PostgreSQL", "+3 more technologiesFewer"])
    tops = {chip.bounding_box()["y"] for chip in chips.all()}  # type: ignore[index]
    assert len(tops) == 1
    page.locator("summary", has_text="+3 more").click()
    expect(chips.get_by_text("Celery")).to_be_visible()
    page.locator("summary", has_text="Fewer").click()
    expect(chips.get_by_text("Celery")).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 844})
    expect(chips).to_have_text(names)
