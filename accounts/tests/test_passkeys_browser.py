"""Passkeys in Chromium, with its virtual authenticator; they need a host name."""

import re

import pytest
from django.contrib.auth.models import User
from django_otp_webauthn.models import WebAuthnCredential
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts import two_factor
from accounts.models import SecurityEvent
from episodes.tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAGE = "/admin/second-step/"


@pytest.fixture
def page(strict_page: Page, live_server: LiveServer) -> Page:
    """A page with an authenticator that checks its user."""
    factories.show()
    devtools = strict_page.context.new_cdp_session(strict_page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return strict_page


def sign_in(page: Page, site: str, code: str = "") -> None:
    page.goto(f"{site}/admin/")
    page.get_by_label("Name or e-mail").fill("nick")
    page.get_by_label("Password").fill("password")
    page.locator("#id_code").fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_is_added_signs_in_confirms_and_is_removed(
    page: Page, live_server: LiveServer, host_user: User
) -> None:
    site = re.sub(r"//[^:]+", "//localhost", live_server.url)
    sign_in(page, site)
    expect(page).to_have_url(f"{site}/admin/")
    page.goto(site + PAGE)
    page.get_by_role("button", name="Use a passkey instead").click()
    expect(page.get_by_text("You have none.")).to_be_visible()
    assert WebAuthnCredential.objects.get().name == "Chrome on Linux"
    assert two_factor.has_second_step(host_user)
    page.get_by_role("button", name="New recovery codes").click()
    codes = page.locator(".recovery-codes code")
    expect(codes).to_have_count(10)
    recovery = codes.all_inner_texts()

    # The password alone is no longer enough; the passkey alone is, and asks for finger or PIN.
    page.context.clear_cookies()
    sign_in(page, site)
    expect(page.locator(".errornote")).to_be_visible()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(f"{site}/admin/")
    assert SecurityEvent.objects.first().detail == "passkey"

    # A session without it is asked, and so is each change.
    page.context.clear_cookies()
    sign_in(page, site, recovery[0])
    expect(page).to_have_url(f"{site}/admin/")
    page.goto(site + PAGE)
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("This code is wrong")).to_be_visible()
    page.get_by_role("button", name="Use your passkey in place of a code").click()
    expect(page.locator("#id_code")).to_have_count(0)
    page.get_by_role("button", name="Set up an authenticator app, too").click()
    expect(page.locator(".qr")).to_be_visible()
    page.goto(site + PAGE)
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("Your second step is removed")).to_be_visible()
    assert not two_factor.has_second_step(host_user)


def test_addresses_of_numbers_have_no_passkeys(
    page: Page, live_server: LiveServer, host_user: User
) -> None:
    site = re.sub(r"//[^:]+", "//127.0.0.1", live_server.url)
    sign_in(page, site)
    page.goto(site + PAGE)
    expect(page.get_by_role("button", name="Set it up")).to_be_visible()
    expect(page.get_by_text("passkey")).to_have_count(0)
