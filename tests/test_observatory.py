"""Every kind of page has the top grade of HTTP Observatory."""

import json
from http.cookies import SimpleCookie

import pytest

from episodes.tests.factories import episode, show
from tests.observatory import BASE, Page, csp, grade, modifiers, parsed, score
from tests.production import database_url, python

PATHS = (
    "/", "/podcast/", "/podcast/1-one", "/search?q=one", "/colophon", "/admin/login/", "/nowhere",
)  # fmt: skip
ASK = """
import django, json, sys
django.setup()
from django.conf import settings
from django.test import Client
settings.STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
responses = {}
for path in json.loads(sys.argv[1]):
    client = Client(headers={"host": "podcast.example.org"})
    secure, plain = client.get(path, secure=True), client.get(path)
    responses[path] = {
        "headers": dict(secure.headers), "body": secure.content.decode(),
        "cookies": secure.cookies.output(header=""), "redirect": plain.headers["Location"],
    }
print(json.dumps(responses))
"""


def test_every_page_has_the_top_grade(transactional_db, subtests: pytest.Subtests):
    show()
    episode("One", 1)
    ran = python("-c", ASK, json.dumps(PATHS), DATABASE_URL=database_url(), LOG_LEVEL="ERROR")
    assert ran.returncode == 0, ran.stderr
    responses = json.loads(ran.stdout)
    for path in PATHS:
        cookies = SimpleCookie(responses[path].pop("cookies"))
        page = Page(url=f"https://podcast.example.org{path}", cookies=cookies, **responses[path])
        found = modifiers(page)
        with subtests.test(path):
            assert [name for name, value in found.items() if value < 0] == []
            assert score(found) >= BASE + 20
            assert grade(score(found)) == "A+"
        if path == "/admin/login/":
            assert "__Host-csrftoken" in cookies  # so there are cookies to be tested


@pytest.mark.parametrize(
    ("policy", "points"),
    [
        ("", -25),
        ("default-src 'none'; form-action 'none'", 10),
        ("default-src 'self'", 5),
        ("default-src 'self'; style-src 'self' 'unsafe-inline'", 0),
        ("default-src 'self'; script-src 'self' 'unsafe-inline'", -20),
        ("default-src 'self'; script-src https:", -20),
        ("img-src 'self'", -20),
        ("default-src 'self'; script-src 'self' 'unsafe-eval'", -10),
        ("default-src 'self'; img-src http:", -10),
        ("default-src 'self'; connect-src http://example.org", -20),
    ],
)
def test_the_scale_is_the_published_one(policy: str, points: int):
    assert csp(parsed(policy)) == points


def test_bonuses_count_from_ninety():
    assert score({"a": -10, "b": 15}) == 105
    assert score({"a": -15, "b": 15}) == 85
    assert (grade(105), grade(95), grade(85), grade(20)) == ("A+", "A", "A-", "F")
