"""An invitation on a phone: from the host's screen to the producer's desk."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from accounts.roles import set_roles
from episodes.tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE: Any = {"width": 390, "height": 844}
STRONG = "a fair way to Tipperary"


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.slow
def test_an_invitation_on_a_phone(signed_in: Page, browser: Browser, live_server) -> None:
    set_roles()
    factories.show()
    host = signed_in
    host.set_viewport_size(PHONE)
    host.goto(f"{live_server.url}/admin/people/")
    assert fits(host)
    host.get_by_role("link", name="Invite somebody").click()
    host.get_by_label("Name").fill("Anna Lee")
    host.get_by_label("E-mail").fill("anna@example.org")
    host.get_by_label(re.compile("Producer:")).check()
    assert fits(host)
    host.get_by_role("button", name="Invite").click()
    expect(host.get_by_role("heading", name="A link for Anna Lee")).to_be_visible()
    assert fits(host)
    path = re.sub(r"^https?://[^/]+", "", host.get_by_label("Link", exact=True).input_value())
    phone = browser.new_context(viewport=PHONE).new_page()
    phone.goto(live_server.url + path)
    assert fits(phone)
    phone.get_by_label("Password").fill(STRONG)
    phone.get_by_label("The same again").fill(STRONG)
    phone.get_by_role("button", name="Save and sign in").click()
    expect(phone.get_by_role("heading", name="New episode")).to_be_visible()
    host.get_by_role("link", name="Back to people").click()
    line = host.get_by_role("listitem").filter(has_text="anna@example.org")
    expect(line).to_contain_text("Last seen: today")
    line.get_by_role("button", name="End the sessions of Anna Lee").click()
    expect(host.get_by_text("Ended 1 session of Anna Lee.")).to_be_visible()
    phone.reload()
    expect(phone.get_by_role("button", name="Sign in")).to_be_visible()
    phone.get_by_label("Name or e-mail").fill("anna@example.org")
    phone.get_by_label("Password").fill(STRONG)
    phone.get_by_role("button", name="Sign in").click()
    expect(phone.get_by_role("heading", name="New episode")).to_be_visible()
    assert User.objects.get(username="anna").get_full_name() == "Anna Lee"
