"""Every list and form of the desk in a browser: axe, widths, schemes; with rows and without."""

import pytest
from django.contrib import admin
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.roles import set_roles
from desk.tests.test_roles import catalogue
from episodes.models import Episode
from episodes.tests import factories
from guests.models import Guest
from tests.browser import axe

__all__ = ["catalogue"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

# Of the first column of rows in a form, where Django has buttons.
IN_DJANGOS_TABLES = "empty-table-header"
# Others look at an episode's screens and its transcript's.
ELSEWHERE = {"episodes.episode", "topics.transcript"}


@pytest.fixture
def page(browser_page: Page, live_server, host: Client) -> Page:
    """Not a strict one: axe itself applies styles."""
    session = host.cookies["sessionid"].value
    browser_page.context.add_cookies(
        [{"name": "sessionid", "value": session, "url": live_server.url}]
    )
    return browser_page


def lists() -> list[str]:
    labels = sorted(model._meta.label_lower for model in admin.site._registry)
    return [f"/admin/{label.replace('.', '/')}/" for label in labels]


def faults(page: Page, site: str, paths: list[str]) -> list[str]:
    """What axe finds, on a light phone and a dark desktop, and what is wider than the window."""
    found = []
    for scheme, width in zip(axe.SCHEMES, axe.WIDTHS, strict=True):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 844})
        for path in paths:
            page.goto(site + path)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{path} is wider than {width}")
            found += [
                f"{path}, {width}, {scheme}: {each['help']} {axe.targets(each)}"
                for each in axe.run(page)
                if each["id"] != IN_DJANGOS_TABLES
            ]
    return found


def test_lists_with_rows(page: Page, live_server, catalogue: Episode) -> None:
    found = faults(page, live_server.url, lists())
    assert not found, "\n".join(found)


def test_lists_without_rows(page: Page, live_server) -> None:
    set_roles()
    found = faults(page, live_server.url, lists())
    assert not found, "\n".join(found)


def test_forms(page: Page, live_server, catalogue: Episode) -> None:
    models = [each for each in admin.site._registry if each._meta.label_lower not in ELSEWHERE]
    paths = []
    for model in models:
        path = f"/admin/{model._meta.label_lower.replace('.', '/')}/"
        row = model._default_manager.order_by("-pk").first()
        paths += [f"{path}{row.pk}/change/", f"{path}{row.pk}/delete/", f"{path}{row.pk}/history/"]
        paths += [f"{path}add/"]
    found = faults(page, live_server.url, paths)
    assert not found, "\n".join(found)


def test_filters_combine_with_the_search(signed_in: Page, live_server) -> None:
    factories.show(host=None)
    Guest.objects.all().delete()
    factories.guest("Ann Berg", avatar="a.png", website="https://ann.example/")
    factories.guest("Ann Costa", website="https://costa.example/")
    factories.guest("Ben Dahl")
    signed_in.goto(f"{live_server.url}/admin/guests/guest/")
    signed_in.get_by_role("link", name="No photo", exact=True).click()
    expect(signed_in.locator("#result_list tbody tr")).to_have_count(2)
    signed_in.locator("#searchbar").fill("Ann")
    signed_in.get_by_role("button", name="Find").click()
    expect(signed_in.locator("#result_list tbody tr")).to_have_count(1)
    expect(signed_in.locator("#result_list")).to_contain_text("Ann Costa")


def test_an_empty_list_says_what_belongs_there(signed_in: Page, live_server) -> None:
    signed_in.goto(f"{live_server.url}/admin/search/guestwanted/")
    expect(signed_in.locator(".empty-list")).to_contain_text("such as Gleam")
    signed_in.locator(".empty-list").get_by_role("link", name="Add guest wanted").click()
    expect(signed_in.get_by_role("heading", name="Add guest wanted")).to_be_visible()
    signed_in.goto(f"{live_server.url}/admin/search/guestwanted/?q=nothing")
    expect(signed_in.get_by_text("Nothing matches.")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_ticked_rows_are_deleted(signed_in: Page, live_server, width: int) -> None:
    """Actions are in reach on a phone, too."""
    factories.show()
    factories.guest("Ben Dahl")
    signed_in.set_viewport_size({"width": width, "height": 844})
    signed_in.goto(f"{live_server.url}/admin/guests/guest/")
    signed_in.get_by_label("Tick Ben Dahl").check()
    signed_in.get_by_label("With the ticked:").select_option(label="Delete these guests")
    signed_in.get_by_role("button", name="Go").click()
    signed_in.get_by_role("button", name="Delete", exact=True).click()
    expect(signed_in.locator(".messagelist")).to_contain_text("Deleted 1 guest.")
    assert not Guest.objects.filter(name="Ben Dahl").exists()


def test_every_list_without_rows_gives_an_example(
    host: Client, db: None, subtests: pytest.Subtests
) -> None:
    for model, model_admin in admin.site._registry.items():
        if model._meta.model_name in ("user", "show", "technologyname"):
            continue  # there is always somebody; one show; names have no list in the menu
        with subtests.test(model._meta.label):
            assert "such as" in model_admin.empty_list  # type: ignore[attr-defined]
