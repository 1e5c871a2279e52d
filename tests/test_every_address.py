"""Requests every public path of the URLconf with every kind of value: none may answer 5xx.

Parts of paths and parameters are real ones, nasty ones and made up by hypothesis; so are methods,
bodies and headers. pages/tests/test_bad_input.py goes deeper into single parameters.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as project
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.tests.factories import catalogue
from podcast import bodies
from tests.production import python

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
# What a host sees is tried in desk/tests; here as somebody who hasn't signed in.
PACKAGES = ("pages", "feeds", "ops", "media", "podcast", "desk/publishing", "accounts")
GROUP = re.compile(r"<(?:(?P<kind>\w+):)?\w+>")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
NASTY = [
    "%00", "%ff%fe", "%ed%a0%80", "%25", "%2e%2e%2f", "..%2f..%2fetc%2fpasswd", "-1", "0",
    "9" * 40, "x" * 3000, "%0d%0aSet-Cookie:a=b", "'%20OR%201=1--", "%5c", "(((", "%F0%9F%8E%A7",
    "%22", "%3Cscript%3E", "%C2%B2", "2020-01-01", "25:26:99", ":::", "+", "&", "=", "a:*&|!",
    "{{7*7}}", "%E2%80%AE", "true", "nan", "1e9", "٣", "",
]  # fmt: skip
REAL = {
    "slug": ["1-episode-1", "1-interview-1", "redis", "guest-1", "celery", "best-tips", "thanks",
             "episodes", "indexes"],
    "int": ["1", "0", "99999999999999999999"],
    "timecode": ["25:26", "1h2m3s", "99:99:99", "999999999999"],
    "str": ["1.mp3", "running-in-production-1.mp3", "en"],
    "path": ["audio/x.mp3", "cards/../x", "."],
}  # fmt: skip
VALUES = [
    "django", "redis", "guest-1", "2020", "1", "2", "100", "25:26", "newest", "json", "xml",
    "/podcast/feed.xml", "http://testserver/podcast/1-episode-1", "Best%20tips",
]  # fmt: skip
HEADERS = {
    "If-None-Match": ['W/"1-2-3-5e771465-dev"', "*", '"', "é"],
    "If-Modified-Since": ["Fri, 27 Nov 2026 14:00:00 GMT", "yesterday", "0"],
    "Range": ["bytes=0-", "bytes=5-2", "bytes=-0", "chapters=1", "bytes=0-1,3-4"],
    "If-Range": ['"x"', "Fri, 27 Nov 2026 14:00:00 GMT"],
    "Accept-Encoding": ["gzip", "br;q=0, *", "zstd;q=x", ";;;"],
    "Accept": ["application/json", "*/*", "text/", ""],
    "Content-Type": ["application/json", "multipart/form-data", "text/plain; charset=latin-1"],
    "Cookie": ["sessionid=x; desk=1; browser=x:y:z", "csrftoken=%00", "=;=", "a" * 5000],
    "X-Request-ID": ["x", "0" * 32],
    "X-Forwarded-For": ["203.0.113.7", "unknown, ::1", "%"],
    "X-Forwarded-Proto": ["https", "http, https"],
    "X-Cache-Managed": ["1", "x"],
    "X-Front": ["kept", "x"],
    "Referer": ["http://[", "https://example.org/"],
    "User-Agent": ["", "é" * 100],
    "Authorization": ["Bearer x", "Basic %%%"],
}


def patterns(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """The routes of all addresses but the admin's own, as `path` or `re_path` has them."""
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route
        elif each.app_name != "admin":
            yield from patterns(each, route)


ROUTES = sorted(set(patterns(get_resolver())) | {"admin/", "admin/login/", "static/<path:x>"})


@cache
def parameters() -> list[str]:
    """Every name that the code reads from a query or a form, and what lists are narrowed by."""
    found = {"stack", "not", "guest", "year", "page"}
    for path in (file for name in PACKAGES for file in (ROOT / name).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call | ast.Subscript):
                read = node.func if isinstance(node, ast.Call) else node
                source = ast.unparse(read)
                if re.search(r"\b(GET|POST|query)\b", source):
                    found |= {
                        each.value
                        for each in ast.walk(node)
                        if isinstance(each, ast.Constant) and isinstance(each.value, str)
                    }
    return sorted(name for name in found if re.fullmatch(r"[\w-]{1,30}", name))


def words(kind: str) -> st.SearchStrategy[str]:
    made_up = st.text(max_size=30).map(lambda text: quote(text, "/" if kind == "path" else ""))
    return st.one_of(st.sampled_from(REAL.get(kind, REAL["str"])), st.sampled_from(NASTY), made_up)


