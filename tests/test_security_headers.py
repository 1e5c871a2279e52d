"""The security headers of every response."""

import json

import pytest
from django.test import Client

from episodes.tests import factories
from tests.production import python

PAGES = (
    "/",
    "/podcast/",
    "/podcast/feed.xml",
    "/health",
    "/admin/login/",
    "/nothing-here",
    "/robots.txt",
)

BY_HTTPS = """
import django, json
django.setup()
from django.test import Client
client = Client(headers={"host": "podcast.example.org"})
plain, secure = client.get("/podcast/"), client.get("/health", secure=True)
found = {"status": plain.status_code, "to": plain["Location"], "secure": dict(secure.headers)}
print(json.dumps(found))
"""


@pytest.fixture(autouse=True)
def _site(db) -> None:
    factories.show()
    factories.episode()


def directives(policy: str) -> dict[str, set[str]]:
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name: set(sources) for name, *sources in parts}


@pytest.mark.parametrize("url", PAGES)
def test_headers_of_every_page(client: Client, url: str):
    headers = client.get(url).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers
    assert directives(headers["Content-Security-Policy"]) == {
        "default-src": {"'self'"},
        "img-src": {"'self'", "https:"},
        "media-src": {"'self'", "https:"},
        "object-src": {"'none'"},
        "base-uri": {"'none'"},
        "form-action": {"'self'"},
        "frame-ancestors": {"'none'"},
    }


@pytest.mark.parametrize("url", ["/", "/podcast/", "/podcast/feed.xml", "/nothing-here"])
def test_public_pages_have_no_cookies(host: Client, url: str):
    response = host.get(url)
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_https_is_enforced():
    ran = python("-c", BY_HTTPS)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert found["status"] == 301
    assert found["to"] == "https://podcast.example.org/podcast/"
    hsts = found["secure"]["Strict-Transport-Security"]
    assert hsts == "max-age=31536000"


def test_hsts_includes_subdomains_only_where_asked_for():
    asked = {"SECURE_HSTS_INCLUDE_SUBDOMAINS": "1", "SECURE_HSTS_PRELOAD": "1"}
    ran = python("-c", BY_HTTPS, **asked)
    hsts = json.loads(ran.stdout)["secure"]["Strict-Transport-Security"]
    assert hsts == "max-age=31536000; includeSubDomains; preload"


def test_a_foreign_host_is_refused(client: Client):
    assert client.get("/", headers={"host": "evil.example.com"}).status_code == 400
