"""Error pages: what they say, and that they depend on nothing that may be broken."""

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, path

from podcast import errors, urls
from podcast.urls import handler400, handler403, handler404, handler500


def _broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken")


def _forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


urlpatterns: list[URLPattern | URLResolver] = [
    path("broken", _broken),
    path("forbidden", _forbidden),
    *urls.urlpatterns,
]


@pytest.mark.urls(__name__)
def test_500_needs_no_database() -> None:
    assert handler500 == "podcast.errors.server_error"
    response = Client(raise_request_exception=False).get("/broken")
    assert response.status_code == 500
    assert b"Something broke" in response.content


@pytest.mark.urls(__name__)
def test_403_needs_no_database() -> None:
    assert handler403 == "podcast.errors.forbidden"
    response = Client().get("/forbidden")
    assert response.status_code == 403
    assert b"Not allowed" in response.content


def test_400_needs_no_database() -> None:
    assert handler400 == "podcast.errors.bad_request"
    response = Client().get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert b"Bad request" in response.content


@pytest.mark.django_db
def test_404_follows_redirects() -> None:
    assert handler404 == "podcast.errors.not_found"
    response = errors.not_found(RequestFactory().get("/podcast/index.html"), Http404())
    assert (response.status_code, response.headers["Location"]) == (301, "/podcast/")
    assert errors.not_found(RequestFactory().get("/stack/nothing"), Http404()).status_code == 404


PLAIN = ["400.html", "403.html", "403_csrf.html", "500.html", "maintenance.html"]


@pytest.mark.parametrize("name", PLAIN)
def test_plain_pages_have_the_sites_look_and_depend_on_nothing(name: str) -> None:
    """No database, no context, and only files that exist."""
    html = render_to_string(name)
    (title,) = re.findall(r"<h1>(.+)</h1>", html)
    assert f"<title>{title}</title>" in html
    assert '<meta name="robots" content="noindex">' in html
    assert '<header class="site-header">' in html
    files = re.findall(r'(?:href|src)="/static/([^"]+)"', html)
    assert "css/site.css" in files
    assert [file for file in files if finders.find(file) is None] == []
    assert "<script" not in html
    assert " style=" not in html


def test_maintenance_is_a_static_file() -> None:
    source = (settings.BASE_DIR / "templates" / "maintenance.html").read_text()
    assert "{%" not in source
    assert "{{" not in source
    head = source.partition("</header>")[0].partition("<title>")[0]
    assert head == render_to_string("500.html").partition("<title>")[0]


def test_an_expired_form_gets_a_page_in_the_sites_look(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "host"})
    assert response.status_code == 403
    assert "Please send the form again" in response.content.decode()
