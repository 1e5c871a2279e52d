"""The menu in a real browser: a column on a desktop, one button on a phone, without scripts."""

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from accounts.roles import set_roles
from accounts.sign_in import COOKIE
from episodes.tests import factories
from search.models import ZeroResultQuery
from tests.browser import axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def show(db: None) -> None:
    set_roles()
    factories.show()
    factories.episode(guests=["Phil Gyford"], technologies=["Django", "Homegrown"])
    factories.episode("Half", 2, status="draft", published_at=None)
    ZeroResultQuery.objects.create(query="gleam", last_on="2026-03-04")


def menu(page: Page):
    return page.get_by_role("navigation", name="Desk")


def test_a_column_on_a_desktop(signed_in: Page, live_server, show: None) -> None:
    signed_in.set_viewport_size({"width": 1024, "height": 800})
    signed_in.goto(f"{live_server.url}/admin/")
    expect(menu(signed_in)).to_be_visible()
    expect(signed_in.get_by_role("button", name="Menu")).to_be_hidden()
    menu(signed_in).get_by_role("link", name="Show", exact=True).click()
    expect(signed_in).to_have_url(f"{live_server.url}/admin/show/show/1/change/")
    menu(signed_in).get_by_role("link", name="Redirects").click()
    current = menu(signed_in).locator('[aria-current="page"]')
    expect(current).to_have_text("Redirects")
    left = menu(signed_in).bounding_box()
    main = signed_in.locator("#main").bounding_box()
    assert left
    assert main
    assert left["x"] + left["width"] <= main["x"] + 1


def test_a_long_menu_makes_no_gap_above_a_short_page(
    signed_in: Page, live_server, show: None
) -> None:
    signed_in.set_viewport_size({"width": 1280, "height": 900})
    tops = []
    for path in ("/admin/", "/admin/deleted/", "/admin/show/highlight/"):
        signed_in.goto(f"{live_server.url}{path}")
        crumbs = signed_in.locator(".breadcrumbs, #header").last.bounding_box()
        main = signed_in.locator("#content-start").bounding_box()
        assert crumbs and main
        tops.append(main["y"] - crumbs["y"] - crumbs["height"])
    assert max(tops) <= 1


def test_a_count_leads_to_what_it_counts(signed_in: Page, live_server, show: None) -> None:
    signed_in.goto(f"{live_server.url}/admin/")
    menu(signed_in).get_by_role("link", name="1 unfinished").click()
    expect(signed_in.locator("#result_list tbody tr")).to_have_count(1)
    expect(signed_in.locator("#result_list")).to_contain_text("Half")


def check_button(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/admin/guests/guest/")
    button = page.get_by_role("button", name="Menu")
    expect(menu(page)).to_be_hidden()
    button.press("Enter")
    expect(menu(page)).to_be_visible()
    page.keyboard.press("Tab")
    expect(menu(page).get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu(page)).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    menu(page).get_by_role("button", name="Close").click()
    expect(menu(page)).to_be_hidden()
    button.click()
    menu(page).get_by_role("link", name="Libraries").click()
    expect(page.get_by_role("heading", name="Libraries")).to_be_visible()
    expect(menu(page)).to_be_hidden()


def test_one_button_on_a_phone(signed_in: Page, live_server, show: None) -> None:
    check_button(signed_in, live_server.url)


def test_the_button_needs_no_script(
    browser: Browser, live_server, host: Client, show: None
) -> None:
    context = browser.new_context(java_script_enabled=False)
    cookies = {"sessionid": host.cookies["sessionid"].value, COOKIE: "1"}
    context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
    )
    check_button(context.new_page(), live_server.url)


@pytest.mark.parametrize("width", [390, 1280])
def test_account_things_are_in_one_small_menu(
    signed_in: Page, live_server, show: None, width: int
) -> None:
    signed_in.set_viewport_size({"width": width, "height": 844})
    signed_in.goto(f"{live_server.url}/admin/")
    expect(signed_in.get_by_role("link", name="Sessions")).to_be_hidden()
    button = signed_in.get_by_role("button", name="nick")
    button.press("Enter")
    for name in ("View site", "Second step", "Sessions", "Change password"):
        expect(signed_in.get_by_role("link", name=name, exact=True)).to_be_visible()
    signed_in.keyboard.press("Escape")
    expect(button).to_be_focused()
    button.click()
    signed_in.get_by_role("button", name="Sign out").click()
    expect(signed_in.get_by_role("link", name="Sign in again")).to_be_visible()


def test_axe_finds_nothing_in_an_open_menu(signed_in: Page, live_server, show: None) -> None:
    signed_in.set_viewport_size({"width": 390, "height": 844})
    for scheme in axe.SCHEMES:
        signed_in.emulate_media(color_scheme=scheme)
        signed_in.goto(f"{live_server.url}/admin/stack/library/")
        signed_in.get_by_role("button", name="Menu").click()
        expect(menu(signed_in)).to_be_visible()
        assert axe.run(signed_in) == []
