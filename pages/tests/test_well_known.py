"""security.txt, change-password and the icon, at their well-known addresses."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from PIL import Image

from episodes.tests import factories
from pages.views.well_known import expiry
from tests.production import python

pytestmark = pytest.mark.django_db
PATH = "/.well-known/security.txt"


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    factories.show()
    settings.SITE_URL = "https://podcast.example.org"
    settings.SECURITY_CONTACT = ["mailto:security@example.org", "https://example.org/report"]
    settings.SECURITY_POLICY = "https://example.org/policy"
    settings.SECURITY_LANGUAGES = ["en", "de"]


def fields(client: Client) -> dict[str, list[str]]:
    answer = client.get(PATH)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert not answer.cookies
    found: dict[str, list[str]] = {}
    for line in answer.text.splitlines():
        name, _, value = line.partition(": ")
        found.setdefault(name, []).append(value)
    return found


def test_security_txt_says_what_the_settings_say(client: Client) -> None:
    found = fields(client)
    (expires,) = found.pop("Expires")
    assert found == {
        "Contact": ["mailto:security@example.org", "https://example.org/report"],
        "Canonical": [f"https://podcast.example.org{PATH}"],
        "Preferred-Languages": ["en, de"],
        "Policy": ["https://example.org/policy"],
    }
    until = datetime.strptime(expires, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=180) < until - timezone.now() < timedelta(days=365)


@pytest.mark.parametrize(
    ("now", "expires"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)),
        (datetime(2026, 1, 20, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC)),
        (datetime(2026, 6, 10, 23, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        (datetime(2028, 2, 29, tzinfo=UTC), datetime(2028, 9, 1, tzinfo=UTC)),
    ],
)
def test_it_expires_months_later_at_the_first_of_one(now: datetime, expires: datetime) -> None:
    assert expiry(now) == expires


def test_without_a_policy_no_line_names_one(client: Client, settings: Any) -> None:
    settings.SECURITY_POLICY = ""
    assert "Policy" not in fields(client)


def test_without_a_contact_there_is_no_file(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = []
    assert client.get(PATH).status_code == 404


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECURITY_CONTACT", "security@example.org"),
        ("SECURITY_CONTACT", "http://example.org/"),
        ("SECURITY_CONTACT", "mailto:a@example.org\nPolicy: https://evil.example"),
        ("SECURITY_POLICY", "policy.html"),
        ("SECURITY_LANGUAGES", "en\nX: y"),
    ],
)
def test_the_site_refuses_to_start_with_other_values(name: str, value: str) -> None:
    ran = python("-c", "import django; django.setup()", **{name: value})
    assert ran.returncode != 0
    assert name in ran.stderr or "security.txt" in ran.stderr


def test_password_managers_find_the_page(client: Client) -> None:
    answer = client.get("/.well-known/change-password")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/password_change/")
    client.force_login(User.objects.create_superuser("nick"))
    page = client.get("/.well-known/change-password", follow=True)
    assert page.status_code == 200 and 'autocomplete="new-password"' in page.text
    missing = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200"
    assert client.get(missing).status_code == 404


def test_the_icon_is_where_programs_look_for_it(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/x-icon")
    assert answer["Cache-Control"] == "public, max-age=86400"
    sizes = Image.open(BytesIO(answer.content)).info["sizes"]
    assert sizes == {(16, 16), (32, 32), (48, 48)}