def addresses(route: str) -> st.SearchStrategy[str]:
    """Paths of this shape. Of a regular expression, anything: it is the last, or a feed's."""
    if route.startswith("^") or "(?" in route or not route:
        return st.one_of(st.just("/"), words("path").map(lambda path: f"/{path}/feed.xml"),
                         words("path").map(lambda path: f"/{path}"))  # fmt: skip
    parts, at = [], 0
    for group in GROUP.finditer(route):
        parts += [st.just(route[at : group.start()]), words(group["kind"] or "str")]
        at = group.end()
    parts.append(st.just(route[at:]))
    return st.tuples(*parts).map(lambda found: "/" + "".join(found))


queries = st.lists(
    st.tuples(
        st.one_of(
            st.deferred(lambda: st.sampled_from(parameters())),
            st.sampled_from(["stack[]", "", "%00", "x"]),
        ),
        st.one_of(st.sampled_from(VALUES), words("query")),
    ),
    max_size=4,
).map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs))
headers = st.lists(
    st.sampled_from([(name, value) for name, values in HEADERS.items() for value in values]),
    max_size=3,
).map(dict)
few = settings(max_examples=8)


@pytest.fixture
def visitor(db) -> Client:
    """Errors reach the test as they are raised."""
    catalogue(1)
    return Client(raise_request_exception=True)


def test_the_walk_finds_what_there_is():
    assert len(ROUTES) > 50
    assert {"podcast/<slug:slug>", "health", "preview/<str:token>", "media/<path:path>"} <= {
        *ROUTES
    }
    assert {"q", "page", "stack", "not", "guest", "year", "t", "feed", "url", "format", "p"} <= {
        *parameters()
    }


@pytest.mark.parametrize("route", ROUTES)
def test_any_question_is_answered(visitor: Client, route: str):
    @few
    @given(addresses(route), queries, st.sampled_from(METHODS), headers, st.binary(max_size=40))
    def asked(path: str, query: str, method: str, sent: dict[str, str], body: bytes) -> None:
        given: dict[str, Any] = {"headers": dict(sent)}
        kind = given["headers"].pop("Content-Type", "application/x-www-form-urlencoded")
        url = f"{path}?{query}"
        if method in ("GET", "HEAD"):
            answer = visitor.generic(method, url, **given)
        else:
            answer = visitor.generic(method, url, body, content_type=kind, **given)
        whole(answer)
        assert answer.status_code < 500

    asked()


def whole(answer: Any) -> bytes:
    """All of the answer, as a server would send it."""
    return b"".join(answer) if answer.streaming else answer.content


ODD = """
from django.test import RequestFactory
from podcast.wsgi import application
for charset in ("hex", "rot13", "latin-1", "nonsense", "utf-8"):
    kind = f"text/plain; charset={charset}"
    environ = RequestFactory().get("/search?q=x").environ | {"HTTP_HOST": "podcast.example.org"}
    environ |= {"REQUEST_METHOD": "POST", "CONTENT_TYPE": kind}
    b"".join(application(environ, lambda status, headers: print(status[:3])))
"""


def test_encodings_that_are_none_of_text():
    ran = python("-c", ODD, SITE_URL="http://podcast.example.org")
    assert (ran.stdout.split(), ran.returncode) == (["400"] * 4 + ["403"], 0), ran.stderr


def test_bodies_have_a_limit(visitor: Client):
    """What is larger than show notes is refused before it is read, by whoever hasn't signed in."""
    large = b"x=" + b"a" * project.DATA_UPLOAD_MAX_MEMORY_SIZE
    form = "application/x-www-form-urlencoded"
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    once_signed_in = Client(raise_request_exception=False)
    for each in (strict, once_signed_in):
        each.cookies[bodies.COOKIE] = bodies.cookie_value(User.objects.create_user(f"u{id(each)}"))
    assert visitor.generic("POST", "/admin/login/", large, content_type=form).status_code == 413
    assert strict.generic("POST", "/admin/login/", large, content_type=form).status_code == 403
    boundary = "multipart/form-data; boundary=x"
    file = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
    answer = visitor.generic("POST", "/admin/login/", file + large, content_type=boundary)
    assert answer.status_code == 413
    many = "&".join(f"{number}=1" for number in range(project.DATA_UPLOAD_MAX_NUMBER_FIELDS + 2))
    answer = visitor.generic("POST", "/admin/login/", many.encode(), content_type=form)
    assert answer.status_code in (400, 413)
    assert once_signed_in.generic("POST", "/search", large, content_type=form).status_code == 405
    for path in ("/admin/login/", "/search"):
        assert visitor.generic("POST", path, large, content_type=form).status_code == 413
