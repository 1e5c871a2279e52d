"""Addresses: which can be linked, which are the same, and how people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.urls import display_url, is_web_url, name_from_url, url_key

PIECES = ["http", "https", "://", ":", "/", "//", "@", "?", "#", "[", "]", "..", ".", "example.com"]
addresses = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(PIECES) | st.characters(), max_size=8).map("".join),
    st.text(max_size=20).map("https://example.com/{}".format),
)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "HTTPS://Example.com/",
        "http://www.orangepi.org/",
        "https://example.com:8000/a?b=c#d",
        "https://例え.jp/",
        "https://192.0.2.1/",
        "https://user@example.com/",
        "https://en.wikipedia.org/wiki/Smoke_testing_(software)",
    ],
)
def test_web_addresses(url):
    assert is_web_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "", "example.com", "//example.com", "/podcast/1", "mailto:a@example.com", "ftp://example.com",
        "javascript://example.com/%0aalert(1)", "https://", "https://localhost/", "https://.",
        "https://..", "https://example..com", "https://.com", "https://a.b@localhost/",
        "https://exam ple.com/", "https://example.com/\n", "https://example.com:port/",
        "https://[", "https://[::1]/", "https://exa<mple.com", "https://example.com\\@evil.com/",
    ],
)  # fmt: skip
def test_no_web_addresses(url):
    assert not is_web_url(url)


@given(addresses)
def test_any_text_can_be_asked(text):
    assert display_url(text) in text
    if is_web_url(text):
        other = text[4:].lstrip("sS")
        assert url_key(f"http{other}") == url_key(f"https{other}") == url_key(text)
    else:
        assert url_key(text) == text.strip()


@pytest.mark.parametrize(
    "urls",
    [
        ("https://example.com", "http://example.com/", "https://www.Example.com:443"),
        ("https://example.com/a", "https://example.com/a/?utm_source=x&utm_medium=y"),
        ("https://example.com/?b=c", "https://example.com/?b=c&fbclid=1"),
    ],
)
def test_one_page(urls):
    assert len({url_key(url) for url in urls}) == 1


def test_different_pages():
    urls = [
        "https://example.com/", "https://example.com/a", "https://example.com/A",
        "https://example.com/?a=b", "https://example.com/#a", "https://example.com:8000/",
        "https://sub.example.com/", "mailto:ann@example.com",
    ]  # fmt: skip
    assert len({url_key(url) for url in urls}) == len(urls)


def test_what_is_shown():
    assert display_url("https://www.gyford.com/") == "gyford.com"
    assert display_url("http://example.com/a/b?c") == "example.com/a/b?c"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://github.com/celery/celery", "celery"),
        ("https://github.com/jschneier/django-storages/tree/master", "django-storages"),
        ("https://gitlab.com/pgjones/quart.git", "quart"),
        ("https://pypi.org/project/requests/", "requests"),
        ("https://www.npmjs.com/package/@hotwired/turbo", "turbo"),
        ("https://django-storages.readthedocs.io/en/latest/", "django-storages"),
        ("https://github.com/celery", "github.com"),
        ("https://gunicorn.org/", "gunicorn"),
        ("https://docs.graphene-python.org/projects/django/en/latest/", "graphene-python"),
        ("https://flask.palletsprojects.com/en/1.1.x/", "flask"),
        ("https://aws.amazon.com/sdk-for-ruby/", "aws-sdk-for-ruby"),
        ("https://aws.amazon.com/", "aws"),
        ("https://www.ko-fi.com/", "ko-fi"),
        ("https://developer.example.co.uk/x", "example"),
        ("https://docs.dev/", "docs"),
        ("https://docs.rs/serde/latest/serde/", "serde"),
        ("https://hexdocs.pm/phoenix/Phoenix.html", "phoenix"),
        ("https://crates.io/crates/tokio", "tokio"),
        ("https://codeberg.org/forgejo/forgejo", "forgejo"),
        ("https://twbs.github.io/bootstrap/", "bootstrap"),
        ("https://twbs.github.io", "twbs"),
        ("https://en.flower.readthedocs.io/", "flower"),
        ("http://127.0.0.1/x", "127.0.0.1"),
        ("localhost", "localhost"),
    ],
)
def test_a_library_s_name(url, name):
    assert name_from_url(url) == name
