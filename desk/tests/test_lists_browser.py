"""Lists of the desk in a browser: filters, ticked rows, what an empty one says."""

import pytest
from django.contrib import admin
from django.test import Client
from playwright.sync_api import Page, expect

from episodes.tests import factories
from guests.models import Guest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


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
