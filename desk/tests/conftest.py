"""Fixtures of the desk's tests."""

import pytest
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.sign_in import COOKIE


@pytest.fixture
def signed_in(strict_page: Page, live_server: LiveServer, host: Client) -> Page:
    """A browser page signed in as the host, in which nothing fails or is against the policy."""
    cookies = {"sessionid": host.cookies["sessionid"].value, COOKIE: "1"}
    strict_page.context.add_cookies(
        [{"name": name, "value": cookies[name], "url": live_server.url} for name in cookies]
    )
    return strict_page
