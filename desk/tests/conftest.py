"""Fixtures of the desk's tests."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.sign_in import COOKIE


@pytest.fixture
def signed_in(browser_page: Page, live_server: LiveServer, host: Client) -> Iterator[Page]:
    """A browser page signed in as the host, in which nothing fails or is against the policy."""
    cookies = {"sessionid": host.cookies["sessionid"].value, COOKIE: "1"}
    browser_page.context.add_cookies(
        [{"name": name, "value": cookies[name], "url": live_server.url} for name in cookies]
    )
    complaints: list[str] = []
    browser_page.on("pageerror", lambda error: complaints.append(str(error)))
    browser_page.on(
        "console",
        lambda message: complaints.append(message.text) if "Security" in message.text else None,
    )
    yield browser_page
    assert complaints == []
