"""No input of a visitor causes a 5xx."""

from itertools import product
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pages.tests.factories import catalogue

READ = {  # what each page reads of its address
    "/": ["utm_source"],
    "/podcast/": ["stack", "not", "guest", "year", "page"],
    "/podcast/1-episode-1": ["t"],
    "/interviews/": ["page"],
    "/stack/redis": ["page"],
    "/stack/mine": ["stack"],
    "/follow": ["feed"],
    "/guests/": ["page"],
    "/libraries/": ["page"],
    "/guests/guest-1": ["page"],
    "/search": ["q", "page", "sort", "exact"],
    "/search.json": ["q", "page"],
    "/search/suggest": ["q"],
    "/search/suggest.json": ["q"],
    "/sitemap-episodes.xml": ["p"],
    "/nowhere": ["q"],
}
PATHS = list(READ)
PARAMETERS = [
    "stack",
    "not",
    "guest",
    "year",
    "page",
    "t",
    "q",
    "p",
    "feed",
    "utm_source",
    "stack[]",
]
NASTY = [
    "", "%00", "%ff%fe", "%ed%a0%80", "-1", "0", "9" * 40, "1" * 5000, "x" * 20_000, "1.5", "nan",
    "%0d%0aSet-Cookie:a=b", "'; DROP TABLE x; --", "%", "%zz", "../../etc/passwd", "\\", "(((",
    "🎧", "a:*&|!", '"', "<script>", "²", "１", "2020-01-01", "25:26:99", ":::", "+", "&", "=",
]  # fmt: skip

random_examples = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
words = st.one_of(st.sampled_from(NASTY), st.text(max_size=40).map(lambda text: quote(text, "")))


@pytest.fixture
def visitor(db) -> Client:
    catalogue(1)
    return Client(raise_request_exception=True)


@pytest.mark.slow
def test_nasty_values(visitor: Client, subtests: pytest.Subtests) -> None:
    for path, parameters in READ.items():
        for parameter, value in product(parameters, NASTY):
            with subtests.test(f"{path}?{parameter}={value[:40]}"):
                assert visitor.get(f"{path}?{parameter}={value}").status_code < 500


@given(st.sampled_from(PATHS), st.lists(st.tuples(st.sampled_from(PARAMETERS), words), max_size=5))
@random_examples
def test_any_query(visitor: Client, path: str, pairs: list[tuple[str, str]]) -> None:
    query = "&".join(f"{name}={value}" for name, value in pairs)
    assert visitor.get(f"{path}?{query}").status_code < 500


@pytest.mark.parametrize("start", ["", "/podcast", "/stack", "/guests", "/tags", "/audio"])
@given(parts=st.lists(words, max_size=4))
@settings(max_examples=30)
def test_any_path(visitor: Client, start: str, parts: list[str]) -> None:
    path = start + "/" + "/".join(parts)
    assert visitor.get(path.partition("?")[0]).status_code < 500


# A browser asks by OPTIONS before a script elsewhere may read a part of them.
OPEN_TO_SCRIPTS = {"/search.json", "/audio/1.mp3"}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_other_methods_are_refused(visitor: Client, subtests: pytest.Subtests, method: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    for path in (*PATHS, "/37", "/audio/1.mp3"):
        is_preflight = method == "OPTIONS" and path in OPEN_TO_SCRIPTS
        refusals = (204,) if is_preflight else (403, 405)
        with subtests.test(path):
            assert visitor.generic(method, path, b"a=b").status_code == refusals[-1]
            assert strict.generic(method, path, b"a=b").status_code in refusals


def test_head_is_get_without_a_body(visitor: Client, subtests: pytest.Subtests) -> None:
    for path in PATHS:
        with subtests.test(path):
            head, get = visitor.head(path), visitor.get(path)
            assert head.status_code == get.status_code
            assert head.content == b""


@pytest.mark.parametrize("name", ["evil.example", "a b", "", "xn--", "[", "a" * 400])
def test_a_wrong_host_is_a_bad_request(visitor: Client, name: str) -> None:
    response = visitor.get("/", headers={"host": name})
    assert response.status_code == 400 or not name
    assert response.status_code < 500
