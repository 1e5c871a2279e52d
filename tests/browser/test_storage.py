"""Records on the device: their version survives new releases and rollbacks."""

from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from pages.tests.factories import catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(live_server: LiveServer, browser_page: Page) -> Page:
    catalogue(1)
    browser_page.goto(live_server.url)
    return browser_page


def with_record(page: Page, stored: str | None, act: str) -> Any:
    """What this expression of the record `list`, at version 2, returns."""
    return page.evaluate(
        f"""async (stored) => {{
          const {{ record }} = await import(document.querySelector("[href*='js/storage']").href);
          if (stored !== null) localStorage.setItem("list", stored);
          const list = record("list", 2, [],
            ({{ version, value }}) => [`from ${{version}}`, value]);
          return {act};
        }}""",
        stored,
    )


def test_a_record_is_read_as_written(page: Page) -> None:
    value = ["a", {"b": "“ü” \u2028 🎧"}]
    assert with_record(page, None, "list.write(['a', {b: '“ü” \u2028 🎧'}])") is True
    assert with_record(page, None, "list.read()") == value


@pytest.mark.parametrize("stored", [None, "{", "null"])
def test_without_a_valid_record_it_is_empty(page: Page, stored: str | None) -> None:
    assert with_record(page, stored, "list.read()") == []
    assert with_record(page, stored, "list.write(['a'])") is True


def test_an_earlier_record_is_upgraded(page: Page) -> None:
    assert with_record(page, '{"version": 1, "value": 3}', "list.read()") == ["from 1", 3]
    assert with_record(page, "[3]", "list.read()") == ["from undefined", None]


def test_a_later_record_is_left_alone(page: Page) -> None:
    later = '{"version": 3, "value": {"new": 1}}'
    assert with_record(page, later, "[list.read(), list.write(['a'])]") == [[], False]
    assert page.evaluate("localStorage.getItem('list')") == later


def test_a_full_storage_is_noticed(page: Page) -> None:
    page.evaluate("localStorage.setItem('rest', 'x'.repeat(5242880 - 200))")
    assert with_record(page, None, "list.write('x'.repeat(1000))") is False
