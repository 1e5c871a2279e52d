"""The pages of listeners in a browser: both widths, both colour schemes, printed."""

import pytest
from playwright.sync_api import Page, expect

from desk.tests.test_listeners import PAGES, figures
from episodes.tests.factories import show
from tests.browser import axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_axe_finds_nothing_and_nothing_sticks_out(signed_in: Page, live_server) -> None:
    show()
    row = figures()
    for page in (*PAGES, f"episodes/{row.pk}"):
        for scheme in axe.SCHEMES:
            signed_in.emulate_media(color_scheme=scheme)
            signed_in.goto(f"{live_server.url}/admin/listeners/{page}")
            signed_in.locator("details").evaluate_all(
                "all => all.forEach(each => { each.open = true })"
            )
            for width in axe.WIDTHS:
                signed_in.set_viewport_size({"width": width, "height": 844})
                assert axe.run(signed_in) == [], (page, scheme, width)
                assert signed_in.evaluate("document.documentElement.scrollWidth") <= width, page


def test_on_paper_are_the_numbers_and_the_rules(signed_in: Page, live_server) -> None:
    show()
    figures()
    signed_in.goto(f"{live_server.url}/admin/listeners/")
    numbers = signed_in.locator("section", has=signed_in.locator("#days")).locator("table")
    rules = signed_in.get_by_text("Whether somebody listened, and how far")
    expect(numbers).not_to_be_visible()
    signed_in.emulate_media(media="print")
    expect(numbers).to_be_visible()
    expect(rules).to_be_visible()
    expect(signed_in.get_by_label("Month", exact=True)).not_to_be_visible()
    expect(signed_in.locator("#header")).not_to_be_visible()


def test_choosing_a_month_and_episodes(signed_in: Page, live_server) -> None:
    show()
    figures()
    signed_in.goto(f"{live_server.url}/admin/listeners/")
    signed_in.get_by_label("Month", exact=True).select_option(index=0)
    signed_in.get_by_role("button", name="Show").click()
    signed_in.wait_for_url("**month=*")
    signed_in.goto(f"{live_server.url}/admin/listeners/compared/")
    signed_in.get_by_text("Choose episodes").click()
    expect(signed_in.get_by_role("checkbox", name="9: New")).to_be_checked()
    signed_in.get_by_label("First", exact=True).select_option("7")
    signed_in.get_by_role("button", name="Compare").click()
    expect(signed_in.get_by_role("heading", name="The first 7 days")).to_be_visible()
