"""The list of technologies: filtered by letters while typing, folded into one line on phones."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from pages.tests.factories import full_episode
from pages.views.stack import FIRST
from stack.models import Technology

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


@pytest.mark.parametrize("size", [(390, 844), (1280, 800)])
def test_the_filter_is_seen_at_once_and_letters_hide_the_charts(
    live_server: LiveServer, browser_page: Page, size: tuple[int, int]
) -> None:
    names = ["Django", "PostgreSQL", "Amazon Elastic Container Service", "AWS CloudFormation"]
    for number, year in ((1, 2019), (2, 2020)):
        date = datetime(year, 6, 1, tzinfo=UTC)
        full_episode(number, technologies=names, published_at=date)
    Technology.objects.filter(name="Django").update(category="framework")
    page = browser_page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(live_server.url + "/stack/")
    field, charts = page.get_by_label("Filter by name"), page.locator(".charts")
    for seen in (field, page.get_by_role("navigation", name="Categories"), charts):
        expect(seen).to_be_in_viewport()
    page.keyboard.press("End")
    # No name is cut: where a line is too short, it wraps.
    for name in page.locator("#by-use bdi").all():
        assert name.evaluate("each => each.scrollWidth <= each.clientWidth + 1")
        assert name.evaluate("each => getComputedStyle(each).textOverflow") == "clip"
    field.press_sequentially("post")
    expect(charts).to_be_hidden()
    expect(page.get_by_role("link", name="PostgreSQL")).to_be_in_viewport()
    field.fill("")
    expect(charts).to_be_visible()


def test_a_keyboard_reaches_the_list_in_few_steps(
    live_server: LiveServer, browser_page: Page
) -> None:
    for number, year in ((1, 2019), (2, 2020)):
        date = datetime(year, 6, 1, tzinfo=UTC)
        full_episode(number, technologies=["Django", "Redis", "AWS"], published_at=date)
    page = browser_page
    page.goto(live_server.url + "/stack/")
    page.get_by_label("Filter by name").focus()
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the list")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#by-use a").first).to_be_focused()


def test_a_charts_names_lead_to_their_technologies(
    live_server: LiveServer, browser_page: Page
) -> None:
    for number, year in ((1, 2019), (2, 2020)):
        date = datetime(year, 6, 1, tzinfo=UTC)
        full_episode(number, technologies=["Django", "Redis", "AWS"], published_at=date)
    browser_page.goto(live_server.url + "/stack/")
    browser_page.locator(".years a", has_text="Redis").click()
    expect(browser_page).to_have_url(live_server.url + "/stack/redis")


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
